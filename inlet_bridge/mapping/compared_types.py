"""Find comparisons of a text with a number, or of other values that are never equal."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from bridge.json_numbers import JsonNumber
from inlet_bridge.mapping.expression_reader import Comparison, ExpressionReader

_MOST_HINTS: Final = 5
_EQUALITY: Final = frozenset({"eq", "ne"})
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")


def compared_types(reader: ExpressionReader) -> tuple[str, ...]:
    """A sentence for each comparison with a literal of another type than the sample has.

    One that an expression makes with both types is meant so, and an empty text stands for no value.

    Args:
        reader: that followed the expressions.
    """
    return tuple(islice(dict.fromkeys(_hints(reader)), _MOST_HINTS))


def _hints(reader: ExpressionReader) -> Iterator[str]:
    known = {(each.place, each.path, kind_of(each.literal)) for each in reader.comparisons}
    for each in reader.comparisons:
        kinds = {kind_of(value) for value in each.values}
        if len(kinds) != 1 or "" in kinds or each.literal == "" or not kind_of(each.literal):
            continue
        [kind] = kinds
        if kind != kind_of(each.literal) and (each.place, each.path, kind) not in known:
            yield (
                f"{each.place} compares {each.path}, which is a {kind} in the sample, with"
                f" {as_literal(each.literal)}, a {kind_of(each.literal)}{_way_out(each, kind)}"
            )


def _way_out(compared: Comparison, kind: str) -> str:
    literal = compared.literal
    match kind, literal:
        case "text", _ if compared.operator not in _EQUALITY:
            return f"; number({compared.path}) makes a number of it"
        case "text", _:
            return f"; write {as_literal(_written(literal))} for a text"
        case "number", str() if _NUMBER.fullmatch(literal):
            return f"; write `{literal}`, in backticks, for a number"
        case "boolean", str() if literal.lower() in {"true", "false"}:
            return f"; write `{literal.lower()}`, in backticks, for a boolean"
    return ""


def kind_of(value: Any) -> str:
    """The type of a value that can be compared; empty for any other one."""
    match value:
        case str():
            return "text"
        case bool():
            return "boolean"
        case int() | float() | JsonNumber():
            return "number"
    return ""


def as_literal(literal: Any) -> str:
    """A literal as an expression has it."""
    return f"'{literal}'" if isinstance(literal, str) else f"`{_written(literal)}`"


def _written(literal: Any) -> str:
    return str(literal).lower() if isinstance(literal, bool) else str(literal)
