"""Wait until the rate limit of an inlet permits a request."""

import threading
import time
from collections.abc import Callable

from bridge.errors import UnavailableError
from bridge.inlet.rate_limiter import RateLimit


def limit_rate(
    rate_limit: RateLimit,
    wait: Callable[[float], None],
    monotonic: Callable[[], float] = time.monotonic,
) -> Callable[[int], None]:
    """A function that waits until the limit permits so many messages; thread-safe.

    Args:
        rate_limit: the share of this function.
        wait: sleeps, or raises UnavailableError after the deadline; then nothing is reserved.
        monotonic: a monotonic clock in seconds.
    """
    lock = threading.Lock()

    def acquire(messages: int) -> None:
        with lock:
            free_at = rate_limit.free_at
            seconds = rate_limit.reserve(messages, monotonic())
            try:
                if seconds:
                    wait(seconds)
            except UnavailableError:
                rate_limit.free_at = free_at
                raise

    return acquire
