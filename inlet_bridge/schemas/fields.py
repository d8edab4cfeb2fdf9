"""List the fields of a schema as a Map writes them."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from bridge.spelling import nearest
from inlet_bridge.operations.errors import OperationError

_MOST_VALUES: Final = 6
_DEEPEST: Final = 12
"""Levels that are listed; XDM's deepest field has fewer."""


class SchemaField(NamedTuple):
    """A field.

    Attributes:
        path: names with dots; `[]` follows that of a list.
        kind: its type, with format, values and limits as far as the schema has them.
    """

    path: str
    kind: str
    is_required: bool


def schema_fields(schema: Mapping[str, Any], below: str = "") -> Iterator[SchemaField]:
    """The fields of a schema, by path.

    Args:
        schema: with references resolved.
        below: the path of a field, whose own fields are listed; empty for all.

    Raises:
        OperationError: there is no such field; names the nearest.
    """
    path = ""
    for name in filter(None, below.removesuffix("[]").split(".")):
        known = _properties(schema)
        plain = name.removesuffix("[]")
        if plain not in known:
            close = nearest(plain, known)
            meant = f"is it {close}?" if close else f"there is {', '.join(sorted(known)) or 'none'}"
            within = f" in {path}" if path else ""
            raise OperationError(f"the schema has no field {plain}{within}; {meant}")
        schema, path = known[plain], f"{path}.{plain}" if path else plain
        if _is_list(schema):
            schema, path = schema["items"], f"{path}[]"
    yield from _fields(schema, path, is_required=False, depth=0)


def _fields(
    schema: Mapping[str, Any], path: str, *, is_required: bool, depth: int
) -> Iterator[SchemaField]:
    if _is_list(schema):
        yield from _fields(schema["items"], f"{path}[]", is_required=is_required, depth=depth + 1)
        return
    properties = _properties(schema)
    if not properties or depth > _DEEPEST:
        if path:
            yield SchemaField(path, _kind(schema), is_required)
        return
    required = schema.get("required", ())
    for name in sorted(properties):
        yield from _fields(
            properties[name],
            f"{path}.{name}" if path else name,
            is_required=name in required,
            depth=depth + 1,
        )


def _is_list(schema: Mapping[str, Any]) -> bool:
    return isinstance(schema.get("items"), Mapping)


def _properties(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    found = schema.get("properties")
    return found if isinstance(found, Mapping) else {}


def _kind(schema: Mapping[str, Any]) -> str:
    stated = schema.get("type", "any")
    kind = " or ".join(map(str, stated)) if isinstance(stated, list) else str(stated)
    parts = [kind]
    if form := schema.get("format"):
        parts.append(str(form))
    if pattern := schema.get("pattern"):
        parts.append(f"pattern {pattern}")
    values = schema.get("enum")
    if isinstance(values, list):
        shown = ", ".join(map(str, values[:_MOST_VALUES]))
        parts.append(f"one of {shown}{', …' if len(values) > _MOST_VALUES else ''}")
    for name, words in (("minimum", "at least"), ("maximum", "at most")):
        if name in schema:
            parts.append(f"{words} {schema[name]}")
    return ", ".join(parts)
