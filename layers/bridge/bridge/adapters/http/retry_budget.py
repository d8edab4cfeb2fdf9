"""How long an adapter may wait for Adobe, and how it waits between two tries."""

import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from bridge.errors import AdobeError, UnavailableError

# Adobe publishes no limits; these are the usual ones: a connection slightly over a multiple of
# the 3 s TCP retransmission (requests' documentation, "Timeouts"), and 10 s for an answer.
_CONNECT_SECONDS = 3.05
_READ_SECONDS = 10.0
_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 8.0
# A server that asks for more than this is answered by whoever calls us, later.
_LONGEST_RETRY_AFTER_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class RetryBudget:
    """Time-outs and pauses, bounded by the time that is left.

    Attributes:
        sleep: waits for so many seconds.
        jitter: a random number from 0 up to 1.
        remaining: the seconds that are left for everything.
    """

    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random
    remaining: Callable[[], float] = lambda: math.inf

    def timeout(self) -> tuple[float, float]:
        """The (connect, read) time-outs of the next request, in seconds.

        Raises:
            AdobeError: no time is left for another request.
        """
        left = self.remaining()
        if left <= 0:
            raise AdobeError("no time is left to ask Adobe", status=None, retryable=True)
        connect = min(_CONNECT_SECONDS, left / 2)
        return connect, min(_READ_SECONDS, left - connect)

    def pause(self, attempt: int, retry_after: str | None = None) -> bool:
        """Wait before the next try; False, without waiting, when there is no time for one.

        Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/.

        Args:
            attempt: how many tries failed so far, from 1 on.
            retry_after: the header of that name, of which only seconds are understood.
        """
        if retry_after is not None and retry_after.isdecimal():
            seconds = float(retry_after)
            if seconds > _LONGEST_RETRY_AFTER_SECONDS:
                return False
        else:
            ceiling = min(_LONGEST_PAUSE_SECONDS, _FIRST_PAUSE_SECONDS * 2 ** (attempt - 1))
            seconds = ceiling * self.jitter()
        if seconds >= self.remaining():
            return False
        self.sleep(seconds)
        return True

    def wait(self, seconds: float) -> None:
        """Wait for as long as needed. Raises UnavailableError, at once, if time is too short."""
        if seconds >= self.remaining():
            raise UnavailableError(
                f"the time does not suffice to wait {seconds:.0f} s; apply again to finish"
            )
        self.sleep(seconds)
