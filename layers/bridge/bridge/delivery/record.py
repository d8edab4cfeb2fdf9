"""Records of the deliveries table: states and keys."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from typing import Final, NamedTuple

from bridge.delivery.delivery import Delivery

# Of a partition key, which ends in `#` and a hash of eight digits, and of a sort key (Amazon
# DynamoDB, "Quotas").
_MOST_SOURCE_BYTES: Final = 2_039
_MOST_KEY_BYTES: Final = 1_024

type Key = tuple[str, str]
"""A source's name and an idempotency key: together they identify a delivery."""


class State(StrEnum):
    """The state of a delivery.

    NEW: not claimed before. CLAIMED: another invocation processes it. FILTERED: no route matches.
    SPLIT: became several deliveries with records of their own. FAILED: the inlet accepted it and
    Adobe rejected it later. ERASED: an operator erased its message before it was delivered.
    """

    NEW = "new"
    CLAIMED = "claimed"
    BUFFERED = "buffered"
    DELIVERED = "delivered"
    DEAD = "dead"
    FILTERED = "filtered"
    SPLIT = "split"
    FAILED = "failed"
    ERASED = "erased"


OPEN: Final = frozenset({State.BUFFERED, State.DEAD, State.FAILED})
"""States that need something to happen: the forwarder or an operator."""

ACCEPTED: Final = frozenset({State.DELIVERED, State.FAILED})
"""States of a delivery that the inlet accepted: only a replay sends it again."""

DONE: Final = ACCEPTED | {State.DEAD, State.FILTERED, State.SPLIT, State.ERASED}
"""States in which a message of the buffer is settled."""


class Record(NamedTuple):
    """The record of one delivery.

    Attributes:
        received_at: of the last accepted webhook; distinguishes claims.
        claimed_until: when the claim expires.
        replay: the id of the replay that opened it last; empty if none did.
    """

    state: State
    received_at: datetime
    claimed_until: datetime
    replay: str = ""


def is_done(record: Record | None) -> bool:
    """Whether a message of the buffer is settled.

    A delivery is recorded as dead after it is in the dead-letter queue, and a redrive records it
    as buffered again: a message of a dead delivery is a duplicate.
    """
    return record is not None and record.state in DONE


key_of: Final[Callable[[Delivery], Key]] = attrgetter("source", "key")
"""Returns the key of a delivery's record."""


def check_key(delivery: Delivery) -> None:
    """Raise ValueError for a key that DynamoDB rejects: it would fail the whole batch."""
    try:
        source, key = len(delivery.source.encode()), len(delivery.key.encode())
    except UnicodeEncodeError:
        source = key = 0
    if not (0 < source <= _MOST_SOURCE_BYTES and 0 < key <= _MOST_KEY_BYTES):
        raise ValueError("not a delivery: the source or the key is empty or too long")
