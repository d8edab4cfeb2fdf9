"""What the Schema Registry accepts as a schema, a field group and a change of one.

Sources: see `schema_library`; names of fields: "Define XDM fields in the UI".
"""

import re
from collections.abc import Mapping
from typing import Any

from adobe_emulator.platform_errors import bad_request
from adobe_emulator.xdm_components import behavior_of

_FIELD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_]*")
_TYPES = {"string", "integer", "number", "boolean", "object", "array"}
_COMMON = {"type", "title", "description", "allOf", "meta:immutableTags", "meta:extends"}
_OF_GROUPS = {*_COMMON, "definitions", "meta:intendedToExtend"}


def references(document: Mapping[str, Any]) -> list[str]:
    """The `$ref` of each item of `allOf`."""
    return [each["$ref"] for each in document["allOf"]]


def check_schema(body: Any, extended: Mapping[str, list[str]]) -> None:
    """Validate a schema: one class, then field groups that extend it. Raises RefusedError."""
    _check_common(body, _COMMON)
    classes = [each for each in references(body) if behavior_of(each)]
    if len(classes) != 1 or references(body)[0] != classes[0]:
        raise bad_request("allOf must begin with the schema's only class")
    groups = references(body)[1:]
    if len(set(groups)) != len(groups):
        raise bad_request("allOf names a field group twice")
    for each in groups:
        if each not in extended:
            raise bad_request(f"Object {each} not found")
        if extended[each] and classes[0] not in extended[each]:
            raise bad_request(f"field group {each} does not extend the class {classes[0]}")


def check_field_group(body: Any, namespace: str) -> None:
    """Validate a field group and its fields. Raises RefusedError."""
    _check_common(body, _OF_GROUPS)
    match body:
        case {"meta:intendedToExtend": [_, *_], "definitions": dict(definitions)} if definitions:
            pass
        case _:
            raise bad_request("a field group has meta:intendedToExtend and definitions")
    if references(body) != [f"#/definitions/{name}" for name in definitions]:
        raise bad_request("allOf must reference the definitions")
    for definition in definitions.values():
        if list(definition.get("properties", {})) != [namespace]:
            raise bad_request(
                f"For custom fields, you must use a top level field named {namespace} and all the "
                "other fields must be defined under it"
            )
        _check_fields(definition["properties"][namespace])


def check_additive(before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Reject a change that removes or redefines something. Raises RefusedError."""
    if not set(references(before)) <= set(references(after)):
        raise bad_request("a breaking change: a field group is removed")
    if "union" in before.get("meta:immutableTags", ()) and "union" not in after.get(
        "meta:immutableTags", ()
    ):
        raise bad_request("an immutable tag is removed")
    _require_kept(before.get("definitions", {}), after.get("definitions", {}), "")


def _check_common(body: Any, known: set[str]) -> None:
    match body:
        case {
            "type": "object",
            "title": str(title),
            "description": str(),
            "allOf": [*parts],
        } if title and all(isinstance(p, dict) and isinstance(p.get("$ref"), str) for p in parts):
            pass
        case _:
            raise bad_request("type, title, description and allOf with references are required")
    written = {name for name in body if not name.startswith("meta:reg")}
    unknown = written - known - _ASSIGNED
    if unknown:
        raise bad_request(f"unknown property: {min(unknown)}")


_ASSIGNED = {
    *("$id", "meta:altId", "meta:resourceType", "meta:containerId", "meta:tenantNamespace"),
    *("imsOrg", "version", "meta:class", "meta:registryMetadata"),
}


def _check_fields(schema: Any) -> None:
    match schema:
        case {"type": "object", "properties": dict(fields)} if fields:
            for name, each in fields.items():
                if not _FIELD.fullmatch(name):
                    raise bad_request(f"invalid name of a field: {name}")
                _check_fields(each)
        case {"type": "array", "items": dict(items)}:
            _check_fields(items)
        case {"type": str(kind)} if kind in _TYPES - {"object", "array"}:
            pass
        case _:
            raise bad_request("a field has a type, an object properties, an array items")


def _require_kept(before: Mapping[str, Any], after: Any, path: str) -> None:
    for name, value in before.items():
        at = f"{path}/{name}"
        there = after.get(name) if isinstance(after, Mapping) else None
        if isinstance(value, Mapping):
            _require_kept(value, there, at)
        elif name in ("type", "format") and there != value:
            raise bad_request(f"a breaking change: {path} is removed or redefined")
