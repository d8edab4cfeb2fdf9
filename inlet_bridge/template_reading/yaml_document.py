"""A template as it was read from YAML: its values, and the line of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

type Steps = tuple[str, ...]
"""The names and positions that lead to a value."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a value is.

    Attributes:
        line: from 1.
        read: the text that YAML reads; None for a list or an object.
        after: what follows on the line.
        quoted: whether YAML removes quotes around it.
        block: such as `|` or `>-`, after which the lines below it are a text; else empty.
        function: of CloudFormation that gives the value; None for a value that is written out.
    """

    line: int
    read: str | None = None
    after: str = ""
    quoted: bool = False
    block: str = ""
    function: Mapping[str, Any] | None = None


class NamePosition(NamedTuple):
    """Where a name of an object begins: its line from 1, its column from 0."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Document:
    """A template; scalars are texts, numbers or booleans, and functions have their full names.

    Attributes:
        positions: of each value.
        names: where the name of each value is, except for items of lists.
    """

    file: Path
    content: Any
    positions: Mapping[Steps, Position]
    names: Mapping[Steps, NamePosition]

    def line(self, steps: Steps) -> int:
        """The line of a value, or of what contains it."""
        while steps and steps not in self.positions:
            steps = steps[:-1]
        return self.positions[steps].line if steps in self.positions else 1


def deepest(positions: Mapping[Steps, Position], path: str, reason: str) -> Steps:
    """The steps to the property that an error names, or to what contains it."""
    more = reason.partition(": ")[0]
    by_text = {".".join(steps): steps for steps in positions}
    text = f"{path}.{more}"
    while text:
        if text in by_text:
            return by_text[text]
        text = text.rpartition(".")[0]
    return ()
