"""Checks that the rules of all families need."""

import re
from collections.abc import Callable, Iterable

from bridge.errors import InvalidPropertyError
from bridge.verification.extractors import parse_extractor


def check_seconds(path: str, seconds: int | None) -> None:
    """A tolerance. Raises InvalidPropertyError."""
    if seconds is not None and seconds < 0:
        raise InvalidPropertyError(path, "must be 0 or more, or none")


def check_extractors(path: str, places: Iterable[str]) -> None:
    """At least one place. Raises InvalidPropertyError."""
    empty = True
    for place in places:
        empty = False
        parsed(path, parse_extractor, place)
    if empty:
        raise InvalidPropertyError(path, "is required, such as header:x-signature")


def pattern(text: str) -> re.Pattern[str]:
    """A pattern of `re`. Raises ValueError."""
    try:
        return re.compile(text)
    except (re.error, OverflowError, RecursionError) as exc:
        raise ValueError(f"is no pattern: {exc}") from exc


def parsed[Parsed](path: str, parse: Callable[[str], Parsed], text: str) -> Parsed:
    """What a property holds, parsed. Raises InvalidPropertyError."""
    try:
        return parse(text)
    except ValueError as exc:
        raise InvalidPropertyError(path, str(exc)) from exc
