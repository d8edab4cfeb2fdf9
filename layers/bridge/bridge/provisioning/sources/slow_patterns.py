"""Warn of patterns of a `Schema` whose time a sender's text can double with each character."""

import json
from collections.abc import Iterator
from typing import Any, Final

from bridge.messages.backtracking import may_double
from bridge.sources.source import Source

_LONGEST_PATTERN: Final = 80


def slow_pattern_warnings(source: Source) -> Iterator[str]:
    """A sentence for each such pattern of the source's routes."""
    for index, route in enumerate(source.routes):
        if not route.schema:
            continue
        for pattern in dict.fromkeys(_patterns(json.loads(route.schema))):
            if may_double(pattern):
                yield (
                    f"Routes.{index}.Schema of source {source.name} has the pattern"
                    f" {pattern[:_LONGEST_PATTERN]}, which repeats a repetition: a text of the"
                    " sender can take longer than the function may run, and is then not accepted."
                    " Write one repetition, such as ^a+$ for ^(a+)+$"
                )


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
