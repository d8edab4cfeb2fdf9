"""Senders that sign a timestamp together with the body."""

import base64
import json
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from urllib.parse import quote

from inlet_bridge.senders.sender import (
    Sender,
    Sending,
    b64,
    mac,
    milliseconds,
    rfc3339,
    seconds,
    sha1_hex,
    with_body,
)
from inlet_bridge.senders.signed_bodies import hex_of_body


def like_stripe(
    header: str,
    form: str = "t={},v1={}",
    dot: str = ".",
    clock: Callable[[datetime], str] = seconds,
) -> Sender:
    """Time and signature in one header."""

    def sign(it: Sending) -> dict[str, str]:
        time = clock(it.at)
        return {header: form.format(time, mac(it.secret, f"{time}{dot}".encode() + it.body).hex())}

    return Sender(sign, new_secret=lambda: f"whsec_{secrets.token_urlsafe(24)}")


def like_slack(header: str, time_header: str, prefix: str = "v0=") -> Sender:
    """Version, time and body; the time in a separate header."""

    def sign(it: Sending) -> dict[str, str]:
        time = seconds(it.at)
        signature = mac(it.secret, f"v0:{time}:".encode() + it.body).hex()
        return {time_header: time, header: prefix + signature}

    return Sender(sign)


def standard_webhooks(word: str = "webhook") -> Sender:
    """https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md."""

    def sign(it: Sending) -> dict[str, str]:
        key = base64.b64decode(it.secret.removeprefix("whsec_"))
        signature = b64(mac(key, f"{it.delivery_id}.{seconds(it.at)}.".encode() + it.body))
        return {
            f"{word}-id": it.delivery_id,
            f"{word}-timestamp": seconds(it.at),
            f"{word}-signature": f"v1,{signature}",
        }

    return Sender(sign, new_secret=lambda: f"whsec_{b64(secrets.token_bytes(32))}")


def _supabase() -> Sender:
    """Standard Webhooks; the secret is shown as `v1,whsec_…`.

    https://supabase.com/docs/guides/auth/auth-hooks
    """
    sender = standard_webhooks()

    def sign(it: Sending) -> dict[str, str]:
        return sender.sign(replace(it, secret=it.secret.removeprefix("v1,")))

    return Sender(sign, new_secret=lambda: f"v1,{sender.new_secret()}")


def _sanity(it: Sending) -> dict[str, str]:
    time = milliseconds(it.at)
    digest = mac(it.secret, time.encode() + b"." + it.body)
    signature = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return {"sanity-webhook-signature": f"t={time},v1={signature}"}


def _zendesk(it: Sending) -> dict[str, str]:
    time = rfc3339(it.at)
    return {
        "x-zendesk-webhook-signature": b64(mac(it.secret, time.encode() + it.body)),
        "x-zendesk-webhook-signature-timestamp": time,
    }


def _webflow(it: Sending) -> dict[str, str]:
    time = milliseconds(it.at)
    signature = mac(it.secret, time.encode() + b":" + it.body).hex()
    return {"x-webflow-signature": signature, "x-webflow-timestamp": time}


def _box(it: Sending) -> dict[str, str]:
    time = rfc3339(it.at)
    return {
        "box-signature-primary": b64(mac(it.secret, it.body + time.encode())),
        "box-delivery-timestamp": time,
    }


def _cloudinary(it: Sending) -> dict[str, str]:
    time = seconds(it.at)
    digest = sha1_hex(it.body + f"{time}{it.secret}".encode())
    return {"x-cld-signature": digest, "x-cld-timestamp": time}


def _contentful(it: Sending) -> dict[str, str]:
    time = milliseconds(it.at)
    names = "x-contentful-signed-headers,x-contentful-timestamp,x-contentful-topic"
    topic = it.headers.get("x-contentful-topic", "ContentManagement.Entry.publish")
    signed = (
        f"x-contentful-signed-headers:{names};x-contentful-timestamp:{time};"
        f"x-contentful-topic:{topic}"
    )
    path, _, query = it.url.partition("://")[2].partition("?")
    path = "/" + path.partition("/")[2]
    if query:
        path += "?" + quote(query, safe="-_.!~*'()")
    path = quote(path, safe="-_.!~*'();,/?:@&=+$#")
    content = f"POST\n{path}\n{signed}\n".encode() + it.body
    return {
        "x-contentful-topic": topic,
        "x-contentful-timestamp": time,
        "x-contentful-signed-headers": names,
        "x-contentful-signature": mac(it.secret, content).hex(),
    }


def _in_body(it: Sending, name: str, value: object) -> Sending:
    """The body, a JSON object, with an additional field."""
    document = json.loads(it.body or b"{}")
    return with_body(it, json.dumps({**document, name: value}, ensure_ascii=False).encode())


def _mailgun(it: Sending) -> Sending:
    token = it.delivery_id
    signature = mac(it.secret, f"{seconds(it.at)}{token}".encode()).hex()
    proof = {"timestamp": seconds(it.at), "token": token, "signature": signature}
    return _in_body(it, "signature", proof)


TIMED = {
    "box": Sender(
        _box, always={"box-signature-version": "1", "box-signature-algorithm": "HmacSHA256"}
    ),
    "calendly": like_stripe("calendly-webhook-signature"),
    "cloudinary": Sender(_cloudinary),
    "contentful": Sender(_contentful, new_secret=lambda: secrets.token_hex(32)),
    "customerio": like_slack("x-cio-signature", "x-cio-timestamp", prefix=""),
    "elevenlabs": like_stripe("elevenlabs-signature", form="t={},v0={}"),
    "gitlab_signing_token": standard_webhooks(),
    "linear": Sender(
        hex_of_body("linear-signature").sign,
        shape=lambda it: _in_body(it, "webhookTimestamp", int(milliseconds(it.at))),
    ),
    "mailgun": Sender(lambda _: {}, shape=_mailgun),
    "mux": like_stripe("mux-signature"),
    "openai": standard_webhooks(),
    "paddle": like_stripe("paddle-signature", form="ts={};h1={}", dot=":"),
    "sanity": Sender(_sanity),
    "slack": like_slack("x-slack-signature", "x-slack-request-timestamp"),
    "standard_webhooks": standard_webhooks(),
    "stripe": like_stripe("stripe-signature"),
    "supabase": _supabase(),
    "svix": standard_webhooks("svix"),
    "webflow": Sender(_webflow),
    "workos": like_stripe("workos-signature", clock=milliseconds, form="t={}, v1={}"),
    "zendesk": Sender(_zendesk),
    "zoom": like_slack("x-zm-signature", "x-zm-request-timestamp"),
}
