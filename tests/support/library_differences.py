"""Requests for which the bridge deliberately differs from a vendor's library."""

import hashlib
import json
from collections.abc import Mapping
from copy import replace
from dataclasses import dataclass
from datetime import timedelta

from bridge.webhook import Webhook
from inlet_bridge.senders.sender import Sending, with_body
from tests.support.request_changes import Change, edited, hex_of, in_body, instead, more, without
from tests.support.signing_senders import BODY, CASES, NOW, URL, b64, mac, milliseconds, seconds

T = seconds(NOW)
MS = milliseconds(NOW)


@dataclass(frozen=True)
class Difference:
    """An unusual request, and whether it is accepted."""

    change: Change
    accepted: bool = False


def _pretty_zoom(secret: str) -> dict[str, str]:
    proof = hex_of(secret, f"v0:{T}:", PRETTY)
    return {"x-zm-request-timestamp": T, "x-zm-signature": f"v0={proof}"}


def _zoom_fraction(secret: str) -> dict[str, str]:
    proof = hex_of(secret, f"v0:{T}.5:")
    return {"x-zm-request-timestamp": f"{T}.5", "x-zm-signature": f"v0={proof}"}


def _box_escapes(webhook: Webhook) -> Webhook:
    """The signature of the escaped body."""
    escaped = json.dumps(json.loads(BODY)).encode()
    signed = CASES["box"].send(body=escaped)
    return replace(signed, body=json.dumps(json.loads(BODY), ensure_ascii=False).encode())


def _box_without_offset(secret: str) -> dict[str, str]:
    time = NOW.replace(tzinfo=None).isoformat()
    return {
        "box-delivery-timestamp": time,
        "box-signature-primary": b64(mac(secret, BODY + time.encode())),
        "box-signature-version": "1",
        "box-signature-algorithm": "HmacSHA256",
    }


def _box_secondary(webhook: Webhook) -> Webhook:
    headers = dict(webhook.headers)
    headers["box-signature-secondary"] = headers.pop("box-signature-primary")
    return replace(webhook, headers=headers)


def _unsigned_url(webhook: Webhook) -> Webhook:
    """Twilio's signature of a URL without the hash of the body."""
    proof = b64(mac(CASES["twilio_json"].secret, URL.encode(), "sha1"))
    return replace(webhook, url=URL, headers={"x-twilio-signature": proof})


def _hubspot(version: str) -> Change:
    body = b'{"a":"\xff"}'
    prefix = "" if version == "v1" else f"POST{URL}"

    def headers(secret: str) -> dict[str, str]:
        content = f"{secret}{prefix}".encode() + body
        return {"x-hubspot-signature": hashlib.sha256(content).hexdigest()}

    return instead(f"hubspot_{version}", headers, body)


def _two_items(document: dict[str, list[object]]) -> None:
    document["notificationItems"] *= 2


def _short_payload(_: Webhook) -> Webhook:
    it = Sending(b"", CASES["braintree"].secret, NOW, URL)
    key = hashlib.sha1(it.secret.encode(), usedforsecurity=False).digest()
    proof = mac(key, b"c2hvcnQ=\n", "sha1").hex()
    form = f"bt_signature=public-1%7C{proof}&bt_payload=c2hvcnQ%3D%0A".encode()
    return Webhook("POST", URL, {}, with_body(it, form).body)


PRETTY = json.dumps({"event": "meeting.started", "event_ts": 1}, indent=2).encode()
STANDARD = {
    name: {
        "base64": Difference(more(f"{prefix}-signature", "=x")),
        "fraction": Difference(more(f"{prefix}-timestamp", ".5")),
        "items": Difference(edited("v1,", "odd  v1,", f"{prefix}-signature"), accepted=True),
    }
    for name, prefix in {
        "standard_webhooks": "webhook",
        "openai": "webhook",
        "gitlab_signing_token": "webhook",
        "svix": "svix",
    }.items()
}
DIFFERENCES: Mapping[str, Mapping[str, Difference]] = {
    **STANDARD,
    "stripe": {
        "spaces": Difference(edited(",v1=", " , v1="), accepted=True),
        "digits": Difference(edited("t=", "t=+")),
    },
    "mux": {
        "spaces": Difference(edited(",v1=", " , v1="), accepted=True),
        "digits": Difference(edited(",v1=", "x,v1=")),
    },
    "workos": {
        "future": Difference(lambda _: CASES["workos"].send(at=NOW + timedelta(seconds=181))),
        "names": Difference(edited("v1=", "v9=")),
        "items": Difference(more("workos-signature", ", v2=0")),
    },
    "paddle": {
        "future": Difference(lambda _: CASES["paddle"].send(at=NOW + timedelta(seconds=6))),
        "unknown": Difference(more("paddle-signature", ";h2=0"), accepted=True),
        "spaces": Difference(edited(";", " ; "), accepted=True),
        "several": Difference(more("paddle-signature", ";h1=0"), accepted=True),
    },
    "slack": {
        "zeros": Difference(
            instead(
                "slack",
                lambda secret: {
                    "x-slack-request-timestamp": f"00{T}",
                    "x-slack-signature": f"v0={hex_of(secret, f'v0:00{T}:')}",
                },
            ),
            accepted=True,
        ),
        "future": Difference(
            lambda _: CASES["slack"].send(at=NOW + timedelta(seconds=301)),
        ),
    },
    "zoom": {
        "bytes": Difference(instead("zoom", _pretty_zoom, PRETTY), accepted=True),
        "digits": Difference(instead("zoom", _zoom_fraction)),
    },
    "webflow": {
        "digits": Difference(
            instead(
                "webflow",
                lambda secret: {
                    "x-webflow-timestamp": "now",
                    "x-webflow-signature": hex_of(secret, "now:"),
                },
            )
        )
    },
    "box": {
        "offset": Difference(instead("box", _box_without_offset)),
        "keys": Difference(_box_secondary, accepted=True),
        "escapes": Difference(_box_escapes),
    },
    "cloudinary": {"digits": Difference(edited(T, f"+{T}", "x-cld-timestamp"))},
    "github": {
        "sha1": Difference(
            instead(
                "github",
                lambda secret: {
                    "x-hub-signature-256": f"sha1={mac(secret, BODY, 'sha1').hex()}",
                },
            )
        )
    },
    "shopify": {
        "headers": Difference(
            without("x-shopify-topic", "x-shopify-shop-domain", "x-shopify-webhook-id"),
            accepted=True,
        ),
        "either": Difference(
            lambda it: replace(it, headers={**it.headers, "shopify-hmac-sha256": "AAAA"}),
            accepted=True,
        ),
    },
    "line": {"base64": Difference(more("x-line-signature", "!"))},
    "linear": {
        "timestamp": Difference(
            instead("linear", lambda secret: {"linear-signature": hex_of(secret, "")})
        )
    },
    "twilio_json": {"body_hash": Difference(_unsigned_url)},
    "hubspot_v1": {"utf8": Difference(_hubspot("v1"))},
    "hubspot_v2": {"utf8": Difference(_hubspot("v2"))},
    "hubspot_v3": {
        "fraction": Difference(
            instead(
                "hubspot_v3",
                lambda secret: {
                    "x-hubspot-request-timestamp": f"{MS}.0",
                    "x-hubspot-signature-v3": b64(
                        mac(secret, f"POST{URL}".encode() + BODY + f"{MS}.0".encode())
                    ),
                },
            )
        )
    },
    "contentful": {"digits": Difference(more("x-contentful-timestamp", "ms"))},
    "adyen_payments": {"items": Difference(in_body(_two_items))},  # type: ignore[arg-type]
    "braintree": {"length": Difference(_short_payload)},
    "discord": {
        "spaces": Difference(
            lambda it: replace(
                it,
                headers={
                    **it.headers,
                    "x-signature-ed25519": " ".join(it.headers["x-signature-ed25519"]),
                },
            )
        )
    },
    "telnyx": {"digits": Difference(edited(T, f"+{T}", "telnyx-timestamp"))},
    "sendgrid": {
        "base64": Difference(more("x-twilio-email-event-webhook-signature", "!")),
        "digits": Difference(more("x-twilio-email-event-webhook-timestamp", ".0")),
    },
    **{
        name: {"base64": Difference(in_body(lambda it: it.update(Signature=f"{it['Signature']}!")))}
        for name in ("aws_sns_v1", "aws_sns_v2")
    },
    "paypal": {
        "base64": Difference(more("paypal-transmission-sig", "!")),
        "host": Difference(edited("api.paypal.com", "api.paypal.example", "paypal-cert-url")),
    },
    "adobe_io_events": {
        "pairs": Difference(lambda it: it, accepted=True),
        "base64": Difference(more("x-adobe-digital-signature-1", "!")),
        "path": Difference(edited("/prod/", "/../prod/", "x-adobe-public-key1-path")),
    },
    "gitlab_token": {"event": Difference(without("x-gitlab-event"), accepted=True)},
    "basic_auth": {"base64": Difference(more("authorization", "!"))},
    "jwt": {"base64": Difference(more("authorization", "="))},
}
