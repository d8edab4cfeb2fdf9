"""Sign webhooks and create secrets with `inlet_bridge.senders`, and add provider headers.

It shares no code with the bridge, so a run tests the bridge's verification independently.
"""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from inlet_bridge.senders import sender
from inlet_bridge.senders.providers import SENDERS


@dataclass(frozen=True, slots=True)
class Sending:
    """One webhook before it is signed.

    Attributes:
        event: the event type as the provider names it, such as `issues.opened` or `orders/create`.
        delivery_id: for providers that send one in a header.
        now: aware time of sending.
    """

    event: str
    body: bytes
    delivery_id: str
    now: datetime


def _github(sending: Sending) -> dict[str, str]:
    return {
        "user-agent": "GitHub-Hookshot/7c2b1d5",
        "x-github-delivery": sending.delivery_id,
        "x-github-event": sending.event.partition(".")[0],
        "x-github-hook-id": "512004481",
    }


def _stripe(_: Sending) -> dict[str, str]:
    return {"user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)"}


def _shopify(sending: Sending) -> dict[str, str]:
    return {
        "user-agent": "Shopify-Captain-Hook",
        "x-shopify-topic": sending.event,
        "x-shopify-shop-domain": "tea-and-tins.myshopify.com",
        "x-shopify-api-version": "2026-01",
        "x-shopify-webhook-id": sending.delivery_id,
        "x-shopify-event-id": hashlib.sha256(sending.body).hexdigest()[:32],
        "x-shopify-triggered-at": sending.now.isoformat(),
    }


def _slack(_: Sending) -> dict[str, str]:
    return {"user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)"}


_HABITS: Final[Mapping[str, Callable[[Sending], dict[str, str]]]] = {
    "github": _github,
    "stripe": _stripe,
    "shopify": _shopify,
    "slack": _slack,
}
PROVIDERS: Final = tuple(_HABITS)


def signed_headers(provider: str, sending: Sending, secret: str) -> dict[str, str]:
    """All headers that the provider sends with a webhook, including the signature."""
    unsigned = sender.Sending(sending.body, secret, sending.now, url="")
    proof = SENDERS[provider].sign(unsigned)
    return {"content-type": "application/json", **_HABITS[provider](sending), **proof}


def new_secret(provider: str) -> str:
    """Create a secret in the provider's format."""
    match provider:
        case "stripe":
            return f"whsec_{secrets.token_urlsafe(24)}"
        case "shopify":
            return f"shpss_{secrets.token_hex(16)}"
        case "slack":
            return secrets.token_hex(16)
        case _:
            return secrets.token_urlsafe(32)
