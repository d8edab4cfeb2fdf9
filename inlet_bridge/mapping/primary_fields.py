"""Say which messages lack the field of their schema's primary identity.

Adobe makes it mandatory in every message: "Stream record data using the Streaming Ingestion API".
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from inlet_bridge.mapping.preview import Preview, PreviewedWebhook


def with_missing_identities(seen: Preview, connection: Mapping[str, Any] | None) -> Preview:
    """A preview with a note for each such message.

    Args:
        seen: of one sample.
        connection: its properties, which are valid; None if they are not known.
    """
    fields = dict(_primary_fields(connection or {}))
    return replace(seen, shown=tuple(_noted(each, fields) for each in seen.shown))


def _primary_fields(connection: Mapping[str, Any]) -> list[tuple[str, str]]:
    flows = connection.get("Flows")
    return [
        (str(flow.get("Name")), str(identity.get("Field")))
        for flow in (flows if isinstance(flows, list) else ())
        if isinstance(flow, Mapping) and isinstance(flow.get("Schema"), Mapping)
        for identity in flow["Schema"].get("Identities") or ()
        if isinstance(identity, Mapping) and identity.get("Primary") == "true"
    ]


def _noted(shown: PreviewedWebhook, fields: Mapping[str, str]) -> PreviewedWebhook:
    field = fields.get(shown.flow, "")
    if not field or shown.message is None or shown.error:
        return shown
    value = shown.message
    for name in field.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    if value is not None:
        return shown
    note = (
        f"the message has no {field}, the primary identity of its schema: Adobe requires it in"
        " every message of the dataset"
    )
    return replace(shown, notes=(*shown.notes, note))
