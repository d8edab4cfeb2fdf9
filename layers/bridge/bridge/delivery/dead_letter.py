"""Dead-letter metadata."""

from dataclasses import dataclass
from datetime import datetime

from bridge.delivery.outcomes import DeadClass


@dataclass(frozen=True, slots=True)
class DeadLetterInfo:
    """Why and when a delivery was moved to the dead-letter queue.

    Attributes:
        attempts: how often it was received from the buffer.
        died_at: when it was moved.
        received_at: when the webhook was received; None for a message that cannot be decoded.
    """

    kind: DeadClass
    reason: str
    attempts: int
    died_at: datetime
    received_at: datetime | None = None
