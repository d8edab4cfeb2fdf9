"""What is said of a dead letter."""

from dataclasses import dataclass
from datetime import datetime

from bridge.delivery.outcomes import DeadClass


@dataclass(frozen=True, slots=True)
class DeadLetterInfo:
    """Why and when a delivery was given up.

    Attributes:
        attempts: how often it was taken from the buffer.
        received_at: when the webhook came; None for a message that cannot be read.
    """

    kind: DeadClass
    reason: str
    attempts: int
    died_at: datetime
    received_at: datetime | None = None
