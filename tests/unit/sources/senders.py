"""Senders that sign as their vendors' documentation says, with nothing of the code under test.

The catalogue holds the address of each vendor's page.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bridge.webhook import Webhook

NOW = datetime(2026, 1, 1, 12, 30, tzinfo=UTC)
URL = "https://hooks.example.com/prod/webhooks/it?b=2&a=%C3%AB"
BODY = '{"id":"evt_1","type":"order.paid","name":"Zoë 🎉","total":1.50}'.encode()

type Sign = Callable[[bytes, str, datetime], dict[str, str]]
"""From body, secret and time to the headers that prove them."""


@dataclass(frozen=True)
class Sender:
    """One provider's habits."""

    sign: Sign
    secret: str = "9c1f2b7e-Zoë"
    other_secret: str = "a-former-secret"
    always: Mapping[str, str] = field(default_factory=dict)
    body: Callable[[datetime, str], bytes] = lambda at, secret: BODY

    def send(self, secret: str = "", at: datetime = NOW, body: bytes | None = None) -> Webhook:
        """A request with a fresh proof."""
        secret = secret or self.secret
        content = self.body(at, secret) if body is None else body
        headers = {"content-type": "application/json", **self.always}
        return Webhook("POST", URL, headers | self.sign(content, secret, at), content)


def mac(secret: str | bytes, content: bytes, name: str = "sha256") -> bytes:
    key = secret.encode() if isinstance(secret, str) else secret
    return hmac.new(key, content, name).digest()


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def seconds(at: datetime) -> str:
    return str(int(at.timestamp()))


def milliseconds(at: datetime) -> str:
    return str(int(at.timestamp() * 1000))


def rfc3339(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def hex_of_body(header: str, prefix: str = "", name: str = "sha256") -> Sender:
    return Sender(lambda body, secret, at: {header: prefix + mac(secret, body, name).hex()})


def base64_of_body(header: str, prefix: str = "") -> Sender:
    return Sender(lambda body, secret, at: {header: prefix + b64(mac(secret, body))})


def like_stripe(
    header: str,
    form: str = "t={},v1={}",
    dot: str = ".",
    clock: Callable[[datetime], str] = seconds,
) -> Sender:
    def sign(body: bytes, secret: str, at: datetime) -> dict[str, str]:
        signature = mac(secret, f"{clock(at)}{dot}".encode() + body).hex()
        return {header: form.format(clock(at), signature)}

    return Sender(sign)


def like_slack(header: str, time_header: str, prefix: str = "v0=") -> Sender:
    def sign(body: bytes, secret: str, at: datetime) -> dict[str, str]:
        signature = mac(secret, f"v0:{seconds(at)}:".encode() + body).hex()
        return {time_header: seconds(at), header: prefix + signature}

    return Sender(sign)


def standard_webhooks(word: str = "webhook") -> Sender:
    def sign(body: bytes, secret: str, at: datetime) -> dict[str, str]:
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signature = b64(mac(key, f"msg_1.{seconds(at)}.".encode() + body))
        return {
            f"{word}-id": "msg_1",
            f"{word}-timestamp": seconds(at),
            f"{word}-signature": f"v1,{signature}",
        }

    return Sender(sign, f"whsec_{b64(b'k' * 24)}", f"whsec_{b64(b'o' * 24)}")


def shown(header: str, form: str = "{}") -> Sender:
    return Sender(lambda body, secret, at: {header: form.format(secret)}, "tok-9c1f", "tok-old")


def sanity(body: bytes, secret: str, at: datetime) -> dict[str, str]:
    digest = mac(secret, milliseconds(at).encode() + b"." + body)
    signature = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return {"sanity-webhook-signature": f"t={milliseconds(at)},v1={signature}"}


def zendesk(body: bytes, secret: str, at: datetime) -> dict[str, str]:
    return {
        "x-zendesk-webhook-signature": b64(mac(secret, rfc3339(at).encode() + body)),
        "x-zendesk-webhook-signature-timestamp": rfc3339(at),
    }


def webflow(body: bytes, secret: str, at: datetime) -> dict[str, str]:
    signature = mac(secret, milliseconds(at).encode() + b":" + body).hex()
    return {"x-webflow-signature": signature, "x-webflow-timestamp": milliseconds(at)}


def box(body: bytes, secret: str, at: datetime) -> dict[str, str]:
    return {
        "box-signature-primary": b64(mac(secret, body + rfc3339(at).encode())),
        "box-delivery-timestamp": rfc3339(at),
    }


def cloudinary(body: bytes, secret: str, at: datetime) -> dict[str, str]:
    content = body + f"{seconds(at)}{secret}".encode()
    digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()
    return {"x-cld-signature": digest, "x-cld-timestamp": seconds(at)}


def square(body: bytes, secret: str, at: datetime) -> dict[str, str]:
    return {"x-square-hmacsha256-signature": b64(mac(secret, URL.encode() + body))}


def hubspot_v1(body: bytes, secret: str, at: datetime) -> dict[str, str]:
    return {"x-hubspot-signature": hashlib.sha256(secret.encode() + body).hexdigest()}


def hubspot_v2(body: bytes, secret: str, at: datetime) -> dict[str, str]:
    return {"x-hubspot-signature": hashlib.sha256(f"{secret}POST{URL}".encode() + body).hexdigest()}


def hubspot_v3(body: bytes, secret: str, at: datetime) -> dict[str, str]:
    content = b"POST" + URL.encode() + body + milliseconds(at).encode()
    return {
        "x-hubspot-signature-v3": b64(mac(secret, content)),
        "x-hubspot-request-timestamp": milliseconds(at),
    }


def linear_body(at: datetime, secret: str) -> bytes:
    return json.dumps({"type": "Issue", "webhookTimestamp": int(milliseconds(at))}).encode()


def mailgun_body(at: datetime, secret: str) -> bytes:
    signature = mac(secret, seconds(at).encode() + b"b5a1c0de").hex()
    proof = {"timestamp": seconds(at), "token": "b5a1c0de", "signature": signature}
    return json.dumps({"signature": proof, "event-data": {"event": "opened"}}).encode()


def graph_body(at: datetime, secret: str) -> bytes:
    return json.dumps({"value": [{"clientState": secret}, {"clientState": secret}]}).encode()


def basic(body: bytes, secret: str, at: datetime) -> dict[str, str]:
    return {"authorization": f"Basic {b64(secret.encode())}"}


SENDERS: Mapping[str, Sender] = {
    "adyen_header": Sender(
        lambda body, secret, at: {"hmacsignature": b64(mac(bytes.fromhex(secret), body))},
        secret="0a" * 32,
        other_secret="0b" * 32,
    ),
    "asana": hex_of_body("x-hook-signature"),
    "basic_auth": Sender(basic, "user:pass:wörd", "user:old"),
    "bearer_api_key": shown("authorization", "Bearer {}"),
    "bitbucket": hex_of_body("x-hub-signature", "sha256="),
    "box": Sender(
        box, always={"box-signature-version": "1", "box-signature-algorithm": "HmacSHA256"}
    ),
    "calendly": like_stripe("calendly-webhook-signature"),
    "cloudevents": shown("authorization", "Bearer {}"),
    "cloudinary": Sender(cloudinary),
    "customerio": like_slack("x-cio-signature", "x-cio-timestamp", prefix=""),
    "docusign": base64_of_body("x-docusign-signature-1"),
    "dropbox": hex_of_body("x-dropbox-signature"),
    "elevenlabs": like_stripe("elevenlabs-signature", form="t={},v0={}"),
    "github": hex_of_body("x-hub-signature-256", "sha256="),
    "github_sha1": hex_of_body("x-hub-signature", "sha1=", "sha1"),
    "gitlab_signing_token": standard_webhooks(),
    "gitlab_token": shown("x-gitlab-token"),
    "gocardless": hex_of_body("webhook-signature"),
    "hubspot_v1": Sender(hubspot_v1),
    "hubspot_v2": Sender(hubspot_v2),
    "hubspot_v3": Sender(hubspot_v3),
    "intercom": hex_of_body("x-hub-signature", "sha1=", "sha1"),
    "jira": hex_of_body("x-hub-signature", "sha256="),
    "line": base64_of_body("x-line-signature"),
    "linear": Sender(hex_of_body("linear-signature").sign, body=linear_body),
    "mailgun": Sender(lambda body, secret, at: {}, body=mailgun_body),
    "marketo": shown("x-marketo-token"),
    "meta": hex_of_body("x-hub-signature-256", "sha256="),
    "microsoft_graph": Sender(lambda body, secret, at: {}, "state", "old", body=graph_body),
    "mux": like_stripe("mux-signature"),
    "notion": hex_of_body("x-notion-signature", "sha256="),
    "okta": shown("authorization"),
    "openai": standard_webhooks(),
    "paddle": like_stripe("paddle-signature", form="ts={};h1={}", dot=":"),
    "pagerduty": hex_of_body("x-pagerduty-signature", "v1="),
    "razorpay": hex_of_body("x-razorpay-signature"),
    "sanity": Sender(sanity),
    "segment": hex_of_body("x-signature", name="sha1"),
    "sentry": hex_of_body("sentry-hook-signature"),
    "shopify": Sender(
        base64_of_body("x-shopify-hmac-sha256").sign,
        always={
            "x-shopify-topic": "orders/create",
            "x-shopify-shop-domain": "acme.myshopify.com",
            "x-shopify-api-version": "2026-01",
            "x-shopify-webhook-id": "b54557e4",
        },
    ),
    "slack": like_slack("x-slack-signature", "x-slack-request-timestamp"),
    "square": Sender(square),
    "standard_webhooks": standard_webhooks(),
    "stripe": like_stripe("stripe-signature"),
    "svix": standard_webhooks("svix"),
    "trello": Sender(
        lambda body, secret, at: {"x-trello-webhook": b64(mac(secret, body + URL.encode(), "sha1"))}
    ),
    "typeform": base64_of_body("typeform-signature", "sha256="),
    "vercel": hex_of_body("x-vercel-signature", name="sha1"),
    "webflow": Sender(webflow),
    "woocommerce": base64_of_body("x-wc-webhook-signature"),
    "workos": like_stripe("workos-signature", clock=milliseconds, form="t={}, v1={}"),
    "xero": base64_of_body("x-xero-signature"),
    "zendesk": Sender(zendesk),
    "zoom": like_slack("x-zm-signature", "x-zm-request-timestamp"),
}
