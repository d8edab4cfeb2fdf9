"""Say why no condition of a source selects an event of a sample, if that is known."""

from collections.abc import Iterator
from itertools import combinations, islice
from typing import Any, Final, NamedTuple

from bridge.delivery.delivery import Delivery
from bridge.errors import MappingError, WebhookRejectedError
from bridge.messages.documents import document_of
from bridge.messages.expression_tree import Node
from bridge.messages.expressions import Context, compile_expression
from bridge.messages.jmespath_numbers import ExactParser
from bridge.messages.routing import context_of, route_of
from bridge.sources.source import Source
from bridge.spelling import similar
from inlet_bridge.mapping.compared_types import as_literal, compared_types, kind_of
from inlet_bridge.mapping.expression_reader import read_expressions

_MOST_EVENTS: Final = 20
_MOST_HINTS: Final = 5
_MOST_TYPES: Final = 3
_FAULTS: Final = (MappingError, WebhookRejectedError, ValueError, RecursionError)


class _Equality(NamedTuple):
    """A comparison of a path with a literal by `==`."""

    path: str
    literal: Any


def unmet_conditions(source: Source, whole: Delivery) -> tuple[str, ...]:
    """A sentence for each condition that can hold for no event, or for none of this sample's type.

    Args:
        source: its routes.
        whole: the webhook of the sample, without a flow.
    """
    try:
        filtered = list(islice(_filtered(source, whole), _MOST_EVENTS))
        hints = [hint for event in filtered for hint in _hints(source, event)]
    except _FAULTS:
        return ()
    compared = compared_types(read_expressions(source, whole))
    return tuple(islice(dict.fromkeys((*compared, *hints)), _MOST_HINTS))


def event_type_hint(source: Source, event_type: str) -> str:
    """Name the types that conditions compare `event_type` with, the nearest first; or empty.

    Args:
        source: its routes.
        event_type: of an event that no route selects.
    """
    types = [
        equality.literal
        for route in source.routes
        if route.when
        for equality in _equalities(ExactParser().parse(route.when).parsed)
        if equality.path == "event_type" and isinstance(equality.literal, str)
    ]
    if not types or not event_type or event_type in types:
        return ""
    near = (similar(event_type, types) or list(dict.fromkeys(types)))[:_MOST_TYPES]
    return f"event_type is {event_type}; When has {', '.join(map(as_literal, near))}"


def _filtered(source: Source, whole: Delivery) -> Iterator[Context]:
    """The events that no route selects."""
    context = context_of(source, whole, document_of(source, whole))
    events = [context]
    if source.split:
        found = compile_expression(source.split).value(context)
        events = [context_of(source, whole, each) for each in found]
    for event in events:
        if route_of(source, event) is None:
            yield event


def _hints(source: Source, event: Context) -> Iterator[str]:
    for index, route in enumerate(source.routes):
        if not route.when:
            continue
        tree: Node = ExactParser().parse(route.when).parsed
        place = f"Routes.{index}.When"
        for path, first, second in _contradictions(tree):
            yield (
                f"{place}: {path} cannot be both {as_literal(first)} and {as_literal(second)};"
                " write || for one or the other"
            )
    if hint := event_type_hint(source, event["event_type"]):
        yield hint


def _equalities(node: Node) -> Iterator[_Equality]:
    if node["type"] == "comparator" and node["value"] == "eq":
        left, right = node["children"]
        if left["type"] == "literal":
            left, right = right, left
        if right["type"] == "literal" and (path := _path(left)) and kind_of(right["value"]):
            yield _Equality(path, right["value"])
        return
    if node["type"] in {"and_expression", "or_expression"}:
        for child in node["children"]:
            yield from _equalities(child)


def _contradictions(node: Node) -> Iterator[tuple[str, Any, Any]]:
    """Two literals that one path must equal at once."""
    if node["type"] == "or_expression":
        for child in node["children"]:
            yield from _contradictions(child)
    together = _all_of(node) if node["type"] == "and_expression" else []
    for one, other in combinations(together, 2):
        if one.path == other.path and one.literal != other.literal:
            yield one.path, one.literal, other.literal


def _all_of(node: Node) -> list[_Equality]:
    """The comparisons that must all hold."""
    if node["type"] == "and_expression":
        return [each for child in node["children"] for each in _all_of(child)]
    return list(_equalities(node)) if node["type"] == "comparator" else []


def _path(node: Node) -> str:
    """The path of a field such as `body.a.b`; empty for any other expression."""
    match node["type"]:
        case "field":
            return str(node["value"])
        case "subexpression":
            names = [_path(child) for child in node["children"]]
            return ".".join(names) if all(names) else ""
    return ""
