"""The webhooks of a run and their expected results."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from inlet_bridge.local.samples import Sample
from inlet_bridge.local.signatures import Sending, signed_headers

OVERSIZED_BYTES: Final = 1_000_001
_STALE: Final = timedelta(minutes=10)

# One per provider while the new flow settles; the other accepted ones afterwards.
_WHILE_SETTLING: Final = (
    "github/push",
    "stripe/charge.succeeded",
    "shopify/orders.create",
    "slack/message",
)
_SETTLED: Final = (
    "github/issues.opened",
    "github/pull_request.opened",
    "stripe/invoice.paid",
    "stripe/customer.subscription.deleted",
    "shopify/customers.update",
    "shopify/products.update",
    "slack/reaction_added",
    "slack/app_mention",
)


class Variation(StrEnum):
    """The modification of a webhook; the value is its description in reports."""

    NONE = "as it is"
    AGAIN = "sent again"
    FORGED = "wrong signature"
    UNSIGNED = "no signature"
    CHANGED = "changed after signing"
    STALE = "replay, 10 minutes old"
    OVERSIZED = "over 1 MB"
    ASTRAY = "unknown source"


_REFUSED: Final = (
    ("github/star.created", Variation.UNSIGNED),
    ("shopify/app.uninstalled", Variation.FORGED),
    ("stripe/checkout.session.completed", Variation.STALE),
    ("slack/team_join", Variation.CHANGED),
    ("github/release.published", Variation.OVERSIZED),
    ("github/star.created", Variation.ASTRAY),
)
_REFUSAL: Final[Mapping[Variation, int]] = {
    Variation.FORGED: 401,
    Variation.UNSIGNED: 401,
    Variation.CHANGED: 401,
    Variation.STALE: 401,
    Variation.OVERSIZED: 413,
    Variation.ASTRAY: 404,
}
_PROOFS: Final = frozenset(
    {"x-hub-signature-256", "stripe-signature", "x-shopify-hmac-sha256", "x-slack-signature"}
)


@dataclass(frozen=True, slots=True)
class Webhook:
    """One webhook of the run.

    Attributes:
        delivery_id: for providers that send one in a header.
    """

    sample: Sample
    variation: Variation
    delivery_id: str

    @property
    def source(self) -> str:
        """The last part of its URL, which is the provider's name."""
        return "nobody" if self.variation is Variation.ASTRAY else self.sample.provider

    @property
    def refusal(self) -> int | None:
        """The expected error status, or None if it must be accepted."""
        return _REFUSAL.get(self.variation)

    def request(self, secret: str, now: datetime) -> tuple[dict[str, str], bytes]:
        """The headers and body to send."""
        body = self.sample.body
        if self.variation is Variation.OVERSIZED:
            body = body.rstrip() + b" " * (OVERSIZED_BYTES - len(body.rstrip()))
        signed_at = now - _STALE if self.variation is Variation.STALE else now
        key = f"not-{secret}" if self.variation is Variation.FORGED else secret
        sending = Sending(self.sample.event, body, self.delivery_id, signed_at)
        headers = signed_headers(self.sample.provider, sending, key)
        if self.variation is Variation.UNSIGNED:
            headers = {name: text for name, text in headers.items() if name not in _PROOFS}
        return headers, body + b" " if self.variation is Variation.CHANGED else body


@dataclass(frozen=True, slots=True)
class Script:
    """The webhooks of a run in three phases; the first starts right after the deployment."""

    while_settling: tuple[Webhook, ...]
    settled: tuple[Webhook, ...]
    again: tuple[Webhook, ...]


def write_script(
    samples: Mapping[str, Sample],
    own: Iterable[Sample],
    delivery_ids: Iterator[str],
    left_out: Collection[str] = (),
) -> Script:
    """Build the script from the samples of this repository and the user's payloads.

    Args:
        samples: by `PROVIDER/NAME`.
        own: the user's.
        delivery_ids: one for each webhook.
        left_out: providers whose samples are not sent.
    """

    def is_sent(name: str) -> bool:
        return name.partition("/")[0] not in left_out

    def webhook(sample: Sample, variation: Variation = Variation.NONE) -> Webhook:
        return Webhook(sample, variation, next(delivery_ids))

    early = tuple(webhook(samples[name]) for name in _WHILE_SETTLING if is_sent(name))
    refused = tuple(webhook(samples[name], kind) for name, kind in _REFUSED if is_sent(name))
    late = tuple(webhook(samples[name]) for name in _SETTLED if is_sent(name))
    extra = tuple(webhook(sample) for sample in own)
    again = tuple(
        Webhook(first.sample, Variation.AGAIN, first.delivery_id) for first in (early[0], late[-1])
    )
    return Script((*early, *refused), (*late, *extra), again)
