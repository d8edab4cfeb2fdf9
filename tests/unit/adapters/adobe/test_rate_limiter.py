"""Tests of the wait for the rate limit."""

from threading import Barrier, Thread
from time import sleep

import pytest

from bridge.adapters.adobe.rate_limiter import limit_rate
from bridge.errors import UnavailableError
from bridge.inlet.rate_limiter import RateLimit
from tests.support.waiting import MAX_SECONDS


def test_request_waits_until_its_reserved_time() -> None:
    """The first request does not wait."""
    waits: list[float] = []
    take_turn = limit_rate(RateLimit.share(1_000, 1), waits.append, monotonic=lambda: 0.0)

    take_turn(200)
    take_turn(200)

    assert waits == [pytest.approx(0.2)]


def test_threads_get_different_reserved_times() -> None:
    """No two threads reserve the same time."""
    waits: list[float] = []
    together = Barrier(4)

    def wait(seconds: float) -> None:
        sleep(0.02)  # Long enough for the other threads to arrive.
        waits.append(seconds)

    take_turn = limit_rate(RateLimit.share(1_000, 1), wait, monotonic=lambda: 0.0)

    def send() -> None:
        together.wait(timeout=MAX_SECONDS)
        take_turn(200)

    threads = [Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert waits == [pytest.approx(0.2 * turn) for turn in (1, 2, 3)]


def test_reservation_beyond_the_deadline_is_not_consumed() -> None:
    """The next invocation has the same share of the rate."""

    def refuse(_: float) -> None:
        raise UnavailableError("the time does not suffice")

    rate_limit = RateLimit.share(1_000, 1)
    take_turn = limit_rate(rate_limit, refuse, monotonic=lambda: 0.0)
    take_turn(200)

    with pytest.raises(UnavailableError):
        take_turn(200)

    assert rate_limit.free_at == pytest.approx(0.2)
