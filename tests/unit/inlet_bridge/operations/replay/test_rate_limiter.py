"""Tests of the rate."""

import pytest

from inlet_bridge.operations.replay.rate_limiter import RateLimiter
from tests.support.replay_bench import VirtualClock


def test_time_that_was_lost_is_not_made_up_for() -> None:
    clock = VirtualClock()
    rate_limiter = RateLimiter(2, clock.monotonic, clock.sleep)
    at = []
    for delay in (0.0, 0.0, 3.0, 0.0):
        clock.seconds += delay
        rate_limiter.wait()
        at.append(clock.seconds)

    assert at == [0.0, 0.5, 3.5, 4.0]


@pytest.mark.parametrize(("rate", "burst"), [(0.1, 1), (9.9, 1), (25, 2), (100, 10), (5_000, 100)])
def test_burst_is_a_tenth_of_a_seconds_worth(rate: float, burst: int) -> None:
    assert RateLimiter(rate).burst == burst
