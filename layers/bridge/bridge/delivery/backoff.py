"""How long a delivery waits before it is tried again."""

from datetime import timedelta

FIRST = timedelta(seconds=4)
LONGEST = timedelta(hours=1)
# A message that waits this long is given to people; SQS keeps it for 14 days.
GIVE_UP_AFTER = timedelta(days=3)


def backoff(attempt: int, jitter: float) -> timedelta:
    """Exponential back-off with full jitter, from one second to an hour.

    Args:
        attempt: how often the delivery was taken from the buffer, from 1.
        jitter: a random number in [0, 1).
    """
    ceiling = min(FIRST * (1 << min(attempt - 1, 20)), LONGEST)
    return max(ceiling * jitter, timedelta(seconds=1))
