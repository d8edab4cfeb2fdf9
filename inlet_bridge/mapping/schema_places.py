"""What a schema has at the place of a fault: its limit, or the fields of an object."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from bridge.messages.xdm_value_checks import compiled_pattern
from bridge.spelling import nearest
from bridge.strict_json import read_json
from inlet_bridge.mapping.conversions import MISMATCH
from inlet_bridge.mapping.mapped_identities import flow_scalar

LIMIT: Final = re.compile(
    r"\b((?:min|max)(?:Length|Items|imum)|exclusiveM(?:in|ax)imum|multipleOf|pattern) at (\S+)$"
)
"""The keyword and the place of a limit, at the end of a reason."""

_CHANGES: Final[Mapping[str, Callable[[str], str]]] = {
    "upper()": str.upper,
    "lower()": str.lower,
    "trim()": str.strip,
}
_MOST_NAMES: Final = 8
_SIMILARITY: Final = 0.6
_SCALARS: Final = frozenset({"boolean", "integer", "number", "string"})
_KINDS: Final = {"integer": ("integer", "number"), "number": ("number",), "string": ("string",)}


def with_limit(reason: str, schema: Mapping[str, Any], value: Any = None) -> str:
    """The reason of a message that exceeds a limit of its schema, with the limit.

    Any other reason is returned as it is.

    Args:
        reason: of the message.
        schema: its constraints; empty if they are not known.
        value: that does not fit; None if it is not known.
    """
    found = LIMIT.search(reason)
    limit = _at(schema, found[2]).get(found[1]) if found else None
    if found is None or limit is None:
        return reason
    if found[1] != "pattern":
        return f"{reason}; the schema has {limit}"
    way = _change(limit, value) if isinstance(value, str) else ""
    return f"{reason}; the schema has {limit}{way}"


def mapped_scalar(
    place: str, template: str, error: str, schema: Mapping[str, Any], value: Any
) -> str:
    """A sentence on a value of a Map in place of an object; empty for another error.

    Args:
        place: of the target, such as `Routes.0`.
        template: the text of its Map.
        error: of the message.
        schema: its constraints; empty if they are not known.
        value: that does not fit; None if it is not known.
    """
    found = MISMATCH.search(error)
    if found is None or found[2] != "object" or found[3] not in _SCALARS or not template:
        return ""
    known = _at(schema, found[1]).get("properties")
    if not isinstance(known, Mapping) or not known or _is_json(value):
        return ""
    shown = ", ".join(list(known)[:_MOST_NAMES]) + (", …" if len(known) > _MOST_NAMES else "")
    name = found[1].rpartition(".")[2]
    written = _written(read_json(template), found[1].split("."))
    example = ""
    if written and (field := _field(known, found[3], written)):
        example = f", such as {name}: {{{field}: {flow_scalar(written)}}}"
    return (
        f"{place}.Map.{found[1]} is an object in the schema, with {shown}: write a field of it and"
        f" its expression{example}"
    )


def _at(schema: Any, place: str) -> Mapping[str, Any]:
    """The schema at a place; empty if it is not known."""
    for step in place.split("."):
        if not isinstance(schema, Mapping):
            return {}
        of_any = schema.get("items", schema.get("additionalProperties"))
        schema = of_any if step == "*" else schema.get("properties", {}).get(step)
    return schema if isinstance(schema, Mapping) else {}


def _change(pattern: str, value: str) -> str:
    """The function that makes a text fit a pattern, as a clause; empty without one."""
    fits = compiled_pattern(pattern).search
    for name, change in _CHANGES.items():
        if fits(change(value)):
            return f"; in a Map, {name} makes it fit"
    return ""


def _is_json(value: Any) -> bool:
    """Whether a value is the JSON of an object, which parse_json() reads."""
    return isinstance(value, str) and value.lstrip().startswith("{")


def _field(known: Mapping[str, Any], kind: str, written: str) -> str:
    """The field that an expression of this type is meant for; empty if several may be."""
    wanted = _KINDS.get(kind, (kind,))
    fitting = [name for name, each in known.items() if each.get("type") in wanted]
    if len(fitting) == 1:
        return fitting[0]
    word = re.split(r"\W+", written.rstrip(")'\" "))[-1]
    return nearest(word, fitting, similarity=_SIMILARITY) or ""


def _written(node: Any, steps: list[str]) -> str:
    """The expression or number of a Map at a path; empty without one."""
    for step in steps:
        if not isinstance(node, Mapping):
            return ""
        node = node.get(step)
    return str(node) if isinstance(node, str | int | float) else ""
