"""Find comparisons of a condition that are false for a sample, and the values that they have."""

from collections.abc import Iterator
from typing import Final

from bridge.messages.expression_tree import Node
from bridge.messages.expressions import Context, compile_expression
from bridge.messages.jmespath_numbers import ExactParser
from inlet_bridge.mapping.compared_types import as_literal, kind_of
from inlet_bridge.mapping.condition_tests import joined_parts
from inlet_bridge.mapping.tree_paths import plain_path

_OPERATORS: Final = {"eq": "==", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
_TYPES: Final = ("array", "boolean", "null", "number", "object", "string")
_LONGEST: Final = 80


def false_comparisons(condition: str, event: Context) -> Iterator[str]:
    """A sentence for each comparison by order, or with type(), that is false.

    Args:
        condition: that is false for the event.
        event: the values of its names.
    """
    for part in joined_parts(ExactParser().parse(condition).parsed):
        if part["type"] == "comparator" and part["value"] in _OPERATORS:
            yield from _comparison(part, event)


def _comparison(node: Node, event: Context) -> Iterator[str]:
    left, right = node["children"]
    is_reversed = left["type"] == "literal"
    read, literal = (right, left) if is_reversed else (left, right)
    written = _written(read)
    is_equality = node["value"] == "eq" and read.get("value") != "type"  # Most are meant so.
    if literal["type"] != "literal" or not written or is_equality:
        return
    sides = [written, as_literal(literal["value"])]
    operator = _OPERATORS[node["value"]]
    comparison = f" {operator} ".join(reversed(sides) if is_reversed else sides)
    value = compile_expression(written).value(event)
    is_false = compile_expression(comparison).value(event) is False
    shown = as_literal(value)
    if is_false and kind_of(value) == kind_of(literal["value"]) and len(shown) <= _LONGEST:
        yield f"{comparison} is false: {written} is {shown}{_types(read, literal)}"


def _types(read: Node, literal: Node) -> str:
    """The types that JMESPath has, for a comparison with another one."""
    is_type = read.get("value") == "type" and read["type"] == "function_expression"
    return f"; there is {', '.join(_TYPES)}" if is_type and literal["value"] not in _TYPES else ""


def _written(node: Node) -> str:
    """A path, or a function of one, as an expression has it; empty for any other expression."""
    if node["type"] == "function_expression" and len(node["children"]) == 1:
        path = plain_path(node["children"][0])
        return f"{node['value']}({path})" if path else ""
    return plain_path(node)
