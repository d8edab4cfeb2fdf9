"""Reduce an XDM schema to the part that a template can write."""

import difflib
import re
from collections.abc import Mapping
from typing import Any, Final, Literal

TIME_SERIES: Final = "https://ns.adobe.com/xdm/data/time-series"
_EXPERIENCE_EVENT: Final = "https://ns.adobe.com/xdm/context/experienceevent"
# Fields that the bridge adds to the output of a template.
_ADDED: Final = ("_id", "timestamp", "identityMap")
# Keywords that constrain a value, unlike titles, descriptions and `meta:`.
_CONSTRAINTS: Final = frozenset(
    {
        *("type", "enum", "const", "pattern", "required"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
        *("minLength", "maxLength", "minItems", "maxItems"),
    }
)


def schema_behavior(schema: Mapping[str, Any]) -> Literal["time-series", "record"]:
    """The behavior of the schema's class, by `meta:class` and `meta:extends`."""
    extends = schema.get("meta:extends")
    bases = [schema.get("meta:class"), *(extends if isinstance(extends, list) else ())]
    is_event = any(base in bases for base in (TIME_SERIES, _EXPERIENCE_EVENT))
    return "time-series" if is_event else "record"


def schema_subset(schema: Mapping[str, Any], template: Any) -> dict[str, Any]:
    """JSON Schema for the output of a template.

    A literal object of the template may only have fields of the schema. The result of an
    expression is validated against everything that the schema requires at its path.

    Args:
        schema: as Adobe's Schema Registry returns it with every reference resolved (`xed-full`).
        template: JSON.

    Raises:
        ValueError: the template has a field that the schema does not have, or lacks a required
            one; names the path.
    """
    part = _part(schema, template, "")
    if "properties" in part and isinstance(template, dict):
        known = _fields(schema) or {}
        added = {name: _constraints(known.get(name)) for name in _ADDED}
        part["properties"] = {**added, **part["properties"]}
    return part


def _part(schema: Mapping[str, Any], template: Any, path: str) -> dict[str, Any]:
    known = _fields(schema)
    match template:
        case dict() if known is not None:
            _check_required(schema, template, path)
            parts = {
                name: _part(_field(known, name, path), each, _below(path, name))
                for name, each in template.items()
            }
            return {"type": "object", "properties": parts, "additionalProperties": False}
        case list() if isinstance(items := schema.get("items"), dict):
            for index, each in enumerate(template):
                _part(items, each, _below(path, str(index)))
    return _constraints(schema)


def _check_required(schema: Mapping[str, Any], template: Mapping[str, Any], path: str) -> None:
    required = schema.get("required")
    for name in required if isinstance(required, list) else ():
        if isinstance(name, str) and name not in template and not (path == "" and name in _ADDED):
            raise ValueError(f"{_below(path, name)}: is required by the schema")


def _field(known: Mapping[str, Any], name: str, path: str) -> Mapping[str, Any]:
    field = known.get(name)
    if isinstance(field, Mapping):
        return field
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"; is it {close[0]}?" if close else ""
    raise ValueError(f"{_below(path, name)}: the schema has no such field{hint}")


def _fields(schema: Mapping[str, Any]) -> Mapping[str, Any] | None:
    properties = schema.get("properties")
    return properties if isinstance(properties, Mapping) else None


def _constraints(schema: object) -> dict[str, Any]:
    """The constraints of a schema without annotations and references."""
    if not isinstance(schema, Mapping):
        return {}
    constraints = {keyword: value for keyword, value in schema.items() if keyword in _CONSTRAINTS}
    if not _can_compile(constraints.get("pattern", "")):
        del constraints["pattern"]
    if (properties := _fields(schema)) is not None:
        constraints["properties"] = {name: _constraints(each) for name, each in properties.items()}
        constraints["additionalProperties"] = False
    if isinstance(more := schema.get("additionalProperties"), Mapping):
        constraints["additionalProperties"] = _constraints(more)
    if isinstance(items := schema.get("items"), Mapping):
        constraints["items"] = _constraints(items)
    return constraints


def _can_compile(pattern: Any) -> bool:
    """Whether Python can compile it; XDM allows other dialects, which the inlet checks."""
    try:
        re.compile(pattern)
    except (re.error, TypeError, OverflowError, RecursionError):
        return False
    return True


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
