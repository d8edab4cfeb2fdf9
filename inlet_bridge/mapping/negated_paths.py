"""Find a `!` before a path, which negates the first name of the path alone."""

from collections.abc import Iterator
from typing import Final

from bridge.messages.expression_tree import Node
from bridge.messages.jmespath_numbers import ExactParser
from bridge.sources.route_expressions import event_expressions
from bridge.sources.source import Source

# What selects nothing of a boolean; the first child is what it selects of.
_SELECTING: Final = frozenset(
    {"subexpression", "index_expression", "projection", "filter_projection", "value_projection"}
)


def negated_paths(source: Source) -> Iterator[str]:
    """A sentence for each expression that selects a part of a negation, which is always null."""
    for place, expression in _expressions(source):
        for node in _selections(ExactParser().parse(expression).parsed):
            path = _path(node)
            way = f"!({path})" if path else "!( ) around the whole path"
            yield f"{place}: ! negates the beginning of the path alone, and gives null; write {way}"


def _expressions(source: Source) -> Iterator[tuple[str, str]]:
    """All expressions, with their paths in the properties."""
    if source.split:
        yield "Split", source.split
    yield from event_expressions(source.item_id, source.routes)


def _selections(node: Node) -> Iterator[Node]:
    """The outermost selections whose first part is a negation."""
    first = node
    while first["type"] in _SELECTING:
        first = first["children"][0]
    if first is not node and first["type"] == "not_expression":
        yield node
        return
    for child in node["children"]:
        if isinstance(child, dict):
            yield from _selections(child)


def _path(node: Node) -> str:
    """The path without its negation; empty if it has more than plain names."""
    match node["type"]:
        case "field":
            return str(node["value"]) if str(node["value"]).isidentifier() else ""
        case "not_expression" | "subexpression":
            names = [_path(child) for child in node["children"]]
            return ".".join(names) if all(names) else ""
    return ""
