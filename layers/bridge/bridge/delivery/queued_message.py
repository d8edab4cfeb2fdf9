"""Messages of the buffer: as received, decoded and postponed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from bridge.delivery.delivery import Delivery


class QueuedMessage(NamedTuple):
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
    """A message that waits.

    Attributes:
        wait: from now.
        again: what is sent to the buffer if the message is replaced by a new one; None if it
            cannot be decoded or its settlement failed.
    """

    message: QueuedMessage
    wait: timedelta
    again: Delivery | None = None


class PendingDelivery(NamedTuple):
    """A decoded message that is not settled yet.

    Attributes:
        attempts: how often the delivery was tried, this time and in earlier messages included.
        may_have_copies: whether another message of the delivery may exist: a forwarder that
            crashes after it sent the delivery again leaves both.
    """

    message: QueuedMessage
    delivery: Delivery

    @property
    def attempts(self) -> int:  # noqa: D102 - see the attributes
        return self.delivery.attempts + self.message.receives

    @property
    def may_have_copies(self) -> bool:  # noqa: D102 - see the attributes
        return self.delivery.sends > 0 or self.message.receives > 1

    def routed(self, delivery: Delivery) -> "PendingDelivery":
        """The same message with its delivery for a flow, which may have been routed again."""
        return self if delivery is self.delivery else self._replace(delivery=delivery)

    def again(self, *, attempts: int, not_before: datetime | None) -> Delivery:
        """The delivery for a new message of the buffer."""
        return self.delivery._replace(
            attempts=attempts,
            not_before=not_before,
            sends=self.delivery.sends + 1,
        )

    @property
    def log_keys(self) -> dict[str, str]:
        """The keys that identify the delivery in a log line."""
        return {"source": self.delivery.source, "delivery_id": self.delivery.delivery_id}
