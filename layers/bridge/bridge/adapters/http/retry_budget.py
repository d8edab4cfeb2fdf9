"""Bound time-outs and retries by the deadline."""

import math
import random
import time
from collections.abc import Callable
from datetime import datetime

from bridge.adapters.clock import utc_now
from bridge.backoff import backoff_ceiling, retry_after_of
from bridge.errors import AdobeError, UnavailableError
from bridge.telemetry import logger

# Adobe publishes no limits; these are common ones: slightly over a multiple of the 3 s TCP
# retransmission to connect (requests' documentation, "Timeouts"), and 10 s for a response.
_CONNECT_SECONDS = 3.05
_READ_SECONDS = 10.0
_FIRST_PAUSE_SECONDS = 0.5
_MAX_PAUSE_SECONDS = 8.0
# For a longer Retry-After, the caller of the bridge retries later.
_MAX_RETRY_AFTER_SECONDS = 30.0
# Nobody retries a deployment: it waits longer, and for as long as its time lasts.
_MAX_DEPLOYMENT_PAUSE_SECONDS = 30.0
_LAST_ATTEMPT_SECONDS = 5.0


class Persistence:
    """How long an invocation retries. A process sets it anew for every invocation.

    Attributes:
        until_deadline: until the deadline, as a deployment does; otherwise a few times.
    """

    def __init__(self, *, until_deadline: bool = False) -> None:
        self.until_deadline = until_deadline


class RetryBudget:
    """Time-outs and pauses, bounded by the remaining time.

    Attributes:
        sleep: waits for so many seconds.
        jitter: a random number from 0 up to 1.
        remaining: seconds until the deadline.
        persistence: of the current invocation; by default, it retries a few times.
        read_seconds: the longest time without a byte of a response.
        now: the time, for a `Retry-After` that is a date.
    """

    def __init__(
        self,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
        remaining: Callable[[], float] = lambda: math.inf,
        persistence: Persistence | None = None,
        read_seconds: float = _READ_SECONDS,
        *,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.sleep = sleep
        self.jitter = jitter
        self.remaining = remaining
        self.persistence = persistence or Persistence()
        self.read_seconds = read_seconds
        self.now = now

    def timeout(self) -> tuple[float, float]:
        """The (connect, read) time-outs of the next request, in seconds.

        Raises:
            AdobeError: the deadline has passed.
        """
        remaining = self.remaining()
        if remaining <= 0:
            raise AdobeError("no time is left for a request to Adobe", status=None, retryable=True)
        connect = min(_CONNECT_SECONDS, remaining / 2)
        return connect, min(self.read_seconds, remaining - connect)

    def pause(
        self,
        attempt: int,
        retry_after: str | None = None,
        *,
        attempts: float = math.inf,
        reason: object = "",
        whom: str = "Adobe",
    ) -> bool:
        """Wait before the next attempt; False, without waiting, if there must be none.

        Args:
            attempt: the number of failed attempts, from 1.
            retry_after: the header of that name. A shorter wait than the back-off, such as 0,
                does not shorten it: nothing else bounds the attempts of a deployment.
            attempts: the most attempts, unless the invocation retries until the deadline.
            reason: why the last attempt failed, for the log.
            whom: who failed, for the log.
        """
        remaining, persists = self.remaining(), self.persistence.until_deadline
        if attempt >= attempts and not persists:
            return False
        longest = _MAX_DEPLOYMENT_PAUSE_SECONDS if persists else _MAX_PAUSE_SECONDS
        seconds = backoff_ceiling(attempt, _FIRST_PAUSE_SECONDS, longest) * self.jitter()
        if persists and remaining > _LAST_ATTEMPT_SECONDS:
            seconds = min(seconds, remaining - _LAST_ATTEMPT_SECONDS)
        asked = retry_after_of(retry_after or "", self.now())
        if asked is not None:
            if asked.total_seconds() > _MAX_RETRY_AFTER_SECONDS and not persists:
                return False
            seconds = max(asked.total_seconds(), seconds)
        if seconds >= remaining:
            return False
        if persists and reason:
            progress = {"attempt": attempt, "seconds": f"{seconds:.1f}", "left": f"{remaining:.0f}"}
            logger.info(f"waiting for {whom}", extra={"reason": str(reason), **progress})
        self.sleep(seconds)
        return True

    def persist(self, attempt: int, retry_after: str | None, reason: object) -> bool:
        """Wait as `pause` if the invocation retries until the deadline; the port `Persist`."""
        if not self.persistence.until_deadline:
            return False
        return self.pause(attempt, retry_after, reason=reason)

    def wait(self, seconds: float) -> None:
        """Wait. Raises UnavailableError at once if the deadline is too close."""
        if seconds >= self.remaining():
            raise UnavailableError(
                f"not enough time is left to wait {seconds:.0f} s; apply again to finish"
            )
        self.sleep(seconds)
