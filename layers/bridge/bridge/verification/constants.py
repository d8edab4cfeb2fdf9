"""What a source says beside its scheme: `{const:name}` becomes the constant of that name.

`{const:name.part}` becomes a part of it, which the preset's form of the constant names.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bridge.errors import InvalidPropertyError

_CONSTANT = re.compile(r"\{const:([^{}]*)\}")
# Where a constant is a part of a pattern, and matches itself alone.
_PATTERNS = frozenset({"allow", "subject", "issuers", "pattern"})
# Where a constant is a part of a URL. It may name a host, a label or a step of the path: whatever
# begins another part of a URL (RFC 3986, 2.2) or leads up its path is not allowed.
_URLS = frozenset({"jwks_url", "base"})
_PART_OF_URL = re.compile(r"[A-Za-z0-9_~-]+(\.[A-Za-z0-9_~-]+)*")


@dataclass
class Constants:
    """The `Constants` of one source, put in wherever its preset or scheme names them.

    Attributes:
        given: as somebody wrote them.
        known: those of the preset, with where they are found.
        forms: patterns for some of the preset's; the groups that they name are parts.
    """

    given: Mapping[str, str]
    known: Mapping[str, str]
    forms: Mapping[str, str] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)

    def fill(self, node: Any) -> Any:
        """The same document with every constant in its place.

        Raises:
            InvalidPropertyError: one is missing, or cannot stand where it is wanted.
        """
        return self._fill(node, "")

    def _fill(self, node: Any, property_: str) -> Any:
        match node:
            case str():
                return _CONSTANT.sub(lambda found: self._fitting(found[1], property_), node)
            case dict():
                return {name: self._fill(inner, name) for name, inner in node.items()}
            case tuple() | list():
                return tuple(self._fill(inner, property_) for inner in node)
        return node

    def check_all_used(self) -> None:
        """Refuse a constant that nothing names: it is a mistake of whoever wrote it."""
        for name in self.given:
            if name not in self._used:
                known = ", ".join(self.known) or "none"
                raise InvalidPropertyError(
                    f"Constants.{name}", f"nothing needs it; there is {known}"
                )

    def _fitting(self, reference: str, property_: str) -> str:
        """A constant as it is written in a property."""
        text = self._value(reference)
        if property_ in _PATTERNS:
            return re.escape(text)
        if property_ in _URLS and not _PART_OF_URL.fullmatch(text):
            raise InvalidPropertyError(
                f"Constants.{reference}", "must be a host, or a part of one or of a path"
            )
        return text

    def _value(self, reference: str) -> str:
        name, _, part = reference.partition(".")
        if name not in self.forms:
            name, part = reference, ""
        self._used.add(name)
        found = self.given.get(name, "")
        hint = f": {self.known[name]}" if name in self.known else ""
        if not found:
            raise InvalidPropertyError(f"Constants.{name}", f"is required{hint}")
        if "{" in found or "}" in found:
            raise InvalidPropertyError(f"Constants.{name}", "must hold no brace")
        if name not in self.forms:
            return found
        formed = re.fullmatch(self.forms[name], found)
        if formed is None:
            raise InvalidPropertyError(f"Constants.{name}", f"has another form{hint}")
        return formed[part] if part else found
