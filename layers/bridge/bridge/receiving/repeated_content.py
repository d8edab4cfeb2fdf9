"""Recognize content of an earlier period, for sources that limit how long content counts."""

from datetime import datetime
from typing import Final

from bridge.delivery.delivery import Delivery
from bridge.delivery.record import DONE, Record, State, key_of
from bridge.messages.received_event import ReceivedEvent
from bridge.ports.aws import Deliveries

_SETTLED: Final = (DONE - {State.DEAD}) | {State.BUFFERED}


def earlier_state(
    deliveries: Deliveries, event: Delivery, received: ReceivedEvent, now: datetime
) -> State | None:
    """The state of an event with the same content in the period before; None for a new event.

    Its period may have ended a moment ago, so that a retry belongs to the next one.

    Args:
        deliveries: the records.
        event: the delivery to claim; its key ends with that of the whole webhook.
        received: the whole webhook.
        now: aware, in UTC.

    Raises:
        UnavailableError: the records cannot be read.
    """
    since = received.repeated_since
    if since is None or not event.key.endswith(received.key):
        return None
    earlier = event._replace(key=event.key.removesuffix(received.key) + received.earlier_key)
    record: Record | None = deliveries.find([earlier]).get(key_of(earlier))
    if record is None or record.received_at <= since:
        return None
    if record.state is State.CLAIMED and record.claimed_until >= now:
        return State.CLAIMED
    return record.state if record.state in _SETTLED else None
