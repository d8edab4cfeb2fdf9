"""Build the events and SSM parameters of the functions."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

from bridge.delivery.delivery import Delivery
from bridge.sources.connection import Connection, Flow
from bridge.sources.route import Route, RouteTarget
from bridge.sources.source import Source
from bridge.verification.catalogue import PRESETS

SECRET = "benchmark, no secret at all"  # noqa: S105 (no secret)
SOURCES = {"open": False, "authenticated": True, "distant": False}
"""Whether the inlet of a source needs a token."""
_FLOW_ID = "11111111-2222-3333-4444-555555555555"
_SCHEMA_ID = "https://ns.adobe.com/bench/schemas/0123456789abcdef"
_DATASET_ID = "0123456789abcdef01234567"
_ORG_ID = "0123456789ABCDEF01234567@AdobeOrg"


def body(size: int, number: int = 0) -> bytes:
    """A JSON object of this size, like a webhook: a list of items with strings and numbers."""
    document: dict[str, Any] = {"id": f"evt_{number:08}", "type": "order.created", "items": []}
    while len(_json(document)) < size:
        item = {"sku": f"sku-{len(document['items']):05}", "price": 12.5, "title": "Tea in a tin"}
        document["items"].append(item)
    document["items"].pop()
    document["note"] = ""
    document["note"] = "x" * (size - len(_json(document)))
    return _json(document)


def webhook(source: str, content: bytes, number: int = 0) -> bytes:
    """An API Gateway HTTP API event with a webhook of GitHub."""
    mac = hmac.new(SECRET.encode(), content, hashlib.sha256).hexdigest()
    path = f"/webhooks/{source}"
    http = {
        "method": "POST",
        "path": path,
        "protocol": "HTTP/1.1",
        "sourceIp": "192.0.2.1",
        "userAgent": "GitHub-Hookshot/7c2b1d5",
    }
    return _json(
        {
            "version": "2.0",
            "routeKey": "ANY /webhooks/{source}",
            "rawPath": path,
            "rawQueryString": "",
            "headers": {
                "content-type": "application/json",
                "host": "abc123.execute-api.eu-central-1.amazonaws.com",
                "user-agent": "GitHub-Hookshot/7c2b1d5",
                "x-forwarded-for": "192.0.2.1",
                "x-forwarded-proto": "https",
                "x-github-delivery": f"72d3162e-cc78-11e3-81ab-{number:012}",
                "x-github-event": "push",
                "x-hub-signature-256": f"sha256={mac}",
            },
            "requestContext": {
                "accountId": "123456789012",
                "apiId": "abc123",
                "domainName": "abc123.execute-api.eu-central-1.amazonaws.com",
                "domainPrefix": "abc123",
                "http": http,
                "requestId": "JKJaXmPLvHcESHA=",
                "routeKey": "ANY /webhooks/{source}",
                "stage": "$default",
                "time": "25/Nov/2026:20:00:00 +0000",
                "timeEpoch": 1_764_100_800_000,
            },
            "pathParameters": {"source": source},
            "body": content.decode(),
            "isBase64Encoded": False,
        }
    )


def batch(count: int, size: int) -> bytes:
    """An SQS event with this number and size of deliveries."""
    return _json({"Records": [_record(number, body(size, number)) for number in range(count)]})


def parameters(inlet_url: str, distant_url: str = "") -> dict[str, str]:
    """The SSM parameters of the sources, their secret, and those of the reference handlers.

    Args:
        inlet_url: the inlet of all sources but the distant one.
        distant_url: an inlet that responds as late as one in production; empty for the same one.
    """
    urls = dict.fromkeys(SOURCES, inlet_url) | {"distant": distant_url or inlet_url}
    documents = {
        f"/inlet-bridge/bench/sources/{name}": _source(
            name, urls[name], authenticated=authenticated
        ).to_document()
        for name, authenticated in SOURCES.items()
    }
    credentials = {"client_id": "c", "client_secret": "s", "org_id": _ORG_ID}
    credentials |= {"scopes": "openid", "sandbox": "prod"}
    schema = {"id": _SCHEMA_ID, "contentType": "application/vnd.adobe.xed-full+json;version=1"}
    header = {"schemaRef": schema, "imsOrgId": _ORG_ID, "datasetId": _DATASET_ID}
    address = {
        "flow_id": _FLOW_ID,
        "header": {**header, "source": {"name": "bench"}},
        "xdmMeta": {"schemaRef": schema},
    }
    addresses = {
        f"/inlet-bridge/bench/addresses/{name}": json.dumps({**address, "url": url})
        for name, url in urls.items()
    }
    return {
        **documents,
        **addresses,
        "/inlet-bridge/bench/secrets/webhooks": SECRET,
        "/inlet-bridge/bench/secrets/adobe": json.dumps(credentials),
    }


def connection_and_flow(
    inlet_url: str = "", *, authenticated: bool = False
) -> tuple[Connection, Flow]:
    """The connection and flow of a source."""
    connection = Connection(
        name="webhooks",
        inlet_url=inlet_url,
        authenticated=authenticated,
        data_type="xdm",
        source_id="bench",
        org_id=_ORG_ID,
        sandbox="prod",
    )
    return connection, Flow(_FLOW_ID, _DATASET_ID, _SCHEMA_ID, datetime(2026, 1, 1, tzinfo=UTC))


def _source(name: str, inlet_url: str, *, authenticated: bool) -> Source:
    preset = PRESETS["github"]
    connection, flow = connection_and_flow(inlet_url, authenticated=authenticated)
    return Source(
        name=name,
        provider="github",
        scheme=preset.scheme,
        delivery_id=preset.delivery_id,
        event_type=preset.event_type,
        secrets=("/inlet-bridge/bench/secrets/webhooks",),
        delivery="inline",
        routes=(Route((RouteTarget("events"),)),),
        connection=connection,
        flows={"events": flow},
    )


def _record(number: int, content: bytes) -> dict[str, Any]:
    now = datetime.now(UTC)
    delivery = Delivery(
        "open", f"d-{number}", f"id:d-{number}", "push", "events", now, now, content
    )
    return {
        "messageId": f"m-{number}",
        "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:buffer",
        "receiptHandle": f"r-{number}",
        "body": delivery.encode(),
        "attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": str(int(now.timestamp() * 1_000)),
        },
        "messageAttributes": {},
        "eventSource": "aws:sqs",
    }


def _json(document: object) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()
