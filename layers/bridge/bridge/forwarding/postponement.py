"""Let messages wait: for seconds invisible in the queue, for longer as new messages with a delay.

An invisible message is in flight. A standard queue can have about 120,000 of them, and beyond that
long polling returns nothing, also no message of other sources. A delayed message does not count.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bridge.delivery.delivery import LONGEST_DELAY, Delivery
from bridge.delivery.queued_message import PostponedMessage
from bridge.errors import UnavailableError
from bridge.forwarding.retry_policy import must_be_renewed
from bridge.ports.aws import Buffer, Visibility
from bridge.ports.process import Clock
from bridge.telemetry import log_unforeseen, logger

LONGEST_IN_FLIGHT: Final = timedelta(seconds=5)
"""The longest wait of an invisible message. In an outage the back-off of one message has about five
seconds of such waits, so 10,000 webhooks a second have 50,000 messages in flight."""

# Of LONGEST_DELAY: messages that were buffered together do not all return at once.
_JITTER = 0.2


@dataclass(frozen=True, slots=True)
class Postponer:
    """Postpones messages."""

    buffer: Buffer
    visibility: Visibility
    clock: Clock
    jitter: Callable[[], float]

    def postpone(self, messages: Sequence[PostponedMessage]) -> list[str]:
        """Let messages wait; return the ids of those that stay in the queue.

        The others have a successor and can be deleted. A process that ends before they are deleted
        leaves both, of which the forwarder sends one. Call this last, to keep that time short.
        """
        successors = [
            (message, message.again)
            for message in messages
            if message.again and self._is_replaced(message)
        ]
        failed = self._send([(again, self._delay(message.wait)) for message, again in successors])
        replaced = {
            id(message)
            for position, (message, _) in enumerate(successors)
            if position not in failed
        }
        staying = [message for message in messages if id(message) not in replaced]
        self._hide(staying)
        return [message.message.message_id for message in staying]

    def _send(self, successors: Sequence[tuple[Delivery, timedelta]]) -> Collection[int]:
        try:
            return self.buffer.put_each(successors)
        except Exception as exc:  # noqa: BLE001 (the messages stay in the queue)
            log_unforeseen(exc)
            return range(len(successors))

    def _is_replaced(self, postponed: PostponedMessage) -> bool:
        message = postponed.message
        return postponed.wait > LONGEST_IN_FLIGHT or must_be_renewed(
            message.receives, self.clock() - message.sent_at
        )

    def _delay(self, wait: timedelta) -> timedelta:
        """The delay of the next message; after a part of the wait there will be another one."""
        if wait < LONGEST_DELAY:
            return wait
        return LONGEST_DELAY * (1 - _JITTER * self.jitter())

    def _hide(self, messages: Sequence[PostponedMessage]) -> None:
        """Hide messages; after a failed request the others keep the timeout of the queue."""
        for each in messages:
            try:
                self.visibility.postpone(each.message.receipt, each.wait)
            except UnavailableError as exc:
                logger.warning("visibility timeout was not changed", extra={"reason": str(exc)})
                return
            except Exception as exc:  # noqa: BLE001 (the other messages are still postponed)
                log_unforeseen(exc, message_id=each.message.message_id)
