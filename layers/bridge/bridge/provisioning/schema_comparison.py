"""Compare a template with an XDM schema before anything is deployed."""

import difflib
from collections.abc import Mapping
from typing import Any, Final, Literal

TIME_SERIES: Final = "https://ns.adobe.com/xdm/data/time-series"
_EXPERIENCE_EVENT: Final = "https://ns.adobe.com/xdm/context/experienceevent"
# Fields that the bridge adds to the output of a template.
_ADDED: Final = ("_id", "timestamp", "identityMap")


def schema_behavior(schema: Mapping[str, Any]) -> Literal["time-series", "record"]:
    """The behavior of the schema's class, by `meta:class` and `meta:extends`."""
    extends = schema.get("meta:extends")
    bases = [schema.get("meta:class"), *(extends if isinstance(extends, list) else ())]
    is_event = any(base in bases for base in (TIME_SERIES, _EXPERIENCE_EVENT))
    return "time-series" if is_event else "record"


def check_template(schema: Mapping[str, Any], template: Any, path: str = "") -> None:
    """Check that a template has only fields of a schema, and those that the schema requires.

    The values of expressions are checked when a message is made.

    Args:
        schema: as Adobe's Schema Registry returns it with every reference resolved (`xed-full`).
        template: JSON.
        path: of the schema's part; empty for the entity.

    Raises:
        ValueError: a field is unknown or missing; names its path.
    """
    known = _fields(schema)
    match template:
        case dict() if known is not None and "patternProperties" not in schema:
            _check_required(schema, template, path)
            for name, each in template.items():
                check_template(_field(known, name, path), each, _below(path, name))
        case dict() if isinstance(more := schema.get("additionalProperties"), Mapping):
            for name, each in template.items():
                check_template(more, each, _below(path, name))
        case list() if isinstance(items := schema.get("items"), Mapping):
            for index, each in enumerate(template):
                check_template(items, each, _below(path, str(index)))


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


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
