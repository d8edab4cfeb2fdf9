"""What expressions can read of a webhook."""

from typing import Any

CONTEXT: dict[str, Any] = {
    "event_type": "order.paid",
    "delivery_id": "d-1",
    "source": "shop",
    "received_at": "2026-11-01T12:00:00Z",
    "headers": {"x-topic": "orders/paid"},
    "body": {
        "items": [{"sku": "a", "price": 5}, {"sku": "b", "price": 2}],
        "email": " Jane@Example.com ",
        "total": 1999,
        "currency": "EUR",
        "at": 1_700_000_000,
        "empty": "",
        "nothing": None,
        "list": ["", None, "x", {}],
        "json": '{"a": [1]}',
    },
}
