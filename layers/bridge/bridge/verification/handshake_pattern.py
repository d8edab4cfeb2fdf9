"""Check that a handshake cannot sign the content of a webhook, and so forge one.

The intersection of two regular expressions of `re` cannot be decided in general, so the pattern
of a handshake with `{mac:…}` is restricted to characters, sets and their repetitions.
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
# JSON objects, lists and XML elements begin with one of the first three; a form contains one of
# the last two if it has two fields, or anything but letters and digits in one.
_BODY_CHARACTERS: Final = "{[<&%"
# Minimum length of a token's value: `https://a/`, ten digits since 2001, `GET`.
_MIN_LENGTHS: Final = {"url": 10, "timestamp": 10, "method": 3, "body": 2, "secret": 1}
# Several lines of names and values: method, path and headers, or the fields of a message.
_MIN_CANONICAL_LENGTH: Final = 50


@dataclass(frozen=True, slots=True)
class RestrictedPattern:
    """The characters that a pattern can match, and the maximum length of a match."""

    elements: tuple[re.Pattern[str], ...]
    max_length: float

    def allows(self, character: str) -> bool:
        """Whether a match can contain a character."""
        return any(element.fullmatch(character) for element in self.elements)


def parse_pattern(text: str) -> RestrictedPattern:
    """Parse a pattern of characters, sets and repetitions.

    Raises:
        ValueError: it has anything else, such as a group or an alternative.
    """
    elements, max_length, position = [], 0.0, 0
    while position < len(text):
        found = _ELEMENT.match(text, position)
        if found is None:
            raise ValueError("must consist of characters and sets, such as [a-f0-9]{20,32}")
        try:
            elements.append(re.compile(found["one"], re.DOTALL))
        except re.error:
            raise ValueError("has an invalid set") from None
        max_length += _max_repetitions(found["times"] or "")
        position = found.end()
    return RestrictedPattern(tuple(elements), max_length)


def can_match_content(pattern: RestrictedPattern, scheme: Scheme) -> bool:
    """Whether the pattern can match what the scheme signs of a genuine webhook."""
    match scheme.family:
        case "mac" if scheme.content_pattern:
            return pattern.max_length >= _min_match_length(scheme.content_pattern)
        case "mac":
            templates = (scheme.content, *scheme.or_content)
            return any(_can_match_template(pattern, template) for template in templates)
        case "jwt":
            return pattern.allows(".")  # Between header and claims (RFC 7515, 7.1).
        case _:
            return False  # Nothing is signed with a shared secret.


def _can_match_template(pattern: RestrictedPattern, template: str) -> bool:
    parts = parse_content(template)
    literals = "".join(part.decode() for part in parts if isinstance(part, bytes))
    required = [*literals, *_required_characters(parts)]
    if not all(map(pattern.allows, required)):
        return False
    if "body" in parts and not any(map(pattern.allows, _BODY_CHARACTERS)):
        return False
    return pattern.max_length >= len(literals) + sum(map(_min_length, parts))


def _required_characters(parts: tuple[bytes | str, ...]) -> Iterator[str]:
    """Characters that the value of a token always contains."""
    if "url" in parts:
        yield from ":/"
    if any(isinstance(part, str) and part.startswith("canonical:") for part in parts):
        yield "\n"


def _min_length(part: bytes | str) -> int:
    if isinstance(part, bytes) or part.endswith("?") or part == "form_sorted":
        return 0
    return _MIN_CANONICAL_LENGTH if part.startswith("canonical:") else _MIN_LENGTHS.get(part, 1)


def _min_match_length(pattern: str) -> int:
    return sum(_min_repetitions(found["times"] or "") for found in _ELEMENT.finditer(pattern))


def _max_repetitions(times: str) -> float:
    if times in {"", "?"}:
        return 1
    if times in {"*", "+"} or times.endswith(",}"):
        return math.inf
    return int(times.strip("{}").rpartition(",")[2])


def _min_repetitions(times: str) -> int:
    if times in {"*", "?"}:
        return 0
    return int(times.strip("{}").partition(",")[0]) if times.startswith("{") else 1
