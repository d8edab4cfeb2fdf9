"""Say why no condition of a source selects an event of a sample, if that is known."""

from collections.abc import Iterator
from itertools import combinations, islice
from typing import Any, Final, NamedTuple

from bridge.delivery.delivery import Delivery
from bridge.errors import MappingError, WebhookRejectedError
from bridge.messages.documents import document_of
from bridge.messages.expression_tree import Node
from bridge.messages.expressions import Context, compile_expression
from bridge.messages.item_fields import item_fields
from bridge.messages.jmespath_numbers import ExactParser
from bridge.messages.routing import context_of, route_of
from bridge.sources.source import Source
from bridge.spelling import similar
from inlet_bridge.mapping.compared_types import as_literal, compared_types, kind_of
from inlet_bridge.mapping.condition_tests import PathTest, path_of, tests_of
from inlet_bridge.mapping.expression_reader import ExpressionReader, Lack, read_expressions
from inlet_bridge.mapping.false_comparisons import false_comparisons
from inlet_bridge.mapping.fruitless_conditions import fruitless_forms
from inlet_bridge.mapping.misread_names import misread_names
from inlet_bridge.mapping.valueless_expressions import lacking_field

_MOST_EVENTS: Final = 20
_MOST_HINTS: Final = 5
_MOST_TYPES: Final = 3
_LONGEST: Final = 80
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
    reader = read_expressions(source, whole)
    try:
        # A condition that selects some events of a webhook is meant not to select others.
        events = len(_events(source, whole))
        lonely = filtered if len(filtered) == min(events, _MOST_EVENTS) else []
        unequal = [hint for event in lonely for hint in _unequal(source, event, reader)]
    except _FAULTS:
        unequal = []
    hints = [*compared_types(reader), *hints, *unequal]
    return tuple(islice(dict.fromkeys(hints), _MOST_HINTS))


def event_type_hint(source: Source, event_type: str) -> str:
    """Name the texts that conditions compare `event_type` with, the nearest first; or empty.

    Args:
        source: its routes.
        event_type: of an event that no route selects.
    """
    tests = _tests_of_types(source)
    types = _literals(tests)
    if not types or not event_type or any(test.holds(event_type) for test in tests):
        return ""
    near = (similar(event_type, types) or list(dict.fromkeys(types)))[:_MOST_TYPES]
    return f"event_type is {event_type}; When has {', '.join(map(as_literal, near))}"


def missing_type_hint(source: Source) -> str:
    """Say of an event without a type that conditions compare it; empty if none does.

    Args:
        source: its routes.
    """
    types = list(dict.fromkeys(_literals(_tests_of_types(source))))[:_MOST_TYPES]
    if not types:
        return ""
    places = [each.removeprefix("json:") for each in source.event_type if each.startswith("json:")]
    there = f" in body.{places[0]}" if places and "+" not in places[0] else ""
    return f"it has no event type{there}; When has {', '.join(map(as_literal, types))}"


def _tests_of_types(source: Source) -> list[PathTest]:
    """The comparisons of `event_type` in the conditions of a source."""
    return [
        test
        for route in source.routes
        if route.when
        for test in tests_of(ExactParser().parse(route.when).parsed)
        if test.path == "event_type"
    ]


def _literals(tests: list[PathTest]) -> list[str]:
    return [each for test in tests for each in test.literals if isinstance(each, str)]


def _filtered(source: Source, whole: Delivery) -> Iterator[Context]:
    """The events that no route selects."""
    return (event for event in _events(source, whole) if route_of(source, event) is None)


def _events(source: Source, whole: Delivery) -> list[Context]:
    document = document_of(source, whole)
    context = context_of(source, whole, document)
    if not source.split:
        return [context]
    found, fields = (
        compile_expression(source.split).value(context),
        item_fields(source, whole, document),
    )
    return [context_of(source, fields.of(whole, document, each), each) for each in found]


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


def _unequal(source: Source, event: Context, reader: ExpressionReader) -> Iterator[str]:
    """What the sample has at each path that a condition for its type compares."""
    misread = {place for place, _ in misread_names(reader)}
    for index, route in enumerate(source.routes):
        place = f"Routes.{index}.When"
        tests: dict[str, list[PathTest]] = {}
        for test in tests_of(ExactParser().parse(route.when).parsed) if route.when else ():
            tests.setdefault(test.path, []).append(test)
        values = {path: compile_expression(path).value(event) for path in tests}
        wrong = {
            path: [literal for test in each for literal in test.literals]
            for path, each in tests.items()
            if not any(test.holds(values[path]) for test in each)
        }
        if place in misread:
            continue
        forms = list(fruitless_forms(route.when, event)) if route.when else []
        if route.when and not forms and "event_type" not in wrong:
            forms = list(false_comparisons(route.when, event))
        yield from (f"{place}: {each}" for each in forms)
        lack = reader.lacks.get(place)
        if lack and lack.value is not None and _path_of(route.when) == f"{lack.path}.{lack.name}":
            yield f"{place}: {lacking_field(lack)}"
        for path, each in wrong.items() if "event_type" not in wrong else ():
            if hint := _unlike(path, values[path], each, reader.lacks.get(place)):
                yield f"{place}: {hint}"


def _unlike(path: str, value: Any, literals: list[Any], lack: Lack | None) -> str:
    """How a value differs from literals of its type; empty for another type."""
    compared = ", ".join(map(as_literal, literals[:_MOST_TYPES]))
    if kind_of(value) in map(kind_of, literals):
        shown = as_literal(value)
        return f"{path} is {shown if len(shown) < _LONGEST else 'another'}; When has {compared}"
    if value is None and lack and lack.value is not None:
        return lacking_field(lack) if f"{path}.".startswith(f"{lack.path}.{lack.name}.") else ""
    return ""


def _equalities(node: Node) -> Iterator[_Equality]:
    for test in tests_of(node):
        if test.operator == "==":
            yield _Equality(test.path, test.literals[0])


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


def _path_of(condition: str) -> str:
    """The path that is the whole condition; empty for any other one."""
    return path_of(ExactParser().parse(condition).parsed) if condition else ""
