"""Translate schemas and field groups between the bridge's form and the Schema Registry's.

The bridge's form has `id` and `name` as other objects at Adobe, and custom fields without the
namespace of the tenant, which all of them are below.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

_DEFINITION: Final = "customFields"
_UNION: Final = "union"


def schema_document(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body of a POST, without what needs the `$id`: identities, and Profile, which needs them.

    The union tag is added afterwards: Adobe documents that a schema must have a primary identity
    before it is enabled.
    """
    return {
        "type": "object",
        "title": body["name"],
        "description": body["description"],
        "allOf": [{"$ref": each} for each in body["parts"]],
    }


def schema_item(
    document: Mapping[str, Any], identities: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """A schema as the Schema Registry returns it with `xed+json`."""
    return {
        "id": document.get("$id"),
        "name": document.get("title"),
        "description": document.get("description", ""),
        "class": document.get("meta:class"),
        "parts": list(_references(document)),
        "profile": _UNION in (document.get("meta:immutableTags") or ()),
        "identities": [dict(each) for each in identities],
    }


def field_group_document(body: Mapping[str, Any], tenant: str) -> dict[str, Any]:
    """The body of a POST."""
    return {
        "type": "object",
        "title": body["name"],
        "description": body["description"],
        "meta:intendedToExtend": list(body["classes"]),
        "definitions": {_DEFINITION: {"type": "object", "properties": _below(body, tenant)}},
        "allOf": [{"$ref": f"#/definitions/{_DEFINITION}"}],
    }


def field_group_item(document: Mapping[str, Any], tenant: str) -> dict[str, Any]:
    """A field group as the Schema Registry returns it with `xed+json`."""
    fields: dict[str, Any] = {}
    definitions = document.get("definitions")
    for each in definitions.values() if isinstance(definitions, Mapping) else ():
        properties = each.get("properties") if isinstance(each, Mapping) else None
        namespace = properties.get(f"_{tenant}") if isinstance(properties, Mapping) else None
        below = namespace.get("properties") if isinstance(namespace, Mapping) else None
        fields |= below if isinstance(below, Mapping) else {}
    return {
        "id": document.get("$id"),
        "name": document.get("title"),
        "description": document.get("description", ""),
        "classes": list(document.get("meta:intendedToExtend") or ()),
        "fields": fields,
    }


def registry_operations(operation: Mapping[str, Any], tenant: str) -> Iterator[dict[str, Any]]:
    """The operations of a PATCH for one of the bridge's form."""
    path, value = operation["path"], operation["value"]
    first, _, rest = path[1:].partition("/")
    match first:
        case "name":
            yield {"op": "replace", "path": "/title", "value": value}
        case "description":
            yield {**operation}
        case "parts":
            # Adobe's example changes both lists.
            yield {"op": "add", "path": "/meta:extends/-", "value": value}
            yield {"op": "add", "path": "/allOf/-", "value": {"$ref": value}}
        case "profile":
            yield {"op": "add", "path": "/meta:immutableTags", "value": [_UNION]}
        case "classes":
            yield {"op": "add", "path": "/meta:intendedToExtend/-", "value": value}
        case _:
            place = f"/definitions/{_DEFINITION}/properties/_{tenant}/properties/{rest}"
            yield {"op": "add", "path": place, "value": value}


def _below(body: Mapping[str, Any], tenant: str) -> dict[str, Any]:
    return {f"_{tenant}": {"type": "object", "properties": dict(body["fields"])}}


def _references(document: Mapping[str, Any]) -> Iterator[str]:
    for each in document.get("allOf") or ():
        reference = each.get("$ref") if isinstance(each, Mapping) else None
        if isinstance(reference, str):
            yield reference
