"""The time limit of one invocation."""

import math
import time
from collections.abc import Callable


class Deadline:
    """The time by which an invocation must respond.

    A process has one deadline and restarts it for every invocation, since Lambda runs them one
    after the other. Threads of an invocation only read it.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._started = 0.0
        self._limit = math.inf
        self._ends = math.inf

    def start(self, seconds: float, at_most: float = math.inf) -> None:
        """Start the deadline now.

        Args:
            seconds: until the deadline.
            at_most: upper bound in seconds, also for `set`.
        """
        self._started = self._monotonic()
        self._limit = at_most
        self.set(seconds)

    def set(self, seconds: float) -> None:
        """Change the seconds from the start to the deadline."""
        self._ends = self._started + min(seconds, self._limit)

    def remaining(self) -> float:
        """The remaining seconds; negative after the deadline."""
        return self._ends - self._monotonic()


# Network latency, and time to queue the delivery if the inlet does not respond. The shortest
# timeout of a provider is 1 s (Sentry); 3 and 5 s are common.
_OVERHEAD_SECONDS = 0.5
# For the many providers that do not document a timeout: as for a timeout of 3 s.
DEFAULT_INLINE_SECONDS = 2.5
# A slower inlet is better retried from the buffer.
_MAX_INLINE_SECONDS = 5.0


def inline_seconds(timeout_seconds: float | None) -> float:
    """How long inline delivery may take, given the sender's timeout."""
    if timeout_seconds is None:
        return DEFAULT_INLINE_SECONDS
    return min(timeout_seconds - _OVERHEAD_SECONDS, _MAX_INLINE_SECONDS)
