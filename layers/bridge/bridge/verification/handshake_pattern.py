"""Can what a handshake signs be what a webhook signs? Then the handshake would forge webhooks.

Whether two patterns of `re` meet cannot be told in general, so the pattern beside `{mac:…}` is
written in a part of its language for which it can: characters, sets and their repetitions.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bridge.verification.schemes import Scheme
from bridge.verification.signed_content import parse_content

_ELEMENT: Final = re.compile(
    r"(?P<one>\[\^?\]?(?:\\.|[^\]\\])*\]|\\[dDwWsS]|\\[^A-Za-z0-9]|[^\\\[\](){}|*+?^$])"
    r"(?P<times>[*+?]|\{\d+(?:,\d*)?\})?"
)
# An object, a list and an element of XML begin with one of these; a form has one of the last two
# as soon as it has two fields, or anything but letters and digits in one.
_OF_BODIES: Final = "{[<&%"
# The least that stands for a token: `https://a/`, ten digits since 2001, `GET`.
_LEAST: Final = {"url": 10, "timestamp": 10, "method": 3, "body": 2, "secret": 1}
# Names and values of several lines: method, path and headers, or the fields of a message.
_LEAST_CANONICAL: Final = 50


@dataclass(frozen=True, slots=True)
class PatternLanguage:
    """What a pattern can match: its characters, and how many of them at most."""

    elements: tuple[re.Pattern[str], ...]
    longest: float

    def has(self, character: str) -> bool:
        """Whether a match can hold a character."""
        return any(element.fullmatch(character) for element in self.elements)


def pattern_language(pattern: str) -> PatternLanguage:
    """Read a pattern that is made of characters, sets and repetitions.

    Raises:
        ValueError: it has anything else, such as a group or a choice.
    """
    elements, longest, position = [], 0.0, 0
    while position < len(pattern):
        found = _ELEMENT.match(pattern, position)
        if found is None:
            raise ValueError("must be made of characters and sets, such as [a-f0-9]{20,32}")
        try:
            elements.append(re.compile(found["one"], re.DOTALL))
        except re.error:
            raise ValueError("has a set that is none") from None
        longest += _most(found["times"] or "")
        position = found.end()
    return PatternLanguage(tuple(elements), longest)


def overlaps(language: PatternLanguage, scheme: Scheme) -> bool:
    """Whether a match of the pattern can be what the scheme signs of a genuine webhook."""
    match scheme.family:
        case "mac" if scheme.content_pattern:
            return language.longest >= _shortest(scheme.content_pattern)
        case "mac":
            templates = (scheme.content, *scheme.or_content)
            return any(_can_meet(language, template) for template in templates)
        case "jwt":
            return language.has(".")  # Between header and claims (RFC 7515, 7.1).
        case _:
            return False  # Nothing is signed with a shared secret.


def _can_meet(language: PatternLanguage, template: str) -> bool:
    parts = parse_content(template)
    literals = "".join(part.decode() for part in parts if isinstance(part, bytes))
    marks = [*literals, *_marks(parts)]
    if not all(language.has(character) for character in marks):
        return False
    if "body" in parts and not any(language.has(character) for character in _OF_BODIES):
        return False
    return language.longest >= len(literals) + sum(map(_least, parts))


def _marks(parts: tuple[bytes | str, ...]) -> Iterator[str]:
    """Characters that a token always holds."""
    if "url" in parts:
        yield from ":/"
    if any(isinstance(part, str) and part.startswith("canonical:") for part in parts):
        yield "\n"


def _least(part: bytes | str) -> int:
    if isinstance(part, bytes) or part.endswith("?") or part == "form_sorted":
        return 0
    return _LEAST_CANONICAL if part.startswith("canonical:") else _LEAST.get(part, 1)


def _shortest(pattern: str) -> int:
    return sum(_fewest(found["times"] or "") for found in _ELEMENT.finditer(pattern))


def _most(times: str) -> float:
    if times in {"", "?"}:
        return 1
    if times in {"*", "+"} or times.endswith(",}"):
        return math.inf
    return int(times.strip("{}").rpartition(",")[2])


def _fewest(times: str) -> int:
    if times in {"*", "?"}:
        return 0
    return int(times.strip("{}").partition(",")[0]) if times.startswith("{") else 1
