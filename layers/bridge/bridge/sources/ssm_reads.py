"""Call SSM for sources: a refresh once and without waiting, a first read with retries."""

import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from bridge.backoff import backoff_ceiling
from bridge.errors import ThrottledError, UnavailableError
from bridge.ports.aws import Parameters
from bridge.ports.process import Clock, Sleep

# Time between calls to SSM after a failure: the first, and the longest of refreshes.
FAILURE_INTERVAL = timedelta(seconds=1)
_LONGEST_INTERVAL = timedelta(seconds=30)
# Ceilings of the pauses after throttled calls. With longer ones, calls of the quota are left unused
# while the last of 500 environments wait; with shorter ones, other users of SSM are throttled more.
_FIRST_PAUSE_SECONDS = 0.25
_MAX_PAUSE_SECONDS = 2.0
# Attempts of a first read that fails for another reason than throttling.
_MAX_FAILURES = 2
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class ReadRetries(NamedTuple):
    """How long a throttled call is repeated.

    Attributes:
        remaining: seconds until the invocation must stop waiting.
        sleep: waits for so many seconds.
        jitter: a random number from 0 up to 1.
    """

    remaining: Callable[[], float]
    sleep: Sleep
    jitter: Callable[[], float]


NO_RETRIES = ReadRetries(lambda: 0.0, lambda _seconds: None, lambda: 0.0)


class SsmReads:
    """Reads parameters for sources.

    Args:
        parameters: read what an environment has never read.
        quick: read what an environment has a copy of; a call should fail within a second or two.
        clock: the time.
        retries: for throttled first reads.
    """

    def __init__(
        self, parameters: Parameters, quick: Parameters, clock: Clock, retries: ReadRetries
    ) -> None:
        self._parameters = parameters
        self._quick = quick
        self._clock = clock
        self._retries = retries
        self._failures = 0
        self._retry_at = _LONG_AGO
        self._reason = ""
        self._throttled = False

    def refresh(self, names: Sequence[str]) -> dict[str, str]:
        """Read once. Raises UnavailableError, without a call soon after a failed one."""
        if self._clock() < self._retry_at:
            raise UnavailableError(self._reason)
        return self._counted(lambda: self._quick.get(names))

    def refresh_names(self, path: str) -> set[str]:
        """List once. Raises as `refresh`."""
        if self._clock() < self._retry_at:
            raise UnavailableError(self._reason)
        return self._counted(lambda: self._quick.names_in(path))

    def first(self, names: Sequence[str]) -> dict[str, str]:
        """Read; repeat a throttled call until the deadline.

        Raises:
            UnavailableError: without a call if one failed before and there is no time to repeat it:
                each message of a batch asks.
        """
        return self._retried(lambda: self._parameters.get(names))

    def first_names(self, path: str) -> set[str]:
        """List. Repeats and raises as `first`."""
        return self._retried(lambda: self._parameters.names_in(path))

    def _retried[T](self, call: Callable[[], T]) -> T:
        budget, waited, failures, attempt = self._retries.remaining(), 0.0, 0, 0
        if budget < _MAX_PAUSE_SECONDS and self._clock() < self._retry_at:
            raise (
                ThrottledError(self._reason) if self._throttled else UnavailableError(self._reason)
            )
        while True:
            try:
                return self._counted(call)
            except UnavailableError as exc:
                failures += not isinstance(exc, ThrottledError)
                attempt += 1
                ceiling = backoff_ceiling(attempt, _FIRST_PAUSE_SECONDS, _MAX_PAUSE_SECONDS)
                seconds = ceiling * self._retries.jitter()
                # The sum of the pauses is a bound of its own, for a clock that stands still.
                waited += seconds
                remaining = min(self._retries.remaining(), budget - waited)
                if failures == _MAX_FAILURES or not seconds < remaining < math.inf:
                    raise
                self._retries.sleep(seconds)

    def _counted[T](self, call: Callable[[], T]) -> T:
        try:
            result = call()
        except UnavailableError as exc:
            self._failures += 1
            self._throttled = isinstance(exc, ThrottledError)
            ceiling = backoff_ceiling(self._failures, FAILURE_INTERVAL, _LONGEST_INTERVAL)
            # At least half of it, so that a failing service gets a rest.
            self._retry_at = self._clock() + ceiling * (1 - self._retries.jitter() / 2)
            self._reason = str(exc)
            raise
        self._failures, self._retry_at = 0, _LONG_AGO
        return result
