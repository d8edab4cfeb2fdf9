"""Requests of eight providers: an event, its retry, the most similar event, and forged ones."""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import jwt

from tests.support.sent_requests import passed, sent
from tests.support.signing_senders import CASES, b64, mac

URL_SECRET = "9c1f2b7e-Zoë"
GRID = {"topic": "/subscriptions/1/topics/orders", "eventType": "Acme.Created", "subject": "1"}
BOUNDARY = "------------------------2b6c1f0d9e8a7b5c"


@dataclass(frozen=True)
class EventVariants:
    """Requests of one provider.

    Attributes:
        retry: of `event`; `other` is the most similar event that is not a retry.
        forged: what nobody with the secret sent.
        properties: of the source.
    """

    event: dict[str, Any]
    retry: dict[str, Any]
    other: dict[str, Any]
    forged: list[dict[str, Any]]
    properties: Mapping[str, Any] = field(default_factory=dict)


def mapped(**fields: str) -> dict[str, Any]:
    return {"Routes": [{"Flow": "orders", "Map": fields}]}


def traced(request: dict[str, Any], trace: str) -> dict[str, Any]:
    """A request with another id of API Gateway."""
    return request | {"headers": request["headers"] | {"x-amzn-trace-id": f"Root=1-{trace}"}}


def with_headers(request: dict[str, Any], **headers: str) -> dict[str, Any]:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return request | {"headers": request["headers"] | named}


def event_grid() -> EventVariants:
    def grid(topic: str, attempt: str, query: str = "") -> dict[str, Any]:
        body = json.dumps([GRID | {"id": "e-1", "topic": topic}]).encode()
        headers = {"aeg-event-type": "Notification", "aeg-delivery-count": attempt}
        return passed(
            "azure_event_grid",
            query=query or urlencode({"code": URL_SECRET}),
            headers=headers,
            body=body,
        )

    return EventVariants(
        event=grid("orders", "0"),
        retry=grid("orders", "1"),
        other=grid("returns", "0"),
        forged=[grid("orders", "0", "code=another"), grid("orders", "0", "x=1")],
        properties={"Split": "body"} | mapped(id="body.id", subject="body.subject"),
    )


def x_twitter() -> EventVariants:
    def signed(number: int, header: str, secret: str = "") -> dict[str, Any]:
        body = json.dumps({"for_user_id": "1", "tweet_create_events": [{"id": number}]}).encode()
        made = sent("x_twitter", body, secret)
        name = "x-twitter-webhooks-signature-oauth2"
        return made | {"headers": {header: made["headers"][name]}}

    legacy, oauth2 = "x-twitter-webhooks-signature", "x-twitter-webhooks-signature-oauth2"
    return EventVariants(
        event=signed(1, oauth2),
        retry=signed(1, legacy),
        other=signed(2, legacy),
        forged=[signed(1, oauth2, "another"), signed(1, "x-signature")],
    )


def mailchimp() -> EventVariants:
    def form(second: int, query: str = "") -> dict[str, Any]:
        fields = {
            "type": "profile",
            "fired_at": f"2026-11-28 22:00:0{second}",
            "data[email]": "zoë@acme.example",
        }
        return passed(
            "mailchimp",
            query=query or urlencode({"secret": URL_SECRET}),
            headers={"content-type": "application/x-www-form-urlencoded"},
            body=urlencode(fields).encode(),
        )

    return EventVariants(
        event=form(1),
        retry=form(1),
        other=form(2),
        forged=[form(1, "secret=another"), form(1, "a=b")],
        properties=mapped(email='body."data[email]"', type="body.type"),
    )


def supabase() -> EventVariants:
    now, body = int(datetime.now(UTC).timestamp()), b'{"user":{"id":"u-1"}}'

    def hook(name: str, seconds: int, **changes: str) -> dict[str, Any]:
        """https://supabase.com/docs/guides/auth/auth-hooks."""
        signature = mac(b"k" * 24, f"{name}.{seconds}.".encode() + body)
        headers = {
            "webhook-id": name,
            "webhook-timestamp": str(seconds),
            "webhook-signature": f"v1,{b64(signature)}",
        }
        return passed("supabase", body=body, headers=headers | changes)

    return EventVariants(
        event=hook("msg_1", now),
        retry=traced(hook("msg_1", now + 2), "2"),
        other=hook("msg_2", now),
        forged=[hook("msg_1", now, **{"webhook-id": "msg_3"}), passed("supabase", body=body)],
    )


def google_push() -> EventVariants:
    def notified(number: str, token: str = "tok-9c1f") -> dict[str, Any]:
        headers = {
            "x-goog-channel-id": "channel-1",
            "x-goog-channel-token": token,
            "x-goog-message-number": number,
            "x-goog-resource-state": "update",
            "x-goog-resource-uri": "https://www.googleapis.com/drive/v3/files/1",
        }
        return passed("google_push", headers=headers)

    return EventVariants(
        event=notified("7"),
        retry=traced(notified("7"), "2"),
        other=notified("9"),
        forged=[notified("8", "another"), notified("8", "")],
        properties=mapped(uri='headers."x-goog-resource-uri"', state="event_type"),
    )


def vonage() -> EventVariants:
    def signed(status: str, hashed: bytes | None = None) -> dict[str, Any]:
        document = {"message_uuid": "aaaa", "status": status, "timestamp": "2026-11-28T22:00:00Z"}
        body = json.dumps(document).encode()
        return passed("vonage", body=body, headers=token(body if hashed is None else hashed))

    def token(body: bytes) -> dict[str, str]:
        claims = {
            "iat": int(datetime.now(UTC).timestamp()),
            "payload_hash": sha256(body).hexdigest(),
        }
        text = jwt.encode(claims, CASES["vonage"].secret, "HS256")
        return {"authorization": f"Bearer {text}"}

    return EventVariants(
        event=signed("delivered"),
        retry=signed("delivered"),
        other=signed("read"),
        forged=[signed("delivered", b"other"), passed("vonage", body=b'{"status":"read"}')],
    )


def jotform() -> EventVariants:
    def submitted(answer: str, boundary: str, query: str = "") -> dict[str, Any]:
        fields = {
            "formID": "233344556677",
            "submissionID": "5000000000000000001",
            "rawRequest": json.dumps({"q3_name": answer, "event_id": "e-1"}),
        }
        body = "".join(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
            for name, text in fields.items()
        )
        return passed(
            "jotform",
            query=query or urlencode({"secret": URL_SECRET}),
            headers={"content-type": f"multipart/form-data; boundary={boundary}"},
            body=f"{body}--{boundary}--\r\n".encode(),
        )

    return EventVariants(
        event=submitted("Zoë", BOUNDARY),
        retry=submitted("Zoë", "----another"),
        other=submitted("Zoe", BOUNDARY),
        forged=[submitted("Zoë", BOUNDARY, "secret=another")],
        properties=mapped(name="parse_json(body.rawRequest).q3_name", form="body.formID"),
    )


def getstream() -> EventVariants:
    def called(number: str, *, compressed: bool = False, secret: str = "") -> dict[str, Any]:
        body = b'{"type":"message.new","created_at":"2026-11-28T22:00:00.123456789Z"}'
        key = secret or CASES["getstream"].secret
        headers = {"x-signature": mac(key, body).hex(), "x-webhook-id": number}
        if compressed:
            body, headers = gzip.compress(body), headers | {"content-encoding": "gzip"}
        return passed("getstream", body=body, headers=headers)

    return EventVariants(
        event=called("id-1"),
        retry=with_headers(called("id-1", compressed=True), x_webhook_attempt="2"),
        other=called("id-2", compressed=True),
        forged=[called("id-3", secret="another"), passed("getstream", body=b"{}")],
    )


VARIANTS = {
    "azure_event_grid": event_grid,
    "getstream": getstream,
    "google_push": google_push,
    "jotform": jotform,
    "mailchimp": mailchimp,
    "supabase": supabase,
    "vonage": vonage,
    "x_twitter": x_twitter,
}
