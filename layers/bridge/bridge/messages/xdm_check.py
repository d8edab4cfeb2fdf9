"""Check XDM entities against the constraints of their schema, in about 0.2 us a field.

The constraints are the subset of JSON Schema that `bridge.provisioning.xdm_constraints` writes.
They mean what they mean in draft 6, which XDM has, except that the formats of `xdm_formats` are
checked. A property test compares each verdict with that of `jsonschema`.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, Literal

from bridge.json_numbers import JsonNumber
from bridge.messages.json_equality import equality_key
from bridge.messages.xdm_value_checks import (
    Check,
    at,
    different,
    one_of,
    range_steps,
    size_steps,
    text_steps,
    whole,
    wrong_type,
)
from bridge.spelling import nearest
from bridge.strict_json import read_json

type Node = dict[type | None, "Check | Literal[True]"]
"""The check of each type that a value may have, `True` if every value of the type is valid. Under
None: the check that finds the fault of a value of any other type."""

_NUMBERS: Final = (int, float, JsonNumber)
_TYPES: Final[Mapping[str, Sequence[type]]] = {
    "string": (str,),
    "number": _NUMBERS,
    "integer": _NUMBERS,
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
    "null": (type(None),),
}
_NUMBERS_OF_FITTING: Final = {"anyOf": range(1, 2**31), "oneOf": range(1, 2), "not": range(1)}
# More would only make the log longer.
_MOST_WARNINGS: Final = 5
# Of a name that is compared with those of the schema.
_LONGEST_NAME: Final = 64


@lru_cache(maxsize=64)
def compile_constraints(text: str) -> "XdmCheck":
    """Compile constraints from their JSON text, once per process."""
    return XdmCheck(read_json(text))


class XdmCheck:
    """Compiled constraints of an entity."""

    def __init__(self, constraints: Mapping[str, Any]) -> None:
        self.constraints = constraints
        self._root = _node(constraints, "")

    def findings(self, entity: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
        """Return the first fault, if any, and what Adobe may reject: names and never a value.

        Names are those of the schema: those of a message can be personal data.

        Raises:
            RecursionError: the entity is nested too deeply.
        """
        warnings: list[str] = []
        fault = _fault(self._root, entity, warnings)
        return fault, tuple(dict.fromkeys(warnings))[:_MOST_WARNINGS] if warnings else ()


def _fault(node: Node, value: Any, warnings: list[str]) -> str:
    try:
        check = node[type(value)]
    except KeyError:
        check = node[None]
    return "" if check is True else check(value, warnings)


def _node(schema: Mapping[str, Any], place: str) -> Node:
    kinds = schema.get("type", list(_TYPES))
    kinds = [kinds] if isinstance(kinds, str) else kinds
    only_integers = "integer" in kinds and "number" not in kinds
    steps: dict[type, list[Check]] = {
        kind: _steps(kind, schema, place, only_integers=only_integers)
        for name in kinds
        for kind in _TYPES[name]
    }
    allowed: list[Any] | None = schema.get("enum")
    if "const" in schema:
        constant = equality_key(schema["const"])
        is_allowed = allowed is None or constant in map(equality_key, allowed)
        allowed = [schema["const"]] if is_allowed else []
    if allowed is not None:
        keyword = "enum" if "enum" in schema else "const"
        for found in steps.values():
            found.append(one_of(allowed, at(keyword, place)))
    for step in _several_steps(schema, place):
        for found in steps.values():
            found.append(step)
    node: Node = {None: wrong_type(kinds, place)}
    return node | {kind: _all(found) for kind, found in steps.items()}


def _several_steps(schema: Mapping[str, Any], place: str) -> list[Check]:
    """Check a value with several schemas, or with one that it must not fit."""
    steps = [_fitting(_node(each, place)) for each in schema.get("allOf", ())]
    for keyword, wanted in _NUMBERS_OF_FITTING.items():
        if keyword in schema:
            alternatives = schema[keyword] if keyword != "not" else [schema[keyword]]
            nodes = [_node(each, place) for each in alternatives]
            steps.append(_count(nodes, wanted, at(keyword, place)))
    return steps


def _fitting(node: Node) -> Check:
    return lambda value, warnings: _fault(node, value, warnings)


def _count(nodes: Sequence[Node], wanted: range, fault: str) -> Check:
    """Check how many schemas a value fits."""

    def check(value: Any, _: list[str]) -> str:
        return "" if sum(not _fault(node, value, []) for node in nodes) in wanted else fault

    return check


def _all(steps: Sequence[Check]) -> Check | Literal[True]:
    match steps:
        case []:
            return True
        case [one]:
            return one

    def check(value: Any, warnings: list[str]) -> str:
        for step in steps:
            if fault := step(value, warnings):
                return fault
        return ""

    return check


def _steps(
    kind: type, schema: Mapping[str, Any], place: str, *, only_integers: bool
) -> list[Check]:
    if kind is str:
        return text_steps(schema, place)
    if kind in _NUMBERS:
        steps = [whole(wrong_type(["integer"], place))] if only_integers and kind is not int else []
        return steps + range_steps(schema, place)
    if kind is dict:
        return size_steps(schema, place, "Properties") + _object_steps(schema, place)
    if kind is list:
        return size_steps(schema, place, "Items") + _array_steps(schema, place)
    return []


def _array_steps(schema: Mapping[str, Any], place: str) -> list[Check]:
    unique = [different(at("uniqueItems", place))] if schema.get("uniqueItems") else []
    if "items" not in schema:
        return unique
    node = _node(schema["items"], _inside(place, "*"))

    def check(value: list[Any], warnings: list[str]) -> str:
        for each in value:
            if fault := _fault(node, each, warnings):
                return fault
        return ""

    return [check, *unique]


def _object_steps(schema: Mapping[str, Any], place: str) -> list[Check]:
    names = schema.get("required", ())
    required = [(name, at("required", _inside(place, name))) for name in names]
    if {"properties", "additionalProperties"} & schema.keys():
        return [_fields(schema, place, required)]
    return [_has(name, fault) for name, fault in required]


def _fields(  # noqa: C901 (a call for each field would cost as much as its check)
    schema: Mapping[str, Any], place: str, required: Sequence[tuple[str, str]]
) -> Check:
    """Check the fields; those that no message has had are not compiled."""
    properties: Mapping[str, Any] = schema.get("properties", {})
    more = schema.get("additionalProperties")
    others = None if more is False else _node(more or {}, _inside(place, "*"))
    nodes: dict[str, Node] = {}

    def first(name: str, value: Any) -> Check | Literal[True] | str:
        """Find the check of a field that is not compiled, is unknown or has another type."""
        node = others
        if name in properties:
            node = nodes[name] = _node(properties[name], _inside(place, name))
        if node is None:
            return _extraneous(name, properties, place)
        return node.get(type(value), node[None])

    def check(value: dict[str, Any], warnings: list[str]) -> str:
        found: Check | Literal[True] | str
        for name, each in value.items():
            try:  # Most fields are known: this is the fastest way to their check.
                found = nodes[name][type(each)]
            except KeyError:
                found = first(name, each)
            if found is True:
                continue
            fault = found if isinstance(found, str) else found(each, warnings)
            if fault:
                return fault
        for name, fault in required:
            if name not in value:
                return fault
        return ""

    return check


def _has(name: str, fault: str) -> Check:
    return lambda value, _: "" if name in value else fault


def _extraneous(name: str, known: Mapping[str, Any], place: str) -> str:
    """Name the field of the schema that is meant, never that of the message."""
    close = nearest(name[:_LONGEST_NAME], known)
    hint = f"; is it {close}?" if close else ""
    return f"{at('an extraneous key', place)}{hint}"


def _inside(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name
