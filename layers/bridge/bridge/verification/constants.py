"""Replace `{const:name}` in a scheme by the source's constant of that name.

`{const:name.part}` is replaced by a named group of the preset's pattern for the constant.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bridge.errors import InvalidPropertyError

_CONSTANT = re.compile(r"\{const:([^{}]*)\}")
# Properties that are patterns: a constant is escaped there.
_PATTERNS = frozenset({"allow", "subject", "issuers", "pattern"})
# Properties that are URLs. A constant may be a host, a label or a path segment: delimiters
# (RFC 3986, 2.2) and `..` are not allowed.
_URLS = frozenset({"jwks_url", "base"})
_PART_OF_URL = re.compile(r"[A-Za-z0-9_~-]+(\.[A-Za-z0-9_~-]+)*")


@dataclass
class Constants:
    """The `Constants` of one source, for the references in its preset or scheme.

    Attributes:
        given: as in the template.
        known: those of the preset, each with where to find it.
        forms: patterns for some of the preset's; their named groups are parts.
    """

    given: Mapping[str, str]
    known: Mapping[str, str]
    forms: Mapping[str, str] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)

    def fill(self, node: Any) -> Any:
        """A copy of the document with every reference replaced.

        Raises:
            InvalidPropertyError: a constant is missing, or not allowed where it is used.
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
        """Reject constants without a reference. Raises InvalidPropertyError."""
        for name in self.given:
            if name not in self._used:
                known = ", ".join(self.known) or "none"
                raise InvalidPropertyError(
                    f"Constants.{name}", f"is not used; known constants: {known}"
                )

    def _fitting(self, reference: str, property_: str) -> str:
        """The constant, escaped or checked as the property requires."""
        text = self._value(reference)
        if property_ in _PATTERNS:
            return re.escape(text)
        if property_ in _URLS and not _PART_OF_URL.fullmatch(text):
            raise InvalidPropertyError(
                f"Constants.{reference}", "must be a host, a part of a host or a path segment"
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
            raise InvalidPropertyError(f"Constants.{name}", "must not contain braces")
        if name not in self.forms:
            return found
        formed = re.fullmatch(self.forms[name], found)
        if formed is None:
            raise InvalidPropertyError(f"Constants.{name}", f"has the wrong format{hint}")
        return formed[part] if part else found
