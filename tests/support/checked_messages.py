"""A source whose flow has an XDM schema with a constraint of every kind, behind the handlers."""

import json
from typing import Any, Final

from adobe_emulator.xdm_schemas import SCHEMA_ID
from tests.support.delivery_cloud import DeliveryCloud
from tests.support.webhook_events import signed

TEXT: Final = {"type": "string"}
NAMESPACES: Final = {
    "type": "object",
    "additionalProperties": {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["id"],
            "properties": {"id": TEXT, "primary": {"type": "boolean"}},
        },
    },
}
SCHEMA: Final[dict[str, Any]] = {
    "$id": SCHEMA_ID,
    "type": "object",
    "title": "Members",
    "meta:class": "https://ns.adobe.com/xdm/context/profile",
    "meta:extends": ["https://ns.adobe.com/xdm/data/record"],
    "required": ["loyaltyId"],
    "properties": {
        "loyaltyId": TEXT,
        "level": {"type": "string", "enum": ["gold", "silver"], "meta:enum": {"gold": "Gold"}},
        "points": {"type": "integer", "minimum": 0, "maximum": 2147483648},
        **{
            f"{kind}Count": {"type": "integer", "meta:xdmType": kind}
            for kind in ("byte", "short", "int", "long")
        },
        "balance": {"type": "number"},
        "active": {"type": "boolean"},
        "since": {"type": "string", "format": "date"},
        "changed": {"type": "string", "format": "date-time"},
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
        "code": {"type": "string", "minLength": 2, "maxLength": 4},
        "homepage": {"type": "string", "format": "uri"},
        "address": {
            "type": "object",
            "required": ["city"],
            "properties": {"city": TEXT, "street": TEXT},
        },
        "orders": {
            "type": "array",
            "maxItems": 3,
            "items": {
                "type": "object",
                "required": ["sku"],
                "properties": {"sku": TEXT, "price": {"type": "number"}},
            },
        },
        "tags": {"type": "array", "uniqueItems": True, "items": TEXT},
        "discount": {"type": "number", "multipleOf": 0.5},
        "contact": {
            "anyOf": [
                {"type": "object", "required": [each], "properties": {each: TEXT}}
                for each in ("email", "phone")
            ]
        },
        "identityMap": NAMESPACES,
    },
}
GOOD: Final[dict[str, Any]] = {
    "loyaltyId": "L-1",
    "level": "gold",
    "points": 7,
    "balance": 1.50,
    "active": True,
    "since": "2024-02-29",
    "changed": "2026-03-14T09:20:04.123Z",
    "currency": "EUR",
    "code": "abcd",
    "homepage": "https://example.com/",
    "address": {"city": "Berlin", "street": "Am Ufer 1"},
    "orders": [{"sku": "TIN-01", "price": 1}],
    "tags": ["a", "b"],
    "discount": 1.5,
    "contact": {"phone": "555", "email": "a@b.c"},
}


def configure(cloud: DeliveryCloud, schema: object = SCHEMA, **properties: Any) -> None:
    """Give the flow of the source `github` a schema, and deploy the source."""
    cloud.adobe.schemas[SCHEMA_ID] = schema  # type: ignore[assignment]
    cloud.configure("github", **properties)
    cloud.restart()


def send(cloud: DeliveryCloud, body: object) -> int:
    """Send a webhook and forward what is buffered; return the status of the response."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"x-github-delivery": f"d-{len(cloud.records())}"}
    answer = cloud.receive(signed("github-signed", body=content, headers=headers))
    if answer.status == 202:
        assert cloud.forward_what_waits() == []
    return answer.status


def received(cloud: DeliveryCloud) -> list[bytes]:
    """The entities that the inlet has received."""
    contents = [message.content for message in cloud.adobe.ledger.received]
    return [content.partition(b'"xdmEntity":')[2].removesuffix(b"}}") for content in contents]


def entities(cloud: DeliveryCloud) -> list[dict[str, Any]]:
    """The same, read."""
    return [json.loads(content) for content in received(cloud)]


def reasons(cloud: DeliveryCloud) -> list[str]:
    """Why webhooks became dead letters since the last call."""
    return [reason for _, reason in cloud.take_dead()]


def warnings(cloud: DeliveryCloud) -> list[str]:
    """What the functions logged about messages that were sent."""
    lines = [line for line in cloud.lines() if line["message"] == "message may be rejected"]
    return [line["reason"] for line in lines]
