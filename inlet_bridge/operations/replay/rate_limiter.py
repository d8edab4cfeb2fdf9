"""Keep a rate."""

import time
from collections.abc import Callable
from typing import Final

# Deliveries that are handled at once: at most this share of a second's worth, and this many.
_BURST_SECONDS: Final = 0.1
_MOST_AT_ONCE: Final = 100


class RateLimiter:
    """Waits, so that no more than `rate` a second are sent; a slow second is not made up for.

    Args:
        rate: per second, above 0.
        monotonic, sleep: the time.
    """

    def __init__(
        self,
        rate: float,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._rate = rate
        self._monotonic = monotonic
        self._sleep = sleep
        self._next: float | None = None

    @property
    def burst(self) -> int:
        """How many may be sent at once: a tenth of a second's worth, from 1 to 100."""
        return max(1, min(_MOST_AT_ONCE, int(self._rate * _BURST_SECONDS)))

    def wait(self, count: int = 1) -> None:
        """Return when so many more may be sent."""
        now = self._monotonic()
        if self._next is not None and self._next > now:
            self._sleep(self._next - now)
            now = self._next
        self._next = now + count / self._rate
