"""What a source says beside its scheme: `{const:name}` becomes the constant of that name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bridge.errors import InvalidPropertyError

_CONSTANT = re.compile(r"\{const:([^{}]*)\}")


@dataclass
class Constants:
    """The `Constants` of one source, put in wherever its preset or scheme names them.

    Attributes:
        given: as somebody wrote them.
        known: those of the preset, with where they are found.
    """

    given: Mapping[str, str]
    known: Mapping[str, str]
    _used: set[str] = field(default_factory=set)

    def fill(self, node: Any) -> Any:
        """The same document with every constant in its place.

        Raises:
            InvalidPropertyError: one is missing, or cannot stand where it is wanted.
        """
        match node:
            case str():
                return _CONSTANT.sub(lambda found: self._value(found[1]), node)
            case dict():
                return {name: self.fill(inner) for name, inner in node.items()}
            case tuple() | list():
                return tuple(self.fill(inner) for inner in node)
        return node

    def check_all_used(self) -> None:
        """Refuse a constant that nothing names: it is a mistake of whoever wrote it."""
        for name in self.given:
            if name not in self._used:
                known = ", ".join(self.known) or "none"
                raise InvalidPropertyError(
                    f"Constants.{name}", f"nothing needs it; there is {known}"
                )

    def _value(self, name: str) -> str:
        self._used.add(name)
        found = self.given.get(name, "")
        if not found:
            hint = f": {self.known[name]}" if name in self.known else ""
            raise InvalidPropertyError(f"Constants.{name}", f"is required{hint}")
        if "{" in found or "}" in found:
            raise InvalidPropertyError(f"Constants.{name}", "must hold no brace")
        return found
