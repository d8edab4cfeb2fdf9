"""The parts of a condition that compare a path with literals, each of which must hold or may."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from bridge.messages.expression_tree import Node
from inlet_bridge.mapping.compared_types import kind_of

_ARGUMENTS: Final = 2
_JOINING: Final = frozenset({"and_expression", "or_expression"})


class PathTest(NamedTuple):
    """A comparison of a path with literals.

    Attributes:
        path: such as `body.data.id`.
        operator: `==`, or the function that compares.
        literals: one, or the items of a list that has to contain the value.
    """

    path: str
    operator: str
    literals: tuple[Any, ...]

    def holds(self, value: Any) -> bool:
        """Whether the comparison is true of a value of the path."""
        if self.operator == "==":
            return bool(value in self.literals)
        if not isinstance(value, str):
            return False
        match self.operator:
            case "starts_with":
                return value.startswith(self.literals)
            case "ends_with":
                return value.endswith(self.literals)
            case "contains":
                return self.literals[0] in value
        return value in self.literals


def joined_parts(condition: Node) -> Iterator[Node]:
    """The parts of a condition that are joined by && and ||."""
    if condition["type"] not in _JOINING:
        yield condition
        return
    for child in condition["children"]:
        yield from joined_parts(child)


def tests_of(condition: Node) -> Iterator[PathTest]:
    """The comparisons of a condition that are joined by && and ||, and are not negated."""
    for part in joined_parts(condition):
        yield from _tests_of_a_part(part)


def _tests_of_a_part(node: Node) -> Iterator[PathTest]:
    match node["type"]:
        case "comparator" if node["value"] == "eq":
            left, right = node["children"]
            if left["type"] == "literal":
                left, right = right, left
            if right["type"] == "literal" and (path := path_of(left)) and kind_of(right["value"]):
                yield PathTest(path, "==", (right["value"],))
        case "function_expression" if len(node["children"]) == _ARGUMENTS:
            yield from _of_a_call(node["value"], *node["children"])


def _of_a_call(name: str, first: Node, second: Node) -> Iterator[PathTest]:
    literals = _texts(first) if name == "contains" else ()
    if literals and (path := path_of(second)):
        yield PathTest(path, "in", literals)
    text = second.get("value") if second["type"] == "literal" else None
    is_of_texts = name in {"contains", "starts_with", "ends_with"} and isinstance(text, str)
    if is_of_texts and (path := path_of(first)):
        yield PathTest(path, name, (text,))


def _texts(node: Node) -> tuple[str, ...]:
    """The items of a list of texts; empty for any other expression."""
    if node["type"] == "literal" and isinstance(node["value"], list):
        items = node["value"]
    elif node["type"] == "multi_select_list":
        items = [
            each.get("value") if each["type"] == "literal" else None for each in node["children"]
        ]
    else:
        return ()
    return tuple(items) if all(isinstance(each, str) for each in items) else ()


def path_of(node: Node) -> str:
    """The path of a field such as `body.a.b`; empty for any other expression."""
    match node["type"]:
        case "field":
            return str(node["value"])
        case "subexpression":
            names = [path_of(child) for child in node["children"]]
            return ".".join(names) if all(names) else ""
    return ""
