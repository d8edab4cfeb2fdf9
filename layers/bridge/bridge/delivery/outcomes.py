"""Outcomes of sending a message."""

from datetime import timedelta
from enum import StrEnum
from typing import Final, NamedTuple


class DeadClass(StrEnum):
    """Why a message can never be delivered."""

    INVALID = "invalid message"
    TOO_LARGE = "too large"
    UNKNOWN_FLOW = "unknown flow"
    NO_ROUTE = "no route"
    EXPIRED = "expired"
    UNREADABLE = "unreadable"


class Delivered(NamedTuple):
    """The inlet accepted the message under this id."""

    xaction_id: str


class Retry(NamedTuple):
    """The message can be retried, not before `after` if the inlet sent `Retry-After`."""

    reason: str
    after: timedelta | None = None


class Dead(NamedTuple):
    """The message cannot be delivered, and is moved to the dead-letter queue.

    Attributes:
        reason: a human-readable sentence.
        is_configured: whether the message's source exists.
    """

    kind: DeadClass
    reason: str
    is_configured: bool = True


class Indeterminate:
    """The response to a batch does not report this message: send it alone."""


INDETERMINATE: Final = Indeterminate()

type SingleOutcome = Delivered | Retry | Dead
type Outcome = SingleOutcome | Indeterminate
