"""Say how a Map writes a literal that has another type than the field of its schema."""

import re
from collections.abc import Iterator
from typing import Any, Final

from bridge.errors import MappingError
from bridge.messages.expression_tree import Node
from bridge.messages.expressions import Context, compile_expression
from bridge.messages.jmespath_numbers import ExactParser
from bridge.sources.route import RouteTarget
from bridge.strict_json import read_json
from inlet_bridge.mapping.compared_types import as_literal, kind_of
from inlet_bridge.mapping.conversions import MISMATCH, NO_DATE_TIME

_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")
_OF_PATTERN: Final = re.compile(r"\bpattern at (\S+)$")
_NO_OBJECT: Final = "Map: does not return an object"
_NUMBERS: Final = frozenset({"integer", "number"})


def mapped_literal(place: str, target: RouteTarget, error: str) -> str:
    """A sentence on a literal that causes an error; empty if none does.

    Args:
        place: of the target, such as `Routes.0`.
        target: with the Map.
        error: of the message, which names the field of the schema.
    """
    found = MISMATCH.search(error)
    if found is None or not target.map:
        return ""
    path, expected, given = found[1], set(found[2].split(" or ")), found[3]
    written = _at(read_json(target.map), path.split("."))
    where = f"{place}.Map.{path}"
    if given == "string" and expected & _NUMBERS:
        return _number(where, written)
    return _text(where, written) if given in _NUMBERS and "string" in expected else ""


def mapped_list(place: str, target: RouteTarget, error: str) -> str:
    """A sentence on a list of a Map in place of an object; empty if none causes an error."""
    found = MISMATCH.search(error)
    if found is None or not target.map or (found[2], found[3]) != ("object", "array"):
        return ""
    *above, name = found[1].split(".")
    outer = _at(read_json(target.map), above)
    if not isinstance(outer, dict) or not isinstance(outer.get(name), list):
        return ""
    return f"{place}.Map.{found[1]} is a list in the file, and an object in the schema: remove [ ]"


def mapped_whole(place: str, target: RouteTarget, error: str) -> str:
    """A sentence on a Map that gives no object; empty for another error."""
    written = read_json(target.map) if target.map else None
    if error != _NO_OBJECT or written is None:
        return ""
    if isinstance(written, list):
        return f"{place}.Map is a list in the file, and an object is sent: remove its dashes or [ ]"
    return (
        f"{place}.Map is a single expression: write the fields of the message, each with its"
        " expression, such as Map: {eventType: event_type}"
    )


def mapped_at(target: RouteTarget, path: str) -> Any:
    """What a Map has at a path such as `person.name`; None if it is not known."""
    return _at(read_json(target.map), path.split(".")) if target.map else None


def mapped_value(target: RouteTarget, context: Context, error: str) -> Any:
    """The value that causes an error; None if it is not known."""
    found = MISMATCH.search(error) or NO_DATE_TIME.search(error) or _OF_PATTERN.search(error)
    written = mapped_at(target, found[1]) if found else None
    if not isinstance(written, str):
        return None
    try:
        return compile_expression(written).value(context)
    except (MappingError, ValueError, RecursionError):
        return None


def _number(where: str, written: Any) -> str:
    for literal in _literals(written):
        if isinstance(literal, str) and _NUMBER.fullmatch(literal):
            alone = "" if _is_part(written) else f", or {literal} alone"
            return f"{where} has the text '{literal}'; a number is written `{literal}`{alone}"
    return ""


def _text(where: str, written: Any) -> str:
    is_number = isinstance(written, str) and _NUMBER.fullmatch(written)
    for literal in [written] if is_number else _literals(written):
        if is_number or kind_of(literal) == "number":
            return (
                f"{where} has the number {literal}; a text is written in single quotes within the"
                f' expression, as in "{as_literal(str(literal))}"; that of a parameter is'
                " !Sub \"'${NAME}'\""
            )
    return ""


def _is_part(written: str) -> bool:
    """Whether a literal is a part of an expression, and not the whole."""
    tree: Node = ExactParser().parse(written).parsed
    return bool(tree["type"] != "literal")


def _literals(written: Any) -> Iterator[Any]:
    """The literals that an expression can return, in their order."""
    if not isinstance(written, str):
        return
    try:
        tree: Node = ExactParser().parse(written).parsed
    except (ValueError, RecursionError):
        return
    yield from _returned(tree)


def _returned(node: Node) -> Iterator[Any]:
    if node["type"] == "literal":
        yield node["value"]
    if node["type"] in {"or_expression", "and_expression"}:
        for child in node["children"]:
            yield from _returned(child)


def _at(node: Any, steps: list[str]) -> Any:
    """What a Map has at a path of the schema; None if it has an expression above it."""
    for step in steps:
        match node:
            case dict():
                node = node.get(step)
            case [first, *_]:
                node = first
            case _:
                return None
    return node
