"""Messages of the buffer: as received, decoded and postponed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.delivery.delivery import Delivery


@dataclass(frozen=True, slots=True)
class QueuedMessage:
    """A message as received from the buffer.

    Attributes:
        receipt: the SQS receipt handle.
        receives: how often it was received (ApproximateReceiveCount), from 1.
        sent_at: when it was sent to the queue.
    """

    message_id: str
    receipt: str
    text: str
    receives: int
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class PostponedMessage:
    """A message that stays in the buffer until the wait is over."""

    message: QueuedMessage
    wait: timedelta


@dataclass(frozen=True, slots=True)
class PendingDelivery:
    """A decoded message that is not settled yet.

    Attributes:
        attempts: how often the delivery was received from the buffer, in earlier messages too.
    """

    message: QueuedMessage
    delivery: Delivery

    @property
    def attempts(self) -> int:  # noqa: D102 - see the attributes
        return self.delivery.attempts + self.message.receives

    @property
    def log_keys(self) -> dict[str, str]:
        """The keys that identify the delivery in a log line."""
        return {"source": self.delivery.source, "delivery_id": self.delivery.delivery_id}
