"""Deliveries for the tests of the deliveries table."""

from datetime import datetime, timedelta

from bridge.delivery.dead_letter import DeadLetterInfo
from bridge.delivery.delivery import Delivery
from bridge.delivery.outcomes import DeadClass
from tests.support.fakes import NOON

LATER = timedelta(seconds=20)
LIFETIME = timedelta(days=8)
DEAD_LETTER = DeadLetterInfo(DeadClass.INVALID, "the inlet returned 400", 3, NOON, NOON)


def delivery(delivery_id: str = "d", source: str = "s", received_at: datetime = NOON) -> Delivery:
    return Delivery(
        source,
        delivery_id,
        f"id:{delivery_id}",
        "issues",
        "events",
        received_at,
        received_at,
        b"{}",
    )


D = delivery()
