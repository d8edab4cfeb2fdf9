"""Warn of patterns whose time a text in a request can double with each character."""

import json
from collections.abc import Iterator
from typing import Any, Final

from bridge.messages.backtracking import may_double
from bridge.sources.source import Source

_LONGEST_PATTERN: Final = 80


def slow_pattern_warnings(source: Source) -> Iterator[str]:
    """A sentence for each such pattern of the source, in a Schema, a handshake or an address."""
    for place, pattern in dict.fromkeys((*_of_routes(source), *_of_requests(source))):
        if may_double(pattern):
            yield (
                f"{place} of source {source.name} has the pattern {pattern[:_LONGEST_PATTERN]},"
                " which repeats a repetition: with a text of the request it can take longer than"
                " the function may run. Write one repetition, such as ^a+$ for ^(a+)+$"
            )


def _of_routes(source: Source) -> Iterator[tuple[str, str]]:
    """The places and the patterns of schemas, which texts of verified webhooks meet."""
    for index, route in enumerate(source.routes):
        if route.schema:
            for pattern in _patterns(json.loads(route.schema)):
                yield f"Routes.{index}.Schema", pattern


def _of_requests(source: Source) -> Iterator[tuple[str, str]]:
    """Those that any request meets."""
    for index, handshake in enumerate(source.handshakes):
        yield f"Handshakes.{index}.Pattern", handshake.pattern
        yield f"Handshakes.{index}.Allow", handshake.allow
    if source.scheme.family == "pk" and source.scheme.address:
        yield "Scheme.Address.Allow", source.scheme.address.allow


def _patterns(node: Any) -> Iterator[str]:
    """The patterns of a schema and of those within it."""
    match node:
        case dict():
            if isinstance(pattern := node.get("pattern"), str):
                yield pattern
            if isinstance(named := node.get("patternProperties"), dict):
                yield from named
            for each in node.values():
                yield from _patterns(each)
        case list():
            for each in node:
                yield from _patterns(each)
