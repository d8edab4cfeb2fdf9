"""When a failed delivery is retried, and when it expires."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.backoff import backoff_ceiling
from bridge.delivery.delivery import Delivery
from bridge.delivery.outcomes import Dead, DeadClass, Retry

FIRST = timedelta(seconds=4)
LONGEST = timedelta(hours=1)

# SQS deletes a message after 14 days, and moves it to the dead-letter queue after the template's
# maxReceiveCount of 1,000 (the maximum). A message near these limits is sent to the buffer again.
_RENEW_AFTER = timedelta(days=12)
_RENEW_AT_RECEIVE = 900


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """For how long a delivery is retried.

    Attributes:
        give_up_after: counted from when the delivery was buffered. It expires only after an
            attempt past that time, so neither a pause nor an outage of the forwarder expires it.
    """

    give_up_after: timedelta

    def decide(self, outcome: Retry, delivery: Delivery, now: datetime) -> Retry | Dead:
        """Return the outcome of an attempt: unchanged, or dead once the retry period is over."""
        if now - delivery.buffered_at <= self.give_up_after:
            return outcome
        hours = self.give_up_after / timedelta(hours=1)
        return Dead(DeadClass.EXPIRED, f"not delivered within {hours:g} h; {outcome.reason}")


def backoff(attempt: int, jitter: float) -> timedelta:
    """Exponential backoff with full jitter, from one second to an hour.

    Args:
        attempt: how often the delivery was received from the buffer, from 1.
        jitter: a random number in [0, 1).
    """
    return max(backoff_ceiling(attempt, FIRST, LONGEST) * jitter, timedelta(seconds=1))


def must_be_renewed(receives: int, age: timedelta) -> bool:
    """Whether the queue would soon delete a message or move it to the dead-letter queue.

    Args:
        receives: how often it was received from the queue.
        age: since it was sent to the queue.
    """
    return receives >= _RENEW_AT_RECEIVE or age >= _RENEW_AFTER
