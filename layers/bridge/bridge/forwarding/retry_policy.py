"""When a delivery that could not be sent is tried again, and when no more."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.backoff import backoff_ceiling
from bridge.delivery.delivery import Delivery
from bridge.delivery.outcomes import Dead, DeadClass, Retry

FIRST = timedelta(seconds=4)
LONGEST = timedelta(hours=1)

# SQS takes a message away after 14 days, and gives it up after the template's 1,000 receives
# (the most that it allows). A message that comes near is put into the buffer anew.
_RENEW_AFTER = timedelta(days=12)
_RENEW_AT_RECEIVE = 900


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """For how long a delivery is tried.

    Attributes:
        give_up_after: counted from when it was buffered; nothing dies that was not tried after
            that time, so neither a pause nor a forwarder that did not run can kill it.
    """

    give_up_after: timedelta

    def judge(self, outcome: Retry, delivery: Delivery, now: datetime) -> Retry | Dead:
        """The outcome of one more try, once the time is over."""
        if now - delivery.buffered_at <= self.give_up_after:
            return outcome
        hours = self.give_up_after / timedelta(hours=1)
        return Dead(DeadClass.EXPIRED, f"not delivered within {hours:g} h; {outcome.reason}")


def backoff(attempt: int, jitter: float) -> timedelta:
    """Exponential back-off with full jitter, from one second to an hour.

    Args:
        attempt: how often the delivery was taken from the buffer, from 1.
        jitter: a random number in [0, 1).
    """
    return max(backoff_ceiling(attempt, FIRST, LONGEST) * jitter, timedelta(seconds=1))


def must_be_renewed(receives: int, age: timedelta) -> bool:
    """Whether the queue would soon lose a message, or give it up by itself.

    Args:
        receives: how often it was taken from the queue.
        age: since it was put there.
    """
    return receives >= _RENEW_AT_RECEIVE or age >= _RENEW_AFTER
