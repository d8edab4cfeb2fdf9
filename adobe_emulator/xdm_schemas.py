"""The schemas of the tenant, as the Schema Registry returns them with references resolved.

Classes and field groups are those of Adobe's public XDM, recorded in `xdm/`. The field groups of
the tenant, below `_emulated`, have what XDM has no field for.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from adobe_emulator.xdm_components import merged, recorded

PERMISSIVE_SCHEMA_ID: Final = (
    "https://ns.adobe.com/emulated/schemas/5f1c2d3e4a5b60718293a4b5c6d7e8f9"
)
"""A class without fields: any object is valid. No real schema is like that; for tests only."""

SCHEMA_ID: Final = PERMISSIVE_SCHEMA_ID

EVENTS_SCHEMA_ID: Final = "https://ns.adobe.com/emulated/schemas/e1e1c2d3e4a5b60718293a4b5c6d7e01"
"""Class XDM ExperienceEvent with all its field groups in `xdm/`, which every recipe fits."""

PROFILES_SCHEMA_ID: Final = "https://ns.adobe.com/emulated/schemas/f2f2c2d3e4a5b60718293a4b5c6d7e02"
"""Class XDM Individual Profile with the field groups for demographic and contact details."""

_RECORDED: Final = Path(__file__).with_name("xdm")
_TEXT: Final = {"type": "string"}
_INTEGER: Final = {"type": "integer"}
_TIME: Final = {"type": "string", "format": "date-time"}
_EVENT_CLASS: Final = "https://ns.adobe.com/xdm/context/experienceevent"
_TENANT_GROUP: Final = "https://ns.adobe.com/emulated/mixins"


def _object(**fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": fields}


def _schema(
    schema_id: str, name: str, title: str, tenant: Mapping[str, Any], further: Sequence[str] = ()
) -> dict[str, Any]:
    """A recorded class with its field groups, and the tenant's."""
    document = json.loads((_RECORDED / f"{name}.json").read_text(encoding="utf-8"))
    schema, groups = document["schema"], [*document["fieldGroups"]]
    for each in further:
        if each not in groups:
            schema = merged(schema, recorded()[each]["schema"])
            groups.append(each)
    return {
        "$id": schema_id,
        "title": title,
        **schema,
        "properties": {**schema["properties"], "_emulated": tenant},
        "meta:class": document["class"],
        "meta:extends": [
            document["class"],
            document["behavior"],
            *groups,
            f"{_TENANT_GROUP}/{name}",
        ],
    }


SCHEMAS: Final[Mapping[str, Mapping[str, Any]]] = {
    PERMISSIVE_SCHEMA_ID: {
        "$id": PERMISSIVE_SCHEMA_ID,
        "type": "object",
        "meta:class": "https://ns.adobe.com/emulated/classes/0a0ac2d3e4a5b60718293a4b5c6d7e03",
        "meta:extends": ["https://ns.adobe.com/xdm/data/record"],
    },
    EVENTS_SCHEMA_ID: _schema(
        EVENTS_SCHEMA_ID,
        "experience-event",
        "Webhooks",
        _object(
            webhook=_object(source=_TEXT, event=_TEXT, deliveryId=_TEXT, receivedAt=_TIME),
            repository=_TEXT,
            action=_TEXT,
            actor=_TEXT,
            number=_INTEGER,
            channel=_TEXT,
            bucket=_TEXT,
            key=_TEXT,
            size=_INTEGER,
        ),
        [each for each, of in recorded().items() if _EVENT_CLASS in of["extends"]],
    ),
    PROFILES_SCHEMA_ID: _schema(
        PROFILES_SCHEMA_ID,
        "profile",
        "Contacts",
        _object(lifecycle=_TEXT, contactId=_TEXT, changedAt=_TIME),
    ),
}
