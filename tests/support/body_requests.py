"""Signed requests with bodies of any form, and what becomes of them."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from tests.support.delivery_cloud import DeliveryCloud
from tests.support.http_requests import configure, http, send

SECRET = "CANARY-shared"
SIGNED = {"Family": "mac", "Content": "{body}", "Signature": {"From": "header:x-signature"}}
WHOLE = [{"Flow": "orders", "Map": {"body": "body"}}]
JSON, FORM = "application/json", "application/x-www-form-urlencoded"


def declare(cloud: DeliveryCloud, source: str, **properties: Any) -> None:
    """Have the provisioner write down a source that signs its bodies, by default with a Map."""
    given: dict[str, Any] = {"Scheme": SIGNED, "Routes": WHOLE, **properties}
    assert configure(cloud, source, SECRET, **given) == ""


def proof(body: bytes) -> dict[str, str]:
    """The signature header of a body."""
    return {"x-signature": hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()}


def request(source: str, body: bytes, content_type: str = "", coding: str = "") -> dict[str, Any]:
    """A request whose signature covers the bytes on the wire."""
    named = {"content-type": content_type, "content-encoding": coding}
    headers = {name: text for name, text in named.items() if text}
    return http(source, body, {**headers, **proof(body)})


def messages(cloud: DeliveryCloud, first: int = 0) -> list[Any]:
    """The entities that are in the inlet, from a position on."""
    received = cloud.adobe.ledger.received[first:]
    return [json.loads(each.content)["body"]["xdmEntity"] for each in received]


def outcome(cloud: DeliveryCloud, event: Mapping[str, Any]) -> tuple[int, Any]:
    """The status of a request, and the body that expressions saw; None without a new message."""
    before = len(cloud.adobe.ledger.received)
    [answer] = send(cloud, dict(event))
    found = messages(cloud, before)
    return answer.status, found[0].get("body", found[0]) if found else None


def reason(cloud: DeliveryCloud) -> str:
    """The reason in the last line of the log."""
    return str(cloud.lines()[-1]["reason"])


def as_json(document: object, encoding: str = "utf-8") -> bytes:
    """JSON with characters as they are."""
    return json.dumps(document, ensure_ascii=False).encode(encoding)


def multipart(*parts: tuple[str, bytes], boundary: str = "----=_Part_1") -> bytes:
    """A multipart form of these parameters and values."""
    written = [
        f"--{boundary}\r\nContent-Disposition: form-data; {parameters}\r\n\r\n".encode() + value
        for parameters, value in parts
    ]
    return b"\r\n".join([*written, f"--{boundary}--\r\n".encode()])
