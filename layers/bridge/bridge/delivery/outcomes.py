"""What can become of a message that was sent."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class DeadClass(StrEnum):
    """Why a message can never be delivered, as far as people have to tell cases apart."""

    INVALID = "invalid message"
    TOO_LARGE = "too large"
    UNKNOWN_FLOW = "unknown flow"
    NO_ROUTE = "no route"
    EXPIRED = "expired"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Delivered:
    """The inlet took the message and gave it this id."""

    xaction_id: str


@dataclass(frozen=True, slots=True)
class Retry:
    """The message may pass later, at the earliest after `after` when the inlet said so."""

    reason: str
    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Dead:
    """The message can never pass as it is.

    Attributes:
        reason: a sentence for people.
        is_configured: whether there is a source of the name that the message has.
    """

    kind: DeadClass
    reason: str
    is_configured: bool = True


@dataclass(frozen=True, slots=True)
class Indeterminate:
    """The answer does not tell which of several messages it means: send this one alone."""


type SingleOutcome = Delivered | Retry | Dead
type Outcome = SingleOutcome | Indeterminate
