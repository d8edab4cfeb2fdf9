"""Bound time-outs and retries by the deadline."""

import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from bridge.backoff import backoff_ceiling
from bridge.errors import AdobeError, UnavailableError

# Adobe publishes no limits; these are common ones: slightly over a multiple of the 3 s TCP
# retransmission to connect (requests' documentation, "Timeouts"), and 10 s for a response.
_CONNECT_SECONDS = 3.05
_READ_SECONDS = 10.0
_FIRST_PAUSE_SECONDS = 0.5
_MAX_PAUSE_SECONDS = 8.0
# For a longer Retry-After, the caller of the bridge retries later.
_MAX_RETRY_AFTER_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class RetryBudget:
    """Time-outs and pauses, bounded by the remaining time.

    Attributes:
        sleep: waits for so many seconds.
        jitter: a random number from 0 up to 1.
        remaining: seconds until the deadline.
    """

    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random
    remaining: Callable[[], float] = lambda: math.inf

    def timeout(self) -> tuple[float, float]:
        """The (connect, read) time-outs of the next request, in seconds.

        Raises:
            AdobeError: the deadline has passed.
        """
        remaining = self.remaining()
        if remaining <= 0:
            raise AdobeError("no time is left for a request to Adobe", status=None, retryable=True)
        connect = min(_CONNECT_SECONDS, remaining / 2)
        return connect, min(_READ_SECONDS, remaining - connect)

    def pause(self, attempt: int, retry_after: str | None = None) -> bool:
        """Wait before the next attempt; False, without waiting, if there is no time for it.

        Args:
            attempt: the number of failed attempts, from 1.
            retry_after: the header of that name; only seconds are supported.
        """
        if retry_after is not None and retry_after.isdecimal():
            seconds = float(retry_after)
            if seconds > _MAX_RETRY_AFTER_SECONDS:
                return False
        else:
            ceiling = backoff_ceiling(attempt, _FIRST_PAUSE_SECONDS, _MAX_PAUSE_SECONDS)
            seconds = ceiling * self.jitter()
        if seconds >= self.remaining():
            return False
        self.sleep(seconds)
        return True

    def wait(self, seconds: float) -> None:
        """Wait. Raises UnavailableError at once if the deadline is too close."""
        if seconds >= self.remaining():
            raise UnavailableError(
                f"not enough time is left to wait {seconds:.0f} s; apply again to finish"
            )
        self.sleep(seconds)
