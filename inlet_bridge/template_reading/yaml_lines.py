"""The lines of a YAML file with content, and what is wrong with one of them."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is wrong with a line.

    Attributes:
        line: from 1.
        reason: a sentence without a subject that names the likely cause.
        hint: the way out; a sentence.
    """

    line: int
    reason: str
    hint: str


def line_before(lines: Sequence[str], index: int) -> tuple[int, str]:
    """The number of the last line with content above a line, and its content; 0 and "" for none."""
    before = content_before(lines, index)
    return (0, "") if before is None else (before + 1, lines[before].strip())


def spaces(count: int) -> str:
    """Such as `1 space` and `2 spaces`."""
    return "1 space" if count == 1 else f"{count} spaces"


def content_before(lines: Sequence[str], index: int) -> int | None:
    """The position of the last line with content above a line; None for none."""
    for position in range(index - 1, -1, -1):
        text = lines[position].strip()
        if text and not text.startswith("#"):
            return position
    return None


def column_of(line: str) -> int:
    """How many spaces a line begins with."""
    return len(line) - len(line.lstrip(" "))
