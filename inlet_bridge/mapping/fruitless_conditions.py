"""Find conditions that are never true of a sample for their form, and say how they are written."""

from collections.abc import Callable, Iterator
from itertools import permutations
from typing import Any, Final

from bridge.messages.expression_tree import Node
from bridge.messages.expressions import Context, compile_expression
from bridge.messages.jmespath_numbers import ExactParser
from inlet_bridge.mapping.compared_types import as_literal
from inlet_bridge.mapping.condition_tests import joined_parts
from inlet_bridge.mapping.tree_paths import plain_path

_BOOLEAN: Final = frozenset({"and_expression", "comparator", "not_expression", "or_expression"})
_ENDS: Final = {"starts_with": str.startswith, "ends_with": str.endswith}
_CHANGES: Final = {"lower": str.lower, "upper": str.upper}
_LETTERS: Final = {"lower": "capital", "upper": "small"}
_COMPARING: Final = frozenset({"eq", "contains", *_ENDS})
_WILDCARDS: Final = "*%"


def fruitless_forms(condition: str, event: Context) -> Iterator[str]:
    """A sentence for each part of a condition whose form makes it false, without a subject.

    Args:
        condition: that is false for the event.
        event: the values of its names.
    """
    for part in joined_parts(ExactParser().parse(condition).parsed):
        yield from _forms(part, event)


def _forms(node: Node, event: Context) -> Iterator[str]:
    match node["type"]:
        case "pipe" if node["children"][0]["type"] in _BOOLEAN:
            yield "| passes a value on to what follows; write || for one or the other"
        case "comparator" if node["value"] == "eq":
            yield from _equality(node["children"], event)
        case "function_expression" if node["value"] == "contains" and len(node["children"]) == 2:  # noqa: PLR2004 (a text or a list, and a part)
            yield from _containment(node["children"], event)
        case "function_expression" if node["value"] in _ENDS:
            yield from _beginning(node, event)
    yield from _capitals(node)


def _beginning(node: Node, event: Context) -> Iterator[str]:
    """A call with the beginning or the end of a text in place of the text."""
    name, (first, second) = node["value"], node["children"]
    literal, path = _literal(first), plain_path(second)
    value = compile_expression(path).value(event) if path else None
    if isinstance(literal, str) and isinstance(value, str) and _ENDS[name](value, literal):
        yield f"the whole text comes first, as in {name}({path}, {as_literal(literal)})"


def _capitals(node: Node) -> Iterator[str]:
    """A comparison of what lower() or upper() gives with a text that it never gives."""
    for one, other in permutations(node["children"], 2) if node.get("value") in _COMPARING else ():
        change = _CHANGES.get(one.get("value")) if one["type"] == "function_expression" else None
        literals = _literal(other) if change else None
        texts = [literals] if isinstance(literals, str) else literals
        if change and texts and isinstance(texts, list) and all(map(_is_changed(change), texts)):
            written = as_literal(change(texts[0]))
            yield f"{one['value']}() gives no {_LETTERS[one['value']]} letters; write {written}"


def _is_changed(change: Callable[[str], str]) -> Callable[[Any], bool]:
    """Whether a value is a text that a function never gives."""
    return lambda value: isinstance(value, str) and change(value) != value


def _equality(sides: list[Node], event: Context) -> Iterator[str]:
    for one, other in (sides, sides[::-1]):
        path, literal = plain_path(one), _literal(other)
        value = compile_expression(path).value(event) if path else None
        match value, literal:
            case str(), list():
                listed = ", ".join(map(as_literal, literal))
                yield f"{path} is a text, and equals no list; write contains([{listed}], {path})"
            case list(), str():
                yield f"{path} is a list; write {_contained(path, value, literal)}"
            case str(), str() if literal[-1:] and literal[-1] in _WILDCARDS:
                begin = literal.rstrip(_WILDCARDS)
                if value.startswith(begin):
                    way = f"starts_with({path}, {as_literal(begin)})" if begin else path
                    yield f"there are no patterns; write {way}"


def _containment(arguments: list[Node], event: Context) -> Iterator[str]:
    path, literal = plain_path(arguments[0]), _literal(arguments[1])
    if path and isinstance(literal, str):
        value = compile_expression(path).value(event)
        if isinstance(value, list) and any(isinstance(each, dict) for each in value):
            yield f"{path} is a list of objects; write {_contained(path, value, literal)}"
    literal, path = _literal(arguments[0]), plain_path(arguments[1])
    value = compile_expression(path).value(event) if path else None
    if isinstance(literal, str) and isinstance(value, str) and literal in value:
        yield f"the text comes first, as in contains({path}, {as_literal(literal)})"


def _contained(path: str, items: list[Any], literal: str) -> str:
    """The expression that finds a literal in a list, or in a field of its objects."""
    objects = [each for each in items if isinstance(each, dict)]
    if not objects:
        return f"contains({path}, {as_literal(literal)})"
    names = [name for each in objects for name, value in each.items() if value == literal]
    texts = [name for each in objects for name, value in each.items() if isinstance(value, str)]
    name = next(iter((*names, *texts)), "name")
    return f"contains({path}[*].{name}, {as_literal(literal)})"


def _literal(node: Node) -> Any:
    """The value of a literal, or of a list of literals; None for any other expression."""
    if node["type"] == "literal":
        return node["value"]
    if node["type"] == "multi_select_list":
        found = [_literal(child) for child in node["children"]]
        return None if any(each is None for each in found) else found
    return None
