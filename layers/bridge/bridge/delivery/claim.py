"""Claims: while an invocation processes a delivery, no other one does."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from bridge.delivery.delivery import Delivery
from bridge.delivery.record import Record, State

CLAIM_LIFETIME: Final = timedelta(seconds=20)
"""The receiver's timeout (19 s in the template): a claim outlives its invocation."""


class Claim(NamedTuple):
    """The result of a claim: NEW if it was granted, else the state of the earlier webhook."""

    state: State
    xaction_id: str = ""


def remaining_claim(record: Record | None, delivery: Delivery, now: datetime) -> timedelta:
    """Return how long a receiver's claim on the same delivery lasts; zero if there is none.

    The claim under which the message was buffered does not count.
    """
    if record is None or record.state is not State.CLAIMED:
        return timedelta(0)
    if record.received_at == delivery.received_at:
        return timedelta(0)
    return max(record.claimed_until - now, timedelta(0))
