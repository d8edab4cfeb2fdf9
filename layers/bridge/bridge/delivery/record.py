"""What became of a delivery, as the deliveries table tells it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bridge.delivery.delivery import Delivery

# Of a partition key, which ends in `#` and a shard, and of a sort key (Amazon DynamoDB, "Quotas").
_MOST_SOURCE_BYTES: Final = 2_045
_MOST_KEY_BYTES: Final = 1_024

type Key = tuple[str, str]
"""A source's name and a deduplication key: what makes a delivery one and the same."""


class State(StrEnum):
    """Where a delivery is.

    NEW is ours to work on; CLAIMED is in the hands of somebody else right now. FILTERED is a
    webhook that no route wants, SPLIT one that became several deliveries with records of their own.
    """

    NEW = "new"
    CLAIMED = "claimed"
    BUFFERED = "buffered"
    DELIVERED = "delivered"
    DEAD = "dead"
    FILTERED = "filtered"
    SPLIT = "split"


DONE: Final = frozenset({State.DELIVERED, State.DEAD, State.FILTERED, State.SPLIT})
"""States in which a message of the buffer has nothing left to do."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The answer to a claim: NEW when it was granted, else what an earlier webhook came to."""

    state: State
    xaction_id: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of one delivery.

    Attributes:
        received_at: of the webhook that was taken on last; tells claims apart.
        claimed_until: when a claim ends by itself.
    """

    state: State
    received_at: datetime
    claimed_until: datetime


def is_done(record: Record | None) -> bool:
    """Whether a message of the buffer has nothing left to do.

    A dead delivery has reached the dead letters before its record says so, and a redrive makes
    it buffered again; such a message is a copy that the queue did not let go.
    """
    return record is not None and record.state in DONE


def remaining_claim(record: Record | None, delivery: Delivery, now: datetime) -> timedelta:
    """How long to wait for a receiver that works on the same delivery; zero when there is none.

    The claim that the message itself came from does not count: it was buffered just now.
    """
    if record is None or record.state is not State.CLAIMED:
        return timedelta(0)
    if record.received_at == delivery.received_at:
        return timedelta(0)
    return max(record.claimed_until - now, timedelta(0))


def key_of(delivery: Delivery) -> Key:
    """Under which a delivery is recorded."""
    return delivery.source, delivery.key


def check_key(delivery: Delivery) -> None:
    """Raise ValueError for a key that the table does not take: it would refuse the whole batch."""
    try:
        source, key = (len(text.encode()) for text in key_of(delivery))
    except UnicodeEncodeError:
        source = key = 0
    if not (0 < source <= _MOST_SOURCE_BYTES and 0 < key <= _MOST_KEY_BYTES):
        raise ValueError("not a delivery: its source or its key fits no record")
