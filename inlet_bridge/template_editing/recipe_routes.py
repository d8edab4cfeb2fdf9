"""Adapt the routes of a recipe to the flows of a connection; comments stay."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml

from inlet_bridge.template_editing.document import members


@dataclass(frozen=True, slots=True)
class AdaptedRoutes:
    """The properties of a recipe for a connection.

    Attributes:
        text: YAML; empty if no route remains.
        omitted: the flows of the recipe whose routes were left out.
    """

    text: str
    omitted: tuple[str, ...]


def adapted(routes: str, flows: Mapping[str, str]) -> AdaptedRoutes:
    """Rename the flows of a recipe, and leave out the routes of flows that are not given.

    Args:
        routes: YAML of the recipe.
        flows: names of the connection's flows by those of the recipe.
    """
    root = yaml.compose(routes, Loader=yaml.SafeLoader)
    found = members(root).get("Routes")
    items = found.value if isinstance(found, yaml.SequenceNode) else []
    used = dict.fromkeys(name for item in items for name in _flows(item))
    omitted = tuple(name for name in used if name not in flows)
    if all(_is_omitted(item, flows) for item in items):
        return AdaptedRoutes("", omitted)
    edits = sorted(_edits(routes, items, flows), reverse=True)
    for begin, end, text in edits:
        routes = routes[:begin] + text + routes[end:]
    return AdaptedRoutes(routes, omitted)


def _edits(
    text: str, items: list[yaml.Node], flows: Mapping[str, str]
) -> Iterator[tuple[int, int, str]]:
    """Begin, end and replacement of what changes in a list of routes or targets."""
    for item in items:
        if _is_omitted(item, flows):
            begin, end = _lines_of(text, item)
            yield begin, end, ""
            continue
        fields = members(item)
        if isinstance(flow := fields.get("Flow"), yaml.ScalarNode):
            yield flow.start_mark.index, flow.end_mark.index, flows[flow.value]
        if isinstance(targets := fields.get("Targets"), yaml.SequenceNode):
            yield from _edits(text, targets.value, flows)


def _flows(item: yaml.Node) -> list[str]:
    fields = members(item)
    targets = fields.get("Targets")
    own = fields.get("Flow")
    below = targets.value if isinstance(targets, yaml.SequenceNode) else []
    names = [name for each in below for name in _flows(each)]
    return [*([own.value] if isinstance(own, yaml.ScalarNode) else []), *names]


def _is_omitted(item: yaml.Node, flows: Mapping[str, str]) -> bool:
    named = _flows(item)
    return bool(named) and not any(name in flows for name in named)


def _lines_of(text: str, item: yaml.Node) -> tuple[int, int]:
    """Begin and end of the lines of an item of a block list, with the comments above it."""
    lines = text.splitlines(keepends=True)
    first = int(item.start_mark.line)
    last = first
    column = len(lines[first]) - len(lines[first].lstrip(" "))
    while last + 1 < len(lines) and _is_below(lines[last + 1], column):
        last += 1
    while not lines[last].strip() or _is_comment(lines[last], column):
        last -= 1  # The comments of the next item.
    while first > 0 and _is_comment(lines[first - 1], column):
        first -= 1
    return len("".join(lines[:first])), len("".join(lines[: last + 1]))


def _is_comment(line: str, column: int) -> bool:
    """Whether a line is a comment of an item whose dash is in this column."""
    content = line.lstrip(" ")
    return content.startswith("#") and len(line) - len(content) <= column


def _is_below(line: str, column: int) -> bool:
    content = line.strip()
    depth = len(line) - len(line.lstrip(" "))
    return not content or content.startswith("#") or depth > column
