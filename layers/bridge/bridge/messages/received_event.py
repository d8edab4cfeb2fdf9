"""What is known of a webhook or an event that was let in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bridge.sources.source import Source
from bridge.verification.identification import event_type, identity_of, sent_at
from bridge.webhook import Webhook


@dataclass(frozen=True, slots=True)
class ReceivedEvent:
    """One request or event, before it is split and routed.

    Attributes:
        delivery_id: the provider's own id, else a hash; for people.
        key: for deduplication, see `bridge.deduplication`.
        headers: names in lower case.
        body: as received.
    """

    delivery_id: str
    key: str
    event_type: str
    received_at: datetime
    sent_at: datetime | None
    headers: Mapping[str, str]
    body: bytes


def received_event(
    source: Source, webhook: Webhook, now: datetime, *, signed: bytes = b"", event: str = ""
) -> ReceivedEvent:
    """Read id, type and time by the source's recipes.

    Args:
        source: that sent it.
        webhook: that was verified.
        now: when it came.
        signed: what the proof covers, where that is not the body.
        event: in place of the type that the recipe finds.
    """
    kind = event or event_type(source.event_type, webhook)
    identity = identity_of(
        source.delivery_id, webhook, kind, signed=signed, by_content=source.by_content
    )
    return ReceivedEvent(
        delivery_id=identity.delivery_id,
        key=identity.key,
        event_type=kind,
        received_at=now,
        sent_at=sent_at(source.scheme, source.sent_at, webhook),
        headers=webhook.headers,
        body=webhook.body,
    )
