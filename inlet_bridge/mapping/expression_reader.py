"""Follow the expressions of a source through a sample: what they read, and what they compare."""

from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final, NamedTuple

from bridge.delivery.delivery import Delivery
from bridge.errors import MappingError, WebhookRejectedError
from bridge.messages.documents import document_of
from bridge.messages.expression_tree import Node
from bridge.messages.expressions import Context, compile_expression
from bridge.messages.jmespath_numbers import ExactParser
from bridge.messages.routing import context_of
from bridge.sources.source import Source
from inlet_bridge.mapping.applied_expressions import applied_expressions, events_of
from inlet_bridge.mapping.tree_paths import CHAINS, PROJECTIONS, below, has

_MOST_EVENTS: Final = 20
_MOST_VALUES: Final = 100
_MOST_NAMES: Final = 200
_LONGEST_NAME: Final = 64
MEMBERS: Final = "*"
"""The name of a `Lack` for all members of an object, of what is a list in the sample."""
_FAULTS: Final = (MappingError, WebhookRejectedError, ValueError, RecursionError)


class Comparison(NamedTuple):
    """A comparison of a path with a literal.

    Attributes:
        place: of the expression, such as `Routes.0.When`.
        path: such as `body.id`.
        operator: as JMESPath's syntax tree names it, such as `eq` or `lt`.
        values: that the path has in the sample, as far as they are known.
    """

    place: str
    path: str
    literal: Any
    operator: str
    values: tuple[Any, ...]


class Lack(NamedTuple):
    """A name that an expression reads, and that the sample does not have there.

    Attributes:
        path: of what should have it, such as `body.data`, or `body.items[]` for items of a list.
        value: that the sample has there: one without fields, or an object.
        names: of the object's fields.
        is_compared: whether the name alone is compared with something.
    """

    path: str
    name: str
    value: Any
    names: tuple[str, ...]
    is_compared: bool


@dataclass(slots=True)
class ExpressionReader:
    """Follows expressions through samples.

    The expressions of conditions are followed with each event, and those of a Map with the events
    that its route selects.

    Attributes:
        known: the names that expressions read, by the path of their object.
        missing: place, path and name of what no sample has, with the names that it has.
        comparisons: of paths with literals.
        lacks: the first of each expression, by its place.
        expressions: by their places.
        bare: path and name of a comparison with a field whose name is a value of the path.
        giving: the places of expressions that give something.
        applied: each place, its expression and the values of its names for an event.
    """

    known: dict[str, set[str]] = field(default_factory=dict)
    missing: dict[tuple[str, str, str], dict[str, None]] = field(default_factory=dict)
    comparisons: list[Comparison] = field(default_factory=list)
    lacks: dict[str, Lack] = field(default_factory=dict)
    expressions: dict[str, str] = field(default_factory=dict)
    giving: set[str] = field(default_factory=set)
    bare: dict[str, tuple[str, str]] = field(default_factory=dict)
    applied: list[tuple[str, str, Context]] = field(default_factory=list)
    _place: str = ""
    _is_compared: bool = False

    def read(self, place: str, expression: str, context: Context) -> None:
        """Follow an expression through an event."""
        self._place = place
        self.expressions[place] = expression
        self.applied.append((place, expression, context))
        if _gives(expression, context):
            self.giving.add(place)
        try:
            tree: Node = ExactParser().parse(expression).parsed
            self._follow(tree, [context], "")
        except (ValueError, RecursionError):
            return

    def _follow(  # noqa: PLR0911 (one for each kind of node)
        self, node: Node, values: list[Any], path: str
    ) -> list[Any]:
        """The values that a node has of these; empty if they are not known."""
        match node["type"]:
            case "field":
                return self._field(str(node["value"]), values, path)
            case "index":
                found = [each[node["value"]] for each in values if has(each, node["value"])]
                return found[:_MOST_VALUES]
            case "current" | "identity" | "slice":
                return values
            case "flatten":
                return self._follow(node["children"][0], values, path)
            case kind if kind in CHAINS:
                for child in node["children"]:
                    values, path = self._follow(child, values, path), below(child, path)
                return values
            case kind if kind in PROJECTIONS:
                return self._projection(node, values, path)
        self._follow_each(node, values, path)
        return []

    def _follow_each(self, node: Node, values: list[Any], path: str) -> None:
        """Follow the parts of a node whose own values are not known."""
        if node["type"] == "comparator":
            self._compare(node, values, path)
            return
        for child in node["children"]:
            if isinstance(child, dict) and child["type"] != "expref":
                self._follow(child, values, path)

    def _projection(self, node: Node, values: list[Any], path: str) -> list[Any]:
        first, rest, *conditions = node["children"]
        left = self._follow(first, values, path)
        listed = below(first, path)
        if node["type"] == "value_projection" and left and all(type(each) is list for each in left):
            lack = Lack(listed, MEMBERS, left[0], (), is_compared=False)
            self.lacks.setdefault(self._place, lack)
        inner = f"{listed}[]"
        items = PROJECTIONS[node["type"]](left)[:_MOST_VALUES]
        for condition in conditions:
            self._follow(condition, items, inner)
        return self._follow(rest, items, inner)

    def _compare(self, node: Node, values: list[Any], path: str) -> None:
        found = []
        for child in node["children"]:
            self._is_compared = child["type"] == "field"
            found.append(self._follow(child, values, path))
        self._is_compared = False
        self._compare_fields(node["children"], found, path)
        for one, other in ((0, 1), (1, 0)):
            side, literal = node["children"][one], node["children"][other]
            compared = below(side, path)
            if literal["type"] == "literal" and found[one] and compared != path:
                seen = tuple(found[one])
                self.comparisons.append(
                    Comparison(self._place, compared, literal["value"], node["value"], seen)
                )

    def _compare_fields(self, sides: list[Node], found: list[list[Any]], path: str) -> None:
        """Note a field whose name is a value of what it is compared with."""
        for one, other in ((0, 1), (1, 0)):
            name = sides[other].get("value")
            if path and sides[other]["type"] == "field" and name in found[one]:
                self.bare.setdefault(self._place, (below(sides[one], path), str(name)))

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
        if path and values and not found:
            fields = tuple(dict.fromkeys(each for one in objects for each in one))
            value = objects[0] if objects else values[0]
            lack = Lack(path, name, value, fields, self._is_compared)
            self.lacks.setdefault(self._place, lack)
        return found[:_MOST_VALUES]


def read_expressions(source: Source, whole: Delivery) -> ExpressionReader:
    """Follow the expressions of a source through a webhook; nothing is read of one with a fault.

    Args:
        source: its routes.
        whole: the webhook of the sample, without a flow.
    """
    reader = ExpressionReader()
    try:
        context = context_of(source, whole, document_of(source, whole))
        events = list(islice(events_of(source, whole, context), _MOST_EVENTS))
    except _FAULTS:
        return reader
    if source.split:
        reader.read("Split", source.split, context)
    for event in events:
        for place, expression in applied_expressions(source, event):
            reader.read(place, expression, event)
    return reader


def _gives(expression: str, context: Context) -> bool:
    """Whether an expression has a value, or an error of its own."""
    try:
        return compile_expression(expression).value(context) not in (None, [])
    except _FAULTS:
        return True
