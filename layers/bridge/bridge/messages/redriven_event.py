"""Make an event of a redriven dead letter what it was in its queue."""

from bridge.delivery.delivery import Delivery
from bridge.idempotency_keys import is_message_key
from bridge.sources.source import Source
from bridge.verification.identification import event_type, sent_at
from bridge.webhook import Webhook


def was_never_accepted(delivery: Delivery) -> bool:
    """Whether a delivery without a flow is an event that became a dead letter when it came."""
    return is_message_key(delivery.key)


def with_event_fields(source: Source, delivery: Delivery) -> Delivery:
    """The event with its type, its time and the headers that the routes read.

    It keeps its delivery ID and its key, under which it is recorded as a dead letter.

    Args:
        source: as it is configured now; the event may be older than the source.
        delivery: with all attributes of the event as headers.
    """
    headers = delivery.headers
    webhook = Webhook("POST", "", headers, delivery.body)
    return delivery._replace(
        event_type=event_type(source.event_type, webhook),
        sent_at=sent_at(source.scheme, source.sent_at, webhook),
        headers={name: headers[name] for name in source.headers if name in headers},
    )
