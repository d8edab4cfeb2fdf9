"""Hide what may be a secret in a text about a line that YAML does not read as it is meant."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from inlet_bridge.template_reading.errors import ResourceError

_NAME: Final = re.compile(r"\b(?:(?:Handshake)?Secrets?|PathTokens?|Credentials?)\b")
_WORD: Final = re.compile(r"""[^\s"'\\\[\]{},]+""")
_AROUND_A_WORD: Final = "-:!@%*&|>`"
_SHORTEST: Final = 4
_REFERENCE: Final = "/"
_HIDDEN: Final = "…"


def error_at(file: Path, lines: Sequence[str], index: int, reason: str, hint: str) -> ResourceError:
    """The error about a line, without what may be a secret there; arguments as below."""
    reason, hint = (_without_secrets(each, lines, index) for each in (reason, hint))
    return ResourceError(f"{file}:{index + 1}: {reason}", hint=hint)


def _without_secrets(text: str, lines: Sequence[str], index: int) -> str:
    """A text, with `…` in place of what may be the secret itself instead of its name.

    Args:
        text: about the line.
        lines: of the file.
        index: of the line, from 0.
    """
    for word in sorted(_words(lines, index), key=len, reverse=True):
        text = text.replace(word, _HIDDEN)
    return text


def _words(lines: Sequence[str], index: int) -> Iterator[str]:
    """The words after the name of a property of secrets; of an item, all words."""
    if not 0 <= index < len(lines):
        return
    line = lines[index]
    name = _NAME.search(line)
    if name is None and not _is_within(lines, index):
        return
    for found in _WORD.findall(line[name.end() :] if name else line):
        word = found.strip(_AROUND_A_WORD)
        if not word.startswith(_REFERENCE):
            # Of `a:b`, what is before the colon may be taken for a name.
            yield from (each for each in (word, *word.split(":")) if len(each) >= _SHORTEST)


def _is_within(lines: Sequence[str], index: int) -> bool:
    """Whether a line is below such a name."""
    column, is_item = _column(lines[index]), _is_item(lines[index])
    for line in reversed(lines[:index]):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        above = _column(line)
        if above > column or (above == column and (_is_item(line) or not is_item)):
            continue
        if _NAME.search(text):
            return True
        if not _is_item(line):
            return False
        column, is_item = above, True
    return False


def _column(line: str) -> int:
    return len(line) - len(line.lstrip())


def _is_item(line: str) -> bool:
    return line.lstrip().startswith("-")
