"""Read custom fields, write them as the Schema Registry has them, and compare them.

    {order: {id: string, total: number, tags: [string]}}

https://experienceleague.adobe.com/en/docs/experience-platform/xdm/tutorials/custom-fields-api
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

# "Long"; larger integers lose digits in Adobe's own JavaScript.
_LONG: Final = 9_007_199_254_740_992
_OF_TENANT: Final = (
    "; the bridge adds the namespace of the tenant: write its fields directly below Fields"
)
_OTHER_TYPES: Final = {
    **dict.fromkeys(("str", "string", "text", "varchar"), "string"),
    **dict.fromkeys(("byte", "int", "integer", "long", "short"), "integer"),
    **dict.fromkeys(("decimal", "double", "float", "number"), "number"),
    **dict.fromkeys(("bool", "boolean"), "boolean"),
    **dict.fromkeys(("datetime", "date_time", "timestamp"), "date-time"),
    **dict.fromkeys(("array", "list", "string[]"), "[string]"),
    **dict.fromkeys(("dict", "map", "object"), "{name: string}"),
}
"""By what other languages call a type, and XDM."""
_KEYWORDS: Final = frozenset({"type", "format"})
"""Of JSON Schema, as far as each can have the name of a type as its value."""
TYPES: Final[Mapping[str, Mapping[str, Any]]] = {
    "string": {"type": "string"},
    "integer": {"type": "integer", "minimum": -_LONG, "maximum": _LONG},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "date-time": {"type": "string", "format": "date-time"},
}
"""The types of custom fields with the constraints that Adobe documents for each."""

NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
"""Adobe documents letters, digits and underscores, of which the last cannot be first; the first
character and the length are bounds of the bridge."""

MOST_FIELDS: Final = 500
MOST_LEVELS: Final = 8


def require_fields(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return valid custom fields.

    Raises:
        ValueError: a name, a type, the number or the depth is invalid; names the field.
    """
    if not fields:
        raise ValueError("must have a field")
    if _count(fields) > MOST_FIELDS:
        raise ValueError(f"takes at most {MOST_FIELDS} fields")
    _require_names(fields, "")
    return fields


def xdm_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Valid custom fields as JSON Schema, by their names."""
    return {name: _xdm(each) for name, each in fields.items()}


def likely_keywords(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Objects whose field `type` JSON Schema would read as their own type, and that type.

    They may be meant: webhooks have fields of this name.
    """
    match value:
        case {"type": str() as kind} if path and value.keys() <= _KEYWORDS:
            yield path, str(value.get("format", kind))
        case Mapping():
            for name, each in value.items():
                yield from likely_keywords(each, f"{path}.{name}" if path else name)
        case [item]:
            for place, kind in likely_keywords(item, path):
                yield place, f"[{kind}]" if place == path else kind


def field_at(fields: Mapping[str, Any], path: list[str]) -> Any:
    """The type of a custom field, or None if there is no such field."""
    found: Any = fields
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def conflicts(
    wanted: Mapping[str, Any], actual: Mapping[str, Any], path: str = ""
) -> Iterator[str]:
    """Fields that have another type at Adobe, which can never be changed once data may exist."""
    for name, schema in wanted.items():
        if name not in actual:
            continue
        at, there = f"{path}{name}", actual[name]
        expected, observed = _kind(schema), _kind(there)
        if expected != observed:
            yield f"field {at} is {observed}, not {expected}"
        else:
            yield from conflicts(_below(schema), _below(there), f"{at}.")


def missing(
    wanted: Mapping[str, Any], actual: Mapping[str, Any], path: str = "", pointer: str = ""
) -> Iterator[tuple[str, str, Any]]:
    """Fields that Adobe does not have: name, JSON Pointer below the fields, and JSON Schema."""
    for name, schema in wanted.items():
        at, place = f"{path}{name}", f"{pointer}/{name}"
        if name not in actual:
            yield at, place, schema
        else:
            step = "/items/properties" if schema.get("type") == "array" else "/properties"
            yield from missing(_below(schema), _below(actual[name]), f"{at}.", f"{place}{step}")


def _count(value: Any) -> int:
    waiting, found = [value], 0
    while waiting and found <= MOST_FIELDS:
        match waiting.pop():
            case Mapping() as fields:
                found += len(fields)
                waiting += fields.values()
            case [item]:
                waiting.append(item)
    return found


def _require_names(fields: Mapping[str, Any], path: str, level: int = 1) -> None:
    if level > MOST_LEVELS:
        raise ValueError(f"{path.rstrip('.')}: takes at most {MOST_LEVELS} levels")
    seen: set[str] = set()
    for name, value in fields.items():
        if not NAME.fullmatch(str(name)):
            is_tenant = level == 1 and str(name).startswith("_") and isinstance(value, Mapping)
            raise ValueError(
                f"{path}{name}: a name is a letter, then letters, digits and underscores, "
                f"64 characters at most{_OF_TENANT if is_tenant else ''}"
            )
        if name.lower() in seen:
            raise ValueError(f"{path}{name}: differs from another name in capitals only")
        seen.add(name.lower())
        _require_type(value, f"{path}{name}", level)


def _require_type(value: Any, path: str, level: int) -> None:
    match value:
        case str() if value in TYPES:
            return
        case Mapping() if value:
            _require_names(value, f"{path}.", level + 1)
        case [Mapping() | str() as item]:
            _require_type(item, path, level)
        case _:
            raise ValueError(
                f"{path}: must be {', '.join(TYPES)}, an object of fields, or a list of one of them"
                f"{_likely_type(value)}"
            )


def _likely_type(value: Any) -> str:
    """The type that another name means, as a question; empty for any other value."""
    meant = _OTHER_TYPES.get(value.lower(), "") if isinstance(value, str) else ""
    return f"; is it {meant}?" if meant else ""


def _xdm(value: Any) -> dict[str, Any]:
    match value:
        case str():
            return dict(TYPES[value])
        case Mapping():
            return {"type": "object", "properties": xdm_fields(value)}
        case _:
            return {"type": "array", "items": _xdm(value[0])}


def _below(schema: Any) -> Mapping[str, Any]:
    """The fields of an object, or of the objects of a list."""
    if isinstance(schema, Mapping) and schema.get("type") == "array":
        return _below(schema.get("items"))
    found = schema.get("properties") if isinstance(schema, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _kind(schema: Any) -> str:
    if not isinstance(schema, Mapping):
        return "something else"
    if schema.get("type") == "array":
        return f"a list of {_kind(schema.get('items'))}"
    for name, definition in TYPES.items():
        if all(schema.get(key) == definition.get(key) for key in ("type", "format")):
            return name
    return str(schema.get("type", "another type"))
