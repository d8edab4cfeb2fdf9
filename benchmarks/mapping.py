"""Map an order with its lines, as in a shop's webhook."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import cycle
from typing import Any

from adobe_emulator.xdm_schemas import EVENTS_SCHEMA_ID, SCHEMAS
from bridge.delivery.delivery import Delivery
from bridge.messages.envelope import single_message
from bridge.messages.fan_out import fan_out
from bridge.messages.received_event import ReceivedEvent
from bridge.messages.xdm_entity import entity_of
from bridge.sources.source import Source
from inlet_bridge.mapping.declared import Declared
from inlet_bridge.mapping.preview import assumed_source

_MAP = {
    "timestamp": "date(body.created_at)",
    "eventType": "'commerce.purchases'",
    "commerce": {
        "purchases": {"value": 1},
        "order": {
            "purchaseID": "to_string(body.id)",
            "priceTotal": "number(body.total_price)",
            "currencyCode": "body.currency",
        },
    },
    "productListItems": "body.line_items[].{SKU: sku, name: title, quantity: quantity, "
    "priceTotal: number(price)}",
}
_ORDER = {
    "id": 820982911946154508,
    "email": "Jon@example.com",
    "created_at": "2026-03-14T05:20:04-04:00",
    "currency": "CAD",
    "total_price": "414.95",
}
_LINE = {"sku": "TIN-01", "title": "Tin of tea", "quantity": 2, "price": "199.00", "note": None}


def mapping_jobs(size: int) -> dict[str, Callable[[], object]]:
    """The work for a mapped webhook of this size, with and without its XDM schema."""
    now = datetime.now(UTC)
    headers = {"content-type": "application/json"}
    order = _order(size)
    # Two alternating bodies, because the parse of the last body is cached.
    arrivals = [
        ReceivedEvent("d-1", "id:d-1", "orders/create", now, now, headers, body)
        for body in (order, order.replace(b"Tin", b"Box", 1))
    ]
    plain, checked = _source({}), _source({"events": SCHEMAS[EVENTS_SCHEMA_ID]})
    come = cycle(arrivals)
    go = cycle([fan_out(plain, received).deliveries[0] for received in arrivals])
    return {
        "choose the route": lambda: fan_out(plain, next(come)),
        "map and envelope": lambda: _message(plain, next(go)),
        "map, check and envelope": lambda: _message(checked, next(go)),
    }


def _message(source: Source, delivery: Delivery) -> bytes:
    flow = source.flows[delivery.flow]
    return single_message(source.connection, flow, entity_of(source, delivery).content)


def _source(schemas: Mapping[str, Mapping[str, Any]]) -> Source:
    routes = [
        {
            "When": "event_type == 'orders/create'",
            "Flow": "events",
            "Map": _MAP,
            "Identity": {"Email": "lower(body.email)"},
        }
    ]
    properties = {"Name": "shop", "Provider": "shopify", "Connection": "c", "Routes": routes}
    return assumed_source(Declared(properties, ("events",)), "time-series", schemas)


def _order(size: int) -> bytes:
    lines: list[object] = []
    while len(content := json.dumps({**_ORDER, "line_items": lines}).encode()) < size:
        lines.append(_LINE)
    return content
