"""The instant by which an invocation must have answered."""

import math
import time
from collections.abc import Callable


class Deadline:
    """One for the process, started anew by every invocation: Lambda runs them one by one.

    Threads of an invocation only read it.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._started = 0.0
        self._at_most = math.inf
        self._ends = math.inf

    def start(self, seconds: float, at_most: float = math.inf) -> None:
        """So many seconds are left from now on.

        Args:
            seconds: until the answer is wanted.
            at_most: what `set` cannot go beyond.
        """
        self._started = self._monotonic()
        self._at_most = at_most
        self.set(seconds)

    def set(self, seconds: float) -> None:
        """So many seconds were meant, from the same start."""
        self._ends = self._started + min(seconds, self._at_most)

    def remaining(self) -> float:
        """The seconds that are left; negative when it is too late."""
        return self._ends - self._monotonic()


# The shortest time that a provider waits is 1 s (Sentry), the usual ones are 3 and 5 s; half a
# second is for the way, and for the buffer where the inlet does not answer.
_ON_THE_WAY_SECONDS = 0.5
# Most say nothing: as short as for those that wait 3 s.
DEFAULT_INLINE_SECONDS = 2.5
# An inlet that takes longer than this is better tried from the buffer.
_LONGEST_SECONDS = 5.0


def inline_seconds(timeout_seconds: float | None) -> float:
    """How long the inlet may be tried while a sender waits for so many seconds."""
    if timeout_seconds is None:
        return DEFAULT_INLINE_SECONDS
    return min(timeout_seconds - _ON_THE_WAY_SECONDS, _LONGEST_SECONDS)
