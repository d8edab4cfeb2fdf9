"""Extract id, type and time of a verified webhook or event."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from bridge.idempotency_keys import is_content_key, period_key
from bridge.sources.source import Source
from bridge.verification.identification import event_type, identity_of, sent_at
from bridge.webhook import Webhook


class ReceivedEvent(NamedTuple):
    """One request or event, before it is split and routed.

    Attributes:
        delivery_id: the provider's id if there is one, else a hash; for display.
        key: the idempotency key, see `bridge.idempotency_keys`.
        earlier_key: the key of the same content in the period before; empty if its content does
            not identify it, or identifies it for good.
        repeated_since: an event of that period with the same content is the same if it was
            received later than this.
        headers: names in lower case.
        body: as received.
        method: of the request.
        url: of the request, with its query.
    """

    delivery_id: str
    key: str
    event_type: str
    received_at: datetime
    sent_at: datetime | None
    headers: Mapping[str, str]
    body: bytes
    method: str = "POST"
    earlier_key: str = ""
    repeated_since: datetime | None = None
    url: str = ""


def received_event(
    source: Source, webhook: Webhook, now: datetime, *, signed: bytes = b"", event: str = ""
) -> ReceivedEvent:
    """Extract id, type and time by the source's recipes.

    Args:
        source: the webhook's source.
        webhook: the verified webhook.
        now: when it was received.
        signed: the signed content, if it is not the body.
        event: overrides the event type.
    """
    kind = event or event_type(source.event_type, webhook)
    identity = identity_of(
        source.delivery_id, webhook, kind, signed=signed, by_content=source.by_content
    )
    key, earlier_key, since = identity.key, "", None
    if source.content_seconds and is_content_key(key):
        period = int(now.timestamp()) // source.content_seconds
        earlier_key, key = period_key(key, period - 1), period_key(key, period)
        since = now - timedelta(seconds=source.content_seconds)
    return ReceivedEvent(
        delivery_id=identity.delivery_id,
        key=key,
        event_type=kind,
        received_at=now,
        sent_at=sent_at(source.scheme, source.sent_at, webhook),
        headers=webhook.headers,
        body=webhook.body,
        method=webhook.method,
        earlier_key=earlier_key,
        repeated_since=since,
        url=webhook.url,
    )
