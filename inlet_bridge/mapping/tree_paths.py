"""What the nodes of JMESPath's syntax tree select, and the paths of that."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from bridge.messages.expression_tree import Node


def has(value: Any, index: int) -> bool:
    """Whether a value is a list with an item at this position."""
    return isinstance(value, list) and -len(value) <= index < len(value)


def items_of(values: list[Any]) -> list[Any]:
    """The items of lists, and of the lists in them, which a flatten makes items too."""
    items = [item for each in values if isinstance(each, list) for item in each]
    return [inner for item in items for inner in (item if isinstance(item, list) else (item,))]


def members_of(values: list[Any]) -> list[Any]:
    """The values of objects."""
    return [item for each in values if isinstance(each, dict) for item in each.values()]


def below(node: Node, path: str) -> str:
    """The path of what a node selects."""
    match node["type"]:
        case "field":
            return f"{path}.{node['value']}" if path else str(node["value"])
        case "index":
            return f"{path}[]"
        case kind if kind in CHAINS:
            for child in node["children"]:
                path = below(child, path)
            return path
        case kind if kind in PROJECTIONS or kind == "flatten":
            return below(node["children"][0], path)
    return path


def is_of_a_message(place: str) -> bool:
    """Whether an expression at this path of the properties is of a Map or an Identity."""
    return _OF_A_MESSAGE.match(place) is not None


def plain_path(node: Node) -> str:
    """The path of a field such as `body.a.b`; empty for any other expression."""
    match node["type"]:
        case "field":
            return str(node["value"]) if str(node["value"]).isidentifier() else ""
        case "subexpression":
            names = [plain_path(child) for child in node["children"]]
            return ".".join(names) if all(names) else ""
    return ""


_OF_A_MESSAGE: Final = re.compile(r"Routes\.\d+\.(?:Targets\.\d+\.)?(?:Map|Identity)(?:\.|$)")
CHAINS: Final = frozenset({"subexpression", "index_expression", "pipe"})
PROJECTIONS: Final[Mapping[str, Callable[[list[Any]], list[Any]]]] = {
    "projection": items_of,
    "filter_projection": items_of,
    "value_projection": members_of,
}
