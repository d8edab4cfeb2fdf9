"""Webhooks of the sources of the samples, as API Gateway passes them on."""

import gzip
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any, Final

import boto3

from tests.compatibility.history.sources import PATH_TOKEN, PRESETS, PUBLIC_URL, SECRET
from tests.support.http_requests import http
from tests.support.registrations import webhook
from tests.support.sent_requests import sent, source_name

_BODIES: Final[dict[str, bytes]] = {
    "github": b'{"action":"opened","issue":{"number":1,"title":"caf\xc3\xa9"},"weight":1.50}',
    "gitlab_token": b'{"object_kind":"push","total":1}',
    "slack": b'{"type":"event_callback","event_id":"Ev0001","event":{"type":"message"}}',
    "sendgrid": b'[{"sg_event_id":"s-1","event":"open","email":"a@example.com"}]',
    "gocardless": b'{"events":[{"id":"EV0001","resource_type":"payments"}]}',
    "okta": b'{"eventId":"okta-1","eventType":"com.okta.event_hook","data":{"events":[]}}',
    "zoom": b'{"event":"meeting.started","event_ts":1763884800000,"payload":{"object":{}}}',
    "salesforce_outbound": (
        b'<?xml version="1.0"?><soapenv:Envelope '
        b'xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>'
        b'<notifications xmlns="http://soap.sforce.com/2005/09/outbound"><Notification>'
        b"<Id>04l000000000001</Id></Notification></notifications>"
        b"</soapenv:Body></soapenv:Envelope>"
    ),
}
_OF_ANY: Final = b'{"id":"evt_1","type":"order.paid","name":"Zo\xc3\xab","total":1.50}'


def preset_request(provider: str, number: int) -> dict[str, Any]:
    """A webhook of a source with a preset, signed at this time."""
    body = _BODIES.get(provider, _OF_ANY)
    if number > 1:
        body = _numbered(body, number)
    request = sent(provider, body)
    if provider == "github":
        request["headers"]["x-github-delivery"] = f"github-{number}"
    if provider == "gitlab_token":
        request["headers"]["idempotency-key"] = f"gitlab-{number}"
    return request


def preset_requests(number: int) -> dict[str, dict[str, Any]]:
    """One of each preset, by the name of its source."""
    return {source_name(each): preset_request(each, number) for each in PRESETS}


def custom_request(
    source: str, body: bytes | Mapping[str, Any], query: str = "", **headers: str
) -> dict[str, Any]:
    """A webhook of a source with a scheme of its own."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return _signed(source, content, content, query, headers)


def _signed(
    source: str, content: bytes, signed: bytes, query: str, headers: Mapping[str, str]
) -> dict[str, Any]:
    proof = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return http(
        source,
        content,
        {"content-type": "application/json", "x-signature": proof, **named},
        query=query,
    )


def plain(source: str, name: str, /, **more: Any) -> dict[str, Any]:
    """A webhook with an id."""
    return custom_request(source, {"id": name, "type": "order.paid", **more})


def compressed(name: str) -> dict[str, Any]:
    """A webhook whose body is compressed, and signed as it is sent."""
    body = gzip.compress(json.dumps({"id": name, "type": "order.paid"}).encode(), mtime=0)
    return custom_request("compressed", body, content_encoding="gzip")


def partial(name: str) -> dict[str, Any]:
    """A webhook of which the signature covers two fields."""
    body = json.dumps({"id": name, "type": "order.paid", "name": "Jo", "left": "out"}).encode()
    return _signed("partial", body, f"{name}.order.paid".encode(), "", {})


def signed_url(name: str) -> dict[str, Any]:
    """A webhook whose signature covers the URL of a proxy."""
    body = json.dumps({"id": name, "type": "order.paid"}).encode()
    return _signed("url", body, PUBLIC_URL.encode() + body, "", {})


def form(name: str) -> dict[str, Any]:
    """A form in windows-1252, whose bytes are no text in UTF-8."""
    body = f"id={name}&city=M\xfcnchen".encode("windows-1252")
    return custom_request(
        "forms",
        body,
        "tenant=eu&tag=a&tag=b",
        content_type="application/x-www-form-urlencoded",
        x_agent="invented/1.0",
    )


def split(name: str) -> dict[str, Any]:
    """A webhook of two events, one of which has two flows, and one that no route matches."""
    items = [
        {"id": f"{name}-a", "kind": "order", "n": 1, "e": "a@example.com"},
        {"id": f"{name}-b", "kind": "return", "n": 2},
        {"id": f"{name}-c", "kind": "other", "n": 3},
    ]
    return plain("split", name, items=items)


def registered(number: int) -> dict[str, Any]:
    """A webhook of the sender that registered its secret."""
    return webhook("asana", "invented-secret-of-asana-b537207f20cb", number, PATH_TOKEN)


def subscribed(number: int) -> dict[str, Any]:
    """A webhook of the source that has a webhook at its vendor."""
    name = "/inlet-bridge/dev/secrets/subscriptions/stripe"
    found = boto3.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]
    body = f'{{"id":"evt_{number}","type":"charge.succeeded","data":{{}}}}'.encode()
    return sent("stripe", body, found["Value"])


def _numbered(body: bytes, number: int) -> bytes:
    """The body of another event."""
    texts = (b"evt_1", b'"number":1', b'"total":1', b"Ev0001", b"s-1", b"EV0001", b"okta-1")
    for text in (*texts, b"1763884800000", b"04l000000000001"):
        body = body.replace(text, text[:-1] + str(number).encode())
    return body
