"""Describe the schema of a flow and the field group with its custom fields; find their changes.

Once a dataset has a schema, Adobe allows only additions to it and to its field groups, so what the
properties no longer have stays there.
https://experienceleague.adobe.com/en/docs/experience-platform/xdm/schema/composition#evolution
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from bridge.provisioning.chain.custom_fields import conflicts, missing, xdm_fields
from bridge.provisioning.chain.desired import SchemaDesign

_IDENTITY: Final = "xdm:descriptorIdentity"
_OF_IDENTITY: Final = ("xdm:namespace", "xdm:isPrimary")


def field_group_name(design: SchemaDesign) -> str:
    """The title of the field group, which differs from that of the schema: titles are unique."""
    return f"{design.name} fields"


def field_group(design: SchemaDesign) -> dict[str, Any]:
    """The field group, without its description."""
    return {
        "name": field_group_name(design),
        "classes": [design.class_id],
        "fields": xdm_fields(design.fields),
    }


def schema(design: SchemaDesign, group_id: str, *, profile: bool) -> dict[str, Any]:
    """The schema, without its description and without its own `$id` in the identities.

    Args:
        design: its properties.
        group_id: `$id` of the field group of its custom fields, or empty.
        profile: whether it is enabled for Real-Time Customer Profile.
    """
    groups = (*design.field_groups, group_id) if design.fields else design.field_groups
    return {
        "name": design.name,
        "class": design.class_id,
        "parts": [design.class_id, *groups],
        "profile": profile,
        "identities": [
            {
                "@type": _IDENTITY,
                "xdm:sourceVersion": 1,
                "xdm:sourceProperty": f"/{each.path.replace('.', '/')}",
                "xdm:namespace": each.namespace,
                "xdm:property": "xdm:code",
                "xdm:isPrimary": each.primary,
            }
            for each in design.identities
        ],
    }


def field_conflicts(wanted: Mapping[str, Any], actual: Mapping[str, Any]) -> tuple[str, ...]:
    """Custom fields that have another type at Adobe."""
    return tuple(conflicts(wanted["fields"], actual["fields"]))


def field_group_changes(
    wanted: Mapping[str, Any], actual: Mapping[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The additions that a field group needs, each with its description."""
    for each in wanted["classes"]:
        if each not in actual["classes"]:
            yield f"the class {each}", _add("/classes/-", each)
    for path, pointer, definition in missing(wanted["fields"], actual["fields"]):
        yield f"the field {path}", _add(f"/fields{pointer}", definition)


def schema_changes(
    wanted: Mapping[str, Any], actual: Mapping[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The additions that a schema needs, each with its description; Profile needs the others."""
    for each in wanted["parts"]:
        if each not in actual["parts"]:
            yield f"the field group {each}", _add("/parts/-", each)
    there = {each.get("xdm:sourceProperty"): each for each in actual["identities"]}
    for each in wanted["identities"]:
        path = each["xdm:sourceProperty"]
        value = {**each, "xdm:sourceSchema": actual["id"]}
        existing = there.get(path)
        if existing is None:
            yield f"the identity {path}", _add("/identities/-", value)
        elif any(existing.get(name) != each[name] for name in _OF_IDENTITY):
            place = f"/identities/{existing['@id']}"
            yield f"the identity {path}", {"op": "replace", "path": place, "value": value}
    if wanted["profile"] and not actual["profile"]:
        yield "Profile", _add("/profile", value=True)


def _add(path: str, value: Any) -> dict[str, Any]:
    return {"op": "add", "path": path, "value": value}
