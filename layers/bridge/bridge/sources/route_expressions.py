"""The expressions of routes, with the places where they are written."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from bridge.sources.route import LITERAL, Route
from bridge.strict_json import read_json


def event_expressions(item_id: str, routes: Iterable[Route]) -> Iterator[tuple[str, str]]:
    """The expressions about an event, with their paths in the properties of its source."""
    if item_id:
        yield "ItemId", item_id
    for index, route in enumerate(routes):
        if route.when:
            yield f"Routes.{index}.When", route.when
        yield from target_expressions(index, route)


def target_expressions(index: int, route: Route) -> Iterator[tuple[str, str]]:
    """Paths such as `Routes.0.Map.name`, and the expressions of `Map` and `Identity` there."""
    for position, target in enumerate(route.targets):
        of_target = f".Targets.{position}" if len(route.targets) > 1 else ""
        place = f"Routes.{index}{of_target}"
        if target.map:
            yield from _texts(read_json(target.map), f"{place}.Map")
        yield from ((f"{place}.Identity.{name}", text) for name, text in target.identity)


def _texts(node: Any, place: str) -> Iterator[tuple[str, str]]:
    match node:
        case str() if not re.fullmatch(LITERAL, node):
            yield place, node
        case dict():
            for name, each in node.items():
                yield from _texts(each, f"{place}.{name}")
        case list():
            for index, each in enumerate(node):
                yield from _texts(each, f"{place}.{index}")
