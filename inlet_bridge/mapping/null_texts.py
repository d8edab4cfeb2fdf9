"""Find texts of a message that to_string() makes of a value that the sample does not have."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from bridge.errors import MappingError
from bridge.messages.expression_tree import Node
from bridge.messages.expressions import Context, compile_expression
from bridge.messages.jmespath_numbers import ExactParser
from inlet_bridge.mapping.expression_reader import ExpressionReader
from inlet_bridge.mapping.tree_paths import is_of_a_message, plain_path
from inlet_bridge.mapping.valueless_expressions import lacking_field

_MOST_HINTS: Final = 5
_NULL: Final = "null"
_FAULTS: Final = (MappingError, ValueError, RecursionError)
# Within these, a path is read from a part of the event.
_OF_A_PART: Final = frozenset(
    {"expref", "filter_projection", "pipe", "projection", "subexpression", "value_projection"}
)


def null_texts(reader: ExpressionReader) -> tuple[str, ...]:
    """A sentence for each path of a Map or an Identity whose text is that of null.

    "to_string" of JMESPath returns the JSON of a value, as `null` is of one that is missing:
    https://jmespath.org/specification.html#to-string

    Args:
        reader: that followed the expressions.
    """
    found = (
        f"{place} gives the text null, which to_string() makes of {path}:"
        f" {_reason(reader, place, path)}; write {path} && to_string({path}) for no text"
        for place, expression, event in reader.applied
        if is_of_a_message(place)
        for path in _missing(expression, event)
    )
    return tuple(islice(dict.fromkeys(found), _MOST_HINTS))


def _reason(reader: ExpressionReader, place: str, path: str) -> str:
    """Why a path has no value in the sample."""
    lack = reader.lacks.get(place)
    is_lacking = lack and f"{path}.".startswith(f"{lack.path}.{lack.name}.")
    return lacking_field(lack) if lack and is_lacking else "the sample has none"


def _missing(expression: str, event: Context) -> list[str]:
    """The paths that have no value, and of which an expression makes a text."""
    try:
        value = compile_expression(expression).value(event)
        if not isinstance(value, str) or _NULL not in value:
            return []
        paths = dict.fromkeys(_converted(ExactParser().parse(expression).parsed))
        return [path for path in paths if compile_expression(path).value(event) is None]
    except _FAULTS:
        return []


def _converted(node: Node) -> Iterator[str]:
    """The paths that an expression converts to texts."""
    if node["type"] in _OF_A_PART:
        return
    if node["type"] == "function_expression" and node["value"] == "to_string":
        yield from filter(None, map(plain_path, node["children"]))
    for child in node["children"]:
        if isinstance(child, dict):
            yield from _converted(child)
