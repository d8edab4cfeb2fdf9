"""The part of an XDM schema that a template can write, small enough to stand in a document."""

import difflib
import re
from collections.abc import Mapping
from typing import Any, Final, Literal

TIME_SERIES: Final = "https://ns.adobe.com/xdm/data/time-series"
_EXPERIENCE_EVENT: Final = "https://ns.adobe.com/xdm/context/experienceevent"
# What the bridge adds to a message beside its template.
_ADDED: Final = ("_id", "timestamp", "identityMap")
# Keywords that say what a value may be; titles, descriptions and `meta:` say what it means.
_KEPT: Final = frozenset(
    {
        *("type", "enum", "const", "pattern", "required"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
        *("minLength", "maxLength", "minItems", "maxItems"),
    }
)


def schema_behavior(schema: Mapping[str, Any]) -> Literal["time-series", "record"]:
    """Of the schema's class: `meta:class` and `meta:extends` of Adobe's Schema Registry."""
    extends = schema.get("meta:extends")
    bases = [schema.get("meta:class"), *(extends if isinstance(extends, list) else ())]
    is_event = any(base in bases for base in (TIME_SERIES, _EXPERIENCE_EVENT))
    return "time-series" if is_event else "record"


def part_of(schema: Mapping[str, Any], template: Any) -> dict[str, Any]:
    """JSON Schema for what a template gives.

    An object that the template spells out may have no field that the schema does not have. What an
    expression gives is held to all that the schema says there.

    Args:
        schema: as Adobe's Schema Registry gives it with every reference resolved (`xed-full`).
        template: JSON.

    Raises:
        ValueError: the template has a field that the schema does not have, or lacks one that it
            requires; names its place.
    """
    part = _part(schema, template, "")
    if "properties" in part and isinstance(template, dict):
        known = _fields(schema) or {}
        added = {name: _stripped(known.get(name)) for name in _ADDED}
        part["properties"] = {**added, **part["properties"]}
    return part


def _part(schema: Mapping[str, Any], template: Any, place: str) -> dict[str, Any]:
    known = _fields(schema)
    match template:
        case dict() if known is not None:
            _check_required(schema, template, place)
            parts = {
                name: _part(_field(known, name, place), each, _below(place, name))
                for name, each in template.items()
            }
            return {"type": "object", "properties": parts, "additionalProperties": False}
        case list() if isinstance(items := schema.get("items"), dict):
            for index, each in enumerate(template):
                _part(items, each, _below(place, str(index)))
    return _stripped(schema)


def _check_required(schema: Mapping[str, Any], template: Mapping[str, Any], place: str) -> None:
    required = schema.get("required")
    for name in required if isinstance(required, list) else ():
        if isinstance(name, str) and name not in template and not (place == "" and name in _ADDED):
            raise ValueError(f"{_below(place, name)}: is required by the schema")


def _field(known: Mapping[str, Any], name: str, place: str) -> Mapping[str, Any]:
    field = known.get(name)
    if isinstance(field, Mapping):
        return field
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"; is it {close[0]}?" if close else ""
    raise ValueError(f"{_below(place, name)}: the schema has no such field{hint}")


def _fields(schema: Mapping[str, Any]) -> Mapping[str, Any] | None:
    properties = schema.get("properties")
    return properties if isinstance(properties, Mapping) else None


def _stripped(schema: object) -> dict[str, Any]:
    """All that a schema asks, and nothing that it tells; no reference is among it."""
    if not isinstance(schema, Mapping):
        return {}
    kept = {keyword: value for keyword, value in schema.items() if keyword in _KEPT}
    if not _is_compiled(kept.get("pattern", "")):
        del kept["pattern"]
    if (properties := _fields(schema)) is not None:
        kept["properties"] = {name: _stripped(each) for name, each in properties.items()}
        kept["additionalProperties"] = False
    if isinstance(more := schema.get("additionalProperties"), Mapping):
        kept["additionalProperties"] = _stripped(more)
    if isinstance(items := schema.get("items"), Mapping):
        kept["items"] = _stripped(items)
    return kept


def _is_compiled(pattern: Any) -> bool:
    """Whether it is a pattern for Python too; XDM's are of other languages, the inlet checks it."""
    try:
        re.compile(pattern)
    except (re.error, TypeError, OverflowError, RecursionError):
        return False
    return True


def _below(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name
