"""Add `_id` and `timestamp`, which XDM's class ExperienceEvent requires.

The `_id` is the same whenever an event is sent again, so that Profile deduplicates it (Adobe's
"Stream time series data").
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from bridge.delivery.delivery import Delivery
from bridge.errors import MappingError, UnsupportedBodyError
from bridge.messages.dates import rfc3339
from bridge.sources.connection import Flow
from bridge.strict_json import read_body, write_json


def missing_event_fields(
    flow: Flow, delivery: Delivery, entity: Mapping[str, Any]
) -> dict[str, str]:
    """Return the fields that the flow's schema requires and the entity lacks."""
    if flow.behavior != "time-series":
        return {}
    event_fields = {
        "_id": event_id(delivery),
        "timestamp": rfc3339(delivery.sent_at or delivery.received_at),
    }
    return {name: text for name, text in event_fields.items() if name not in entity}


def with_event_fields(flow: Flow, delivery: Delivery, body: bytes) -> bytes:
    """Return a body with the missing fields inserted first; its own bytes are unchanged.

    Args:
        flow: of the delivery.
        delivery: of the body.
        body: its JSON, in UTF-8.

    Raises:
        UnsupportedBodyError: the flow requires the fields and the body is not JSON.
        MappingError: the flow requires the fields and the body is not an object.
    """
    if flow.behavior != "time-series":
        return body
    document = _document(body)
    if not isinstance(document, dict):
        raise MappingError("the body is not an object")
    missing = missing_event_fields(flow, delivery, document)
    return insert_fields(missing, body, is_empty=not document)


def insert_fields(fields: Mapping[str, str], body: bytes, *, is_empty: bool) -> bytes:
    """Return an object with more fields at its beginning; its own bytes are unchanged.

    Args:
        fields: none of them is in the object.
        body: the object as JSON.
        is_empty: whether it has no fields of its own.
    """
    if not fields:
        return body
    _, rest = body.split(b"{", 1)
    return write_json(fields)[:-1] + (b"" if is_empty else b",") + rest


def _document(body: bytes) -> Any:
    try:
        return read_body(body)
    except (ValueError, RecursionError):
        pass
    # Outside of the except clause: the context of the exception could quote the body.
    raise UnsupportedBodyError("the body is not JSON")


def event_id(delivery: Delivery) -> str:
    """Return a unique id of 64 hexadecimal digits, derived from the delivery's key."""
    name = f"{delivery.source}\n{delivery.key}"
    return hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()
