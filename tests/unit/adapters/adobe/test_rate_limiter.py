"""Waiting for one's turn."""

from threading import Barrier, Thread
from time import sleep

import pytest

from bridge.adapters.adobe.rate_limiter import limit_rate
from bridge.errors import UnavailableError
from bridge.inlet.rate_limiter import RateLimit


def test_a_request_waits_until_its_turn() -> None:
    """The first goes at once."""
    waits: list[float] = []
    take_turn = limit_rate(RateLimit.share(1_000, 1), waits.append, monotonic=lambda: 0.0)

    take_turn(200)
    take_turn(200)

    assert waits == [pytest.approx(0.2)]


def test_threads_go_one_after_the_other() -> None:
    """As if they were one sender: no two find the same moment free."""
    waits: list[float] = []
    together = Barrier(4)

    def wait(seconds: float) -> None:
        sleep(0.02)  # Long enough for the others to come.
        waits.append(seconds)

    take_turn = limit_rate(RateLimit.share(1_000, 1), wait, monotonic=lambda: 0.0)

    def send() -> None:
        together.wait(timeout=60)
        take_turn(200)

    threads = [Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert waits == [pytest.approx(0.2 * turn) for turn in (1, 2, 3)]


def test_a_turn_that_cannot_be_waited_for_is_not_used_up() -> None:
    """The next invocation finds the share as it was."""

    def refuse(_: float) -> None:
        raise UnavailableError("the time does not suffice")

    rate_limit = RateLimit.share(1_000, 1)
    take_turn = limit_rate(rate_limit, refuse, monotonic=lambda: 0.0)
    take_turn(200)

    with pytest.raises(UnavailableError):
        take_turn(200)

    assert rate_limit.free_at == pytest.approx(0.2)
