"""Messages of the buffer: as they were taken from it, read, and put off."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.delivery.delivery import Delivery


@dataclass(frozen=True, slots=True)
class QueuedMessage:
    """A message of the buffer.

    Attributes:
        receipt: what the queue wants to hear when the message is put off.
        receives: how often it was taken from the queue, from 1.
        sent_at: when it was put there.
    """

    message_id: str
    receipt: str
    text: str
    receives: int
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class PostponedMessage:
    """A message that stays in the buffer until the wait is over."""

    waiting: QueuedMessage
    wait: timedelta


@dataclass(frozen=True, slots=True)
class PendingDelivery:
    """A message that was read.

    Attributes:
        attempts: how often the delivery was taken from the buffer, in earlier messages too.
    """

    waiting: QueuedMessage
    delivery: Delivery

    @property
    def attempts(self) -> int:  # noqa: D102 - see the attributes
        return self.delivery.attempts + self.waiting.receives

    @property
    def names(self) -> dict[str, str]:
        """What a line of the log calls it by."""
        return {"source": self.delivery.source, "delivery_id": self.delivery.delivery_id}
