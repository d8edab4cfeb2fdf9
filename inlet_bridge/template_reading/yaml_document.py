"""A template as it was read from YAML: its values, and the line of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

type Steps = tuple[str, ...]
"""The names and positions that lead to a value."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value is.

    Attributes:
        line: from 1.
        read: the text that YAML reads; None for a list or an object.
        after: what follows on the line.
        quoted: whether YAML removes quotes around it.
    """

    line: int
    read: str | None = None
    after: str = ""
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A template; scalars are texts, numbers or booleans, and functions have their full names."""

    file: Path
    content: Any
    places: Mapping[Steps, Place]

    def line(self, steps: Steps) -> int:
        """The line of a value, or of what contains it."""
        while steps and steps not in self.places:
            steps = steps[:-1]
        return self.places[steps].line if steps in self.places else 1
