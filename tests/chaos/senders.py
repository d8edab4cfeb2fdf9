"""Senders with the behavior of their providers: they sign, and retry until they get a 2xx."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bridge.webhook import Webhook
from inlet_bridge.local.signatures import Sending, signed_headers

SECRETS = {
    "github": "It's a Secret to Everybody",
    "stripe": "whsec_chaos",
    "shopify": "shpss_chaos",
    "slack": "chaos",
}
AUDIT = "audit"
"""A second flow for Shopify's webhooks."""
REFUSED_ALONE = "poison:refused-alone"
REFUSED_WHOLE = "poison:refused-with-its-batch"
FAILS_WHOLE = "poison:makes-the-inlet-fail"

# Stripe, Slack and others: short intervals at first, then longer ones, for days.
_FIRST_RETRY = timedelta(seconds=30)
_LONGEST_RETRY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened at a provider, reported by one webhook and its retries.

    Attributes:
        name: unique in the run.
        poison: the marker that the inlet refuses, or an empty text.
        is_wanted: whether a route takes it.
    """

    name: str
    provider: str
    delivery_id: str
    body: bytes
    at: datetime
    poison: str
    is_wanted: bool = True

    @property
    def messages(self) -> list[str]:
        """Return the resulting messages: one or none, and two for Shopify with its second flow."""
        if not self.is_wanted:
            return []
        return [self.name, f"{self.name}@{AUDIT}"] if self.provider == "shopify" else [self.name]

    def webhook(self, now: datetime) -> Webhook:
        """Return the request, signed now."""
        sending = Sending("issues.opened", self.body, self.delivery_id, now)
        return Webhook(
            method="POST",
            url=f"https://hooks.example.com/webhooks/{self.provider}",
            headers=signed_headers(self.provider, sending, SECRETS[self.provider]),
            body=self.body,
        )


def events(number: int, start: datetime, day: timedelta, chance: random.Random) -> Iterator[Event]:
    """Return this many events, distributed over the day."""
    for index in range(number):
        provider = chance.choice(list(SECRETS))
        name = f"{provider}-{index}"
        poison = chance.choices(
            ["", REFUSED_ALONE, REFUSED_WHOLE, FAILS_WHOLE], [0.994, 0.003, 0.002, 0.001]
        )[0]
        # Slack sends many events that no route uses.
        is_wanted = provider != "slack" or chance.random() > 0.3
        document = _document(provider, name, f"delivery-{index}", poison, chance)
        document["wanted"] = is_wanted
        yield Event(
            name=name,
            provider=provider,
            delivery_id=f"delivery-{index}",
            body=json.dumps(document, ensure_ascii=False).encode(),
            at=start + day * chance.random(),
            poison=poison,
            is_wanted=is_wanted,
        )


def retry_after(attempt: int, chance: random.Random) -> timedelta:
    """Return when a sender without a 2xx retries."""
    wait = min(_FIRST_RETRY * (1 << attempt), _LONGEST_RETRY)
    return wait * (1 + chance.random() / 10)


def _document(
    provider: str, name: str, delivery_id: str, poison: str, chance: random.Random
) -> dict[str, Any]:
    ids: dict[str, Any] = {
        "stripe": {"id": delivery_id, "type": "charge.succeeded"},
        "slack": {"event_id": delivery_id, "type": "event_callback"},
    }.get(provider, {})
    return {
        "name": name,
        **ids,
        "note": f"café {poison}",
        "fill": "x" * chance.choice([10, 200, 3_000]),
    }
