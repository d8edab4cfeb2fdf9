"""Checks that the rules of all scheme families share."""

import re
from collections.abc import Callable, Sequence

from bridge.errors import InvalidPropertyError
from bridge.verification.extractors import parse_extractor


def check_seconds(path: str, seconds: int | None) -> None:
    """Check a tolerance. Raises InvalidPropertyError."""
    if seconds is not None and seconds < 0:
        raise InvalidPropertyError(path, "must be 0 or more, or none")


def check_extractors(path: str, extractors: Sequence[str]) -> None:
    """Check one or more extractors. Raises InvalidPropertyError."""
    for extractor in extractors:
        parse_property(path, parse_extractor, extractor)
    if not extractors:
        raise InvalidPropertyError(path, "is required, such as header:x-signature")


def compile_pattern(text: str) -> re.Pattern[str]:
    """Compile a regular expression. Raises ValueError."""
    try:
        return re.compile(text)
    except (re.error, OverflowError, RecursionError) as exc:
        raise ValueError(f"is not a regular expression: {exc}") from exc


def parse_property[Parsed](path: str, parse: Callable[[str], Parsed], text: str) -> Parsed:
    """Parse the text of a property. Raises InvalidPropertyError."""
    try:
        return parse(text)
    except ValueError as exc:
        raise InvalidPropertyError(path, str(exc)) from exc
