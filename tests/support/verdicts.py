"""Verdicts to be shown."""

from datetime import UTC, datetime

from inlet_bridge.local.delivery import Outcome
from inlet_bridge.local.samples import Sample
from inlet_bridge.local.scenario import Variation, Webhook
from inlet_bridge.local.verdict import Verdict

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


def verdict(
    provider: str = "github",
    *,
    variation: Variation = Variation.NONE,
    status: int = 200,
    delivery_id: str = "d-1",
    xaction_id: str = "x-1",
    later: bool = False,
    faults: tuple[str, ...] = (),
) -> Verdict:
    """One verdict; `later` is for one that waited in the buffer."""
    webhook = Webhook(Sample(f"{provider}/push", provider, "push", b"{}"), variation, "d-1")
    answer = {"delivery_id": delivery_id, "flow": "events", "flow_id": "f-1"}
    if xaction_id and not later:
        answer["xactionId"] = xaction_id
    outcome = Outcome(
        webhook=webhook,
        body=b"{}",
        sent_at=NOON,
        answered_at=NOON,
        status=status,
        content_type="application/json",
        answer={} if webhook.refusal else answer,
    )
    return Verdict(outcome, (webhook.refusal or 200,), xaction_id, faults)
