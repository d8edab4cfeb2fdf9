"""How four providers sign what they send, each written from its own documentation.

It shares no code with the bridge, so that a run proves the bridge's verification.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final


@dataclass(frozen=True, slots=True)
class Sending:
    """One webhook as its provider is about to send it.

    Attributes:
        event: the type in the provider's words, such as `issues.opened` or `orders/create`.
        delivery_id: for the providers that send one in a header.
        now: aware time of sending.
    """

    event: str
    body: bytes
    delivery_id: str
    now: datetime


def _github(sending: Sending, secret: str) -> dict[str, str]:
    """https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries."""
    return {
        "user-agent": "GitHub-Hookshot/7c2b1d5",
        "x-github-delivery": sending.delivery_id,
        "x-github-event": sending.event.partition(".")[0],
        "x-github-hook-id": "512004481",
        "x-hub-signature-256": f"sha256={_mac(secret, sending.body).hex()}",
    }


def _stripe(sending: Sending, secret: str) -> dict[str, str]:
    """https://docs.stripe.com/webhooks#verify-manually."""
    seconds = _epoch(sending.now)
    signature = _mac(secret, f"{seconds}.".encode() + sending.body).hex()
    return {
        "user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        "stripe-signature": f"t={seconds},v1={signature}",
    }


def _shopify(sending: Sending, secret: str) -> dict[str, str]:
    """https://shopify.dev/docs/apps/build/webhooks/subscribe/https."""
    return {
        "user-agent": "Shopify-Captain-Hook",
        "x-shopify-topic": sending.event,
        "x-shopify-shop-domain": "tea-and-tins.myshopify.com",
        "x-shopify-api-version": "2026-01",
        "x-shopify-webhook-id": sending.delivery_id,
        "x-shopify-event-id": hashlib.sha256(sending.body).hexdigest()[:32],
        "x-shopify-triggered-at": sending.now.isoformat(),
        "x-shopify-hmac-sha256": base64.b64encode(_mac(secret, sending.body)).decode(),
    }


def _slack(sending: Sending, secret: str) -> dict[str, str]:
    """https://docs.slack.dev/authentication/verifying-requests-from-slack."""
    seconds = _epoch(sending.now)
    signature = _mac(secret, f"v0:{seconds}:".encode() + sending.body).hex()
    return {
        "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "x-slack-request-timestamp": str(seconds),
        "x-slack-signature": f"v0={signature}",
    }


_SIGNERS: Final[Mapping[str, Callable[[Sending, str], dict[str, str]]]] = {
    "github": _github,
    "stripe": _stripe,
    "shopify": _shopify,
    "slack": _slack,
}
PROVIDERS: Final = tuple(_SIGNERS)


def signed_headers(provider: str, sending: Sending, secret: str) -> dict[str, str]:
    """All headers that the provider sends with a webhook, the proof among them."""
    return {"content-type": "application/json", **_SIGNERS[provider](sending, secret)}


def new_secret(provider: str) -> str:
    """A fresh secret of the kind that the provider hands out."""
    match provider:
        case "stripe":
            return f"whsec_{secrets.token_urlsafe(24)}"
        case "shopify":
            return f"shpss_{secrets.token_hex(16)}"
        case "slack":
            return secrets.token_hex(16)
        case _:
            return secrets.token_urlsafe(32)


def _mac(secret: str, content: bytes) -> bytes:
    return hmac.new(secret.encode(), content, hashlib.sha256).digest()


def _epoch(moment: datetime) -> int:
    return int(moment.timestamp())
