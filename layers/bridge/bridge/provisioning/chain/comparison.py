"""Compare an object at Adobe with the desired one; find the changes that are possible in place."""

from collections.abc import Mapping
from typing import Any, Final

from bridge.names import Kind
from bridge.provisioning.chain.schema_bodies import (
    field_conflicts,
    field_group_changes,
    schema_changes,
    schema_conflicts,
)

type Operation = dict[str, Any]
"""One operation of a JSON Patch (RFC 6902)."""

_DISABLED: Final = frozenset({"disabled", "disabling"})


def differences(
    kind: Kind, wanted: Mapping[str, Any], actual: Mapping[str, Any]
) -> tuple[str, ...]:
    """Descriptions of the differences that require a new object, with both values."""
    if kind == "fieldgroups":
        return field_conflicts(wanted, actual)
    expected, observed = _identity(kind, wanted), _identity(kind, actual)
    conflicts = schema_conflicts(wanted, actual) if kind == "schemas" else ()
    return conflicts + tuple(
        f"{name} is {_described(observed[name], 'missing')}, "
        f"not {_described(expected[name], 'a new one')}"
        for name in expected
        if expected[name] != observed[name]
    )


def changes(
    kind: Kind, wanted: Mapping[str, Any], actual: Mapping[str, Any]
) -> dict[str, Operation]:
    """The operations that change an object in place, by their descriptions."""
    if kind in ("mappingSets", "dataSets"):
        return {}
    if kind == "schemas":
        return _renamed(wanted, actual) | dict(schema_changes(wanted, actual))
    if kind == "fieldgroups":
        return _renamed(wanted, actual) | dict(field_group_changes(wanted, actual))
    found = _renamed(wanted, actual)
    if kind == "flows" and _mapping(wanted) != _mapping(actual):
        found["the mapping"] = _replace(
            "/transformations/0", wanted["transformations"][0], actual, "transformations"
        )
    return found


def _renamed(wanted: Mapping[str, Any], actual: Mapping[str, Any]) -> dict[str, Operation]:
    return {
        f"the {name}": _replace(f"/{name}", wanted[name], actual, name)
        for name in ("name", "description")
        if wanted[name] != actual.get(name)
    }


def is_disabled(kind: Kind, actual: Mapping[str, Any]) -> bool:
    """Whether a flow is disabled; its inlet drops the messages that it accepts."""
    return kind == "flows" and str(actual.get("state", "")).lower() in _DISABLED


def mapping_set_schema(item: Mapping[str, Any]) -> Any:
    """The schema of a mapping set, in the current or the older form; None if it names none."""
    return _at(item, "outputSchema", "schemaRef", "id") or _at(item, "xdmSchema")


def _replace(path: str, value: Any, actual: Mapping[str, Any], name: str) -> Operation:
    return {"op": "replace" if actual.get(name) else "add", "path": path, "value": value}


def _described(value: Any, nothing: str) -> str:
    match value:
        case None | "" | [""]:
            return nothing
        case bool():
            return "on" if value else "off"
        case [str(only)]:
            return only
        case list():
            return f"{len(value)} others"
        case _:
            return str(value)


def _mapping(flow: Mapping[str, Any]) -> tuple[str, str]:
    """The version is a number in the tutorial and a string in the OpenAPI file."""
    params = _at(flow, "transformations", 0, "params")
    return str(_at(params, "mappingId")), str(_at(params, "mappingVersion"))


def _identity(  # noqa: PLR0911 (one for each kind)
    kind: Kind, item: Mapping[str, Any]
) -> dict[str, Any]:
    match kind:
        case "connections":
            return {
                "the kind of connection": _at(item, "connectionSpec", "id"),
                "the data type": _at(item, "auth", "params", "dataType"),
                # Some responses omit it; the default is false.
                "authentication": bool(_at(item, "auth", "params", "authenticationRequired")),
            }
        case "schemas":
            return {"the class": _at(item, "class")}
        case "dataSets":
            return {
                "the schema of the dataset": _at(item, "schemaRef", "id"),
                "Profile": "enabled:true" in _tags(item, "unifiedProfile"),
            }
        case "sourceConnections":
            return {"the base connection": _at(item, "baseConnectionId")}
        case "targetConnections":
            return {
                "the kind of target": _at(item, "connectionSpec", "id"),
                "the dataset": _at(item, "params", "dataSetId"),
                "the schema": _at(item, "data", "schema", "id"),
            }
        case "mappingSets":
            return {
                "the mapping set": _at(item, "name"),
                "the mapping set's schema": _at(item, "outputSchema", "schemaRef", "id"),
                "the mapping": [_field(each) for each in _at(item, "mappings") or ()],
            }
        case "flows":
            return {
                "the kind of flow": _at(item, "flowSpec", "id"),
                "the source connection": _at(item, "sourceConnectionIds"),
                "the target connection": _at(item, "targetConnectionIds"),
            }
        case _:
            return {}


def _tags(item: Mapping[str, Any], name: str) -> list[str]:
    """The OpenAPI file has a space after the colon."""
    return [str(tag).replace(" ", "") for tag in _at(item, "tags", name) or ()]


def _field(mapping: Mapping[str, Any]) -> tuple[Any, Any]:
    """Data Prep also returns a mapping with the field names of an older version."""
    source = mapping.get("source") or mapping.get("sourceAttribute")
    return source, mapping.get("destination") or mapping.get("destinationXdmPath")


def _at(value: Any, *path: str | int) -> Any:
    """A nested value of a response, or None if part of its path is missing."""
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value
