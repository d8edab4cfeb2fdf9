"""What an event needs beside its body: `_id` and `timestamp`, as XDM's class ExperienceEvent asks.

The `_id` comes out the same whenever the event is sent again, so that Profile keeps one of what
transport doubled (Adobe's "Stream time series data").
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from bridge.delivery.delivery import Delivery
from bridge.errors import MappingError
from bridge.messages.body_parsing import read_content
from bridge.messages.dates import rfc3339
from bridge.sources.source import Flow
from bridge.strict_json import write_json


def missing_event_fields(
    flow: Flow, delivery: Delivery, entity: Mapping[str, Any]
) -> dict[str, str]:
    """Those of both that an entity lacks and the flow's schema wants."""
    if flow.behavior != "time-series":
        return {}
    event_fields = {
        "_id": event_id(delivery),
        "timestamp": rfc3339(delivery.sent_at or delivery.received_at),
    }
    return {name: stamp for name, stamp in event_fields.items() if name not in entity}


def with_event_fields(flow: Flow, delivery: Delivery) -> bytes:
    """The body, with what it lacks at its front and otherwise its own bytes.

    Raises:
        UnsupportedBodyError: it is not JSON, where that has to be known.
        MappingError: it is no object, likewise.
    """
    body = delivery.body
    if flow.behavior != "time-series":
        return body
    document = read_content(body, "json")
    if not isinstance(document, dict):
        raise MappingError("the body is no object")
    missing = missing_event_fields(flow, delivery, document)
    if not missing:
        return body
    _, rest = body.split(b"{", 1)
    return write_json(missing)[:-1] + (b"," if document else b"") + rest


def event_id(delivery: Delivery) -> str:
    """64 hexadecimal digits that tell an event from all others."""
    name = f"{delivery.source}\n{delivery.key}"
    return hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()
