"""Smoke-test requests and their expected responses.

They are signed as Standard Webhooks, by code that the receiver does not share, so that a bug in
one of them is detected.
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from bridge.names import PREFLIGHT_SOURCE

# Responses of a receiver that read an earlier secret, no source or no secret: SSM does not always
# return what was just written.
_STALE_READS = frozenset(
    {HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE}
)
# Standard Webhooks allows five minutes.
_STALE = timedelta(minutes=10)
_HOST = "preflight.invalid"


@dataclass(frozen=True, slots=True)
class Probe:
    """One request and its expected response.

    Attributes:
        what: the subject of the sentence that says why a version was rejected.
        event: an HTTP API event, payload format 2.0.
        content: fields that the response's JSON must contain.
    """

    what: str
    event: Mapping[str, Any]
    status: HTTPStatus
    content: Mapping[str, str]

    def fault(self, answer: object) -> str:
        """Return what is wrong with the receiver's response; empty if nothing is."""
        if not isinstance(answer, Mapping) or "statusCode" not in answer:
            return f"{self.what} was not answered"
        if answer["statusCode"] != self.status:
            return f"{self.what} was answered with {answer['statusCode']} and not {self.status}"
        try:
            content = json.loads(answer.get("body") or "")
        except ValueError:
            return f"{self.what} was answered with no JSON"
        if self.content.items() <= content.items():
            return ""
        return f"{self.what} was not answered with {' and '.join(self.content)} as expected"


def may_be_stale(answer: object) -> bool:
    """Whether a wrong response may be due to a stale read of the source or its secret."""
    return isinstance(answer, Mapping) and answer.get("statusCode") in _STALE_READS


def new_secret(random: bytes) -> str:
    """Return a secret in the format of Standard Webhooks."""
    return "whsec_" + base64.b64encode(random).decode()


def probes(secret: str, delivery_id: str, now: datetime) -> Iterator[Probe]:
    """Yield the probes in the order in which they must be sent.

    The only route of their source drops them, so nothing is sent to Adobe.

    Args:
        secret: the source's secret.
        delivery_id: an id that was never used before.
        now: the current time.
    """
    body = json.dumps({"type": "preflight", "sent_at": now.isoformat()})
    signed = _event(body, _headers(secret, delivery_id, now, body))
    taken = {"status": "filtered", "delivery_id": delivery_id}
    yield Probe("a signed webhook", signed, HTTPStatus.OK, taken)
    yield Probe("the same webhook again", signed, HTTPStatus.OK, taken)
    forged = {**signed, "body": body.replace("preflight", "forged")}
    yield Probe("a forged webhook", forged, HTTPStatus.UNAUTHORIZED, {})
    old = _event(body, _headers(secret, delivery_id, now - _STALE, body))
    yield Probe("an old webhook", old, HTTPStatus.UNAUTHORIZED, {})
    unsigned = _event(body, {"content-type": "application/json"})
    yield Probe("an unsigned webhook", unsigned, HTTPStatus.UNAUTHORIZED, {})


def _headers(secret: str, delivery_id: str, sent_at: datetime, body: str) -> dict[str, str]:
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        raise ValueError("the secret is not as new_secret makes it") from None
    seconds = str(int(sent_at.timestamp()))
    content = f"{delivery_id}.{seconds}.{body}".encode()
    signature = base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
    return {
        "content-type": "application/json",
        "webhook-id": delivery_id,
        "webhook-timestamp": seconds,
        "webhook-signature": f"v1,{signature}",
    }


def _event(body: str, headers: Mapping[str, str]) -> dict[str, Any]:
    path = f"/webhooks/{PREFLIGHT_SOURCE}"
    return {
        "version": "2.0",
        "routeKey": "ANY /webhooks/{source}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": dict(headers),
        "pathParameters": {"source": PREFLIGHT_SOURCE},
        "requestContext": {
            "domainName": _HOST,
            "http": {"method": "POST", "path": path, "sourceIp": "127.0.0.1"},
        },
        "body": body,
        "isBase64Encoded": False,
    }
