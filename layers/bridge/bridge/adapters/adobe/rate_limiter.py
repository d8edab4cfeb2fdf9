"""Keeps a sender to its share of what an inlet may be sent."""

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
    """A function that waits until a request with so many messages may go.

    Threads that share it go one after the other, each as soon as it may.

    Args:
        rate_limit: this sender's share.
        wait: sleeps, or raises UnavailableError when there is no time to; nothing is used up then.
        monotonic: seconds of a clock that only goes forward.
    """
    turnstile = threading.Lock()

    def take_turn(messages: int) -> None:
        with turnstile:
            free_at = rate_limit.free_at
            seconds = rate_limit.reserve(messages, monotonic())
            try:
                if seconds:
                    wait(seconds)
            except UnavailableError:
                rate_limit.free_at = free_at
                raise

    return take_turn
