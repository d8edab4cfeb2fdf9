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
# Without those that Adobe adds.
_MEMBERS: Final = (
    "@type",
    "xdm:sourceSchema",
    "xdm:sourceVersion",
    "xdm:sourceProperty",
    "xdm:namespace",
    "xdm:property",
)


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
    yield from _demotions(wanted, actual)
    # A schema has one primary identity: the former one changes first.
    for each in sorted(wanted["identities"], key=lambda each: bool(each["xdm:isPrimary"])):
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


def schema_conflicts(wanted: Mapping[str, Any], actual: Mapping[str, Any]) -> tuple[str, ...]:
    """What cannot change once a schema is enabled for Profile."""
    expected, observed = _primary(wanted), _primary(actual)
    if not (actual["profile"] and expected and observed) or expected == observed:
        return ()
    return (f"the primary identity is {observed}, not {expected}, and Profile is on",)


def _primary(item: Mapping[str, Any]) -> str:
    """The field of the primary identity, or an empty text."""
    fields = (
        str(each.get("xdm:sourceProperty"))
        for each in item["identities"]
        if each.get("xdm:isPrimary")
    )
    return next(fields, "")


def _demotions(
    wanted: Mapping[str, Any], actual: Mapping[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """What makes room for another primary identity, of those that the properties do not have."""
    known = {each["xdm:sourceProperty"] for each in wanted["identities"]}
    for each in actual["identities"]:
        path = each.get("xdm:sourceProperty")
        if _primary(wanted) and each.get("xdm:isPrimary") and path not in known:
            place = f"/identities/{each['@id']}"
            value = {name: each[name] for name in _MEMBERS if name in each}
            value["xdm:isPrimary"] = False
            yield f"the identity {path}", {"op": "replace", "path": place, "value": value}


def _add(path: str, value: Any) -> dict[str, Any]:
    return {"op": "add", "path": path, "value": value}
