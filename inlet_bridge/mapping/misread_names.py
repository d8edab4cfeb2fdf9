"""Find names in expressions that a sample lacks, and that look like one that it has."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from bridge.delivery.delivery import Delivery
from bridge.errors import MappingError, WebhookRejectedError
from bridge.messages.documents import document_of
from bridge.messages.expression_tree import Node
from bridge.messages.expressions import Context, compile_expression
from bridge.messages.jmespath_numbers import ExactParser
from bridge.messages.routing import context_of, route_of
from bridge.sources.route_expressions import target_expressions
from bridge.sources.source import Source
from bridge.spelling import nearest

_SIMILARITY: Final = 0.8
_MOST_EVENTS: Final = 20
_MOST_VALUES: Final = 100
_MOST_NAMES: Final = 200
_LONGEST_NAME: Final = 64
_MOST_HINTS: Final = 10
_DIGITS: Final = re.compile(r"\d+")
_FAULTS: Final = (MappingError, WebhookRejectedError, ValueError, RecursionError)


def misread_names(source: Source, whole: Delivery) -> tuple[str, ...]:
    """A sentence for each name in an expression that the sample has in another spelling.

    Only names below `body` are compared: the expressions of conditions with each event, and those
    of a Map with the events that its route selects. A name that an expression reads is no other
    spelling of one that is optional.

    Args:
        source: its routes.
        whole: the webhook of the sample, without a flow.
    """
    reader = _Reader()
    try:
        context = context_of(source, whole, document_of(source, whole))
        events = list(islice(_events(source, whole, context), _MOST_EVENTS))
    except _FAULTS:
        return ()
    if source.split:
        reader.read("Split", source.split, context["body"])
    for event in events:
        for place, expression in _expressions(source, event):
            reader.read(place, expression, event["body"])
    return tuple(islice(reader.hints(), _MOST_HINTS))


def _events(source: Source, whole: Delivery, context: Context) -> Iterator[Context]:
    if not source.split:
        yield context
        return
    found = compile_expression(source.split).value(context)
    for event in found if isinstance(found, list) else ():
        yield context_of(source, whole, event)


def _expressions(source: Source, context: Context) -> Iterator[tuple[str, str]]:
    """The expressions that apply to an event, with their paths in the properties."""
    for index, route in enumerate(source.routes):
        if route.when:
            yield f"Routes.{index}.When", route.when
    try:
        chosen = route_of(source, context)
    except MappingError:
        return
    for index, route in enumerate(source.routes):
        if route is not chosen:
            continue
        yield from target_expressions(index, route)


@dataclass(slots=True)
class _Reader:
    """Follows expressions through samples.

    Attributes:
        known: the names that expressions read, by the path of their object.
        missing: place, path and name of what no sample has, with the names that it has.
    """

    known: dict[str, set[str]] = field(default_factory=dict)
    missing: dict[tuple[str, str, str], dict[str, None]] = field(default_factory=dict)
    _place: str = ""

    def read(self, place: str, expression: str, body: Any) -> None:
        """Follow an expression."""
        self._place = place
        try:
            tree: Node = ExactParser().parse(expression).parsed
            self._follow(tree, [{"body": body}], "")
        except (ValueError, RecursionError):
            return

    def hints(self) -> Iterator[str]:
        """The sentences."""
        for (place, path, name), names in self.missing.items():
            if close := nearest(name, names, similarity=_SIMILARITY):
                is_read = close in self.known.get(path, ())
                if not is_read and _DIGITS.sub("", close) != _DIGITS.sub("", name):
                    yield (
                        f"{place} reads {path}.{name}, which the sample does not have; is it"
                        f" {path}.{close}?"
                    )

    def _follow(  # noqa: PLR0911 (one for each kind of node)
        self, node: Node, values: list[Any], path: str
    ) -> list[Any]:
        """The values that a node has of these; empty if they are not known."""
        match node["type"]:
            case "field":
                return self._field(str(node["value"]), values, path)
            case "index":
                found = [each[node["value"]] for each in values if _has(each, node["value"])]
                return found[:_MOST_VALUES]
            case "current" | "identity" | "slice":
                return values
            case "flatten":
                return self._follow(node["children"][0], values, path)
            case kind if kind in _CHAINS:
                for child in node["children"]:
                    values, path = self._follow(child, values, path), _below(child, path)
                return values
            case kind if kind in _PROJECTIONS:
                return self._projection(node, values, path)
        for child in node["children"]:
            if isinstance(child, dict) and child["type"] != "expref":
                self._follow(child, values, path)
        return []

    def _projection(self, node: Node, values: list[Any], path: str) -> list[Any]:
        first, rest, *conditions = node["children"]
        left = self._follow(first, values, path)
        below = f"{_below(first, path)}[]"
        items = _PROJECTIONS[node["type"]](left)[:_MOST_VALUES]
        for condition in conditions:
            self._follow(condition, items, below)
        return self._follow(rest, items, below)

    def _field(self, name: str, values: list[Any], path: str) -> list[Any]:
        if path:
            self.known.setdefault(path, set()).add(name)
        objects = [each for each in values if isinstance(each, dict)]
        found = [each[name] for each in objects if name in each]
        key = (self._place, path, name)
        if found:
            self.missing.pop(key, None)
            self.known.setdefault(f"{path} has", set()).add(name)
        elif path and objects and name not in self.known.get(f"{path} has", ()):
            names = dict.fromkeys(each for one in objects for each in one)
            short = (each for each in names if len(each) <= _LONGEST_NAME)
            known = self.missing.get(key, {})
            self.missing[key] = dict.fromkeys(islice((*known, *short), _MOST_NAMES))
        return found[:_MOST_VALUES]


def _has(value: Any, index: int) -> bool:
    return isinstance(value, list) and -len(value) <= index < len(value)


def _items(values: list[Any]) -> list[Any]:
    """The items of lists, and of the lists in them, which a flatten makes items too."""
    items = [item for each in values if isinstance(each, list) for item in each]
    return [inner for item in items for inner in (item if isinstance(item, list) else (item,))]


def _members(values: list[Any]) -> list[Any]:
    return [item for each in values if isinstance(each, dict) for item in each.values()]


def _below(node: Node, path: str) -> str:
    """The path of what a node selects."""
    match node["type"]:
        case "field":
            return f"{path}.{node['value']}" if path else str(node["value"])
        case "index":
            return f"{path}[]"
        case kind if kind in _CHAINS:
            for child in node["children"]:
                path = _below(child, path)
            return path
        case kind if kind in _PROJECTIONS or kind == "flatten":
            return _below(node["children"][0], path)
    return path


_CHAINS: Final = frozenset({"subexpression", "index_expression", "pipe"})
_PROJECTIONS: Final[Mapping[str, Callable[[list[Any]], list[Any]]]] = {
    "projection": _items,
    "filter_projection": _items,
    "value_projection": _members,
}
