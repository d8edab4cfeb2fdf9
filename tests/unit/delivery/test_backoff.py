"""Waiting between attempts."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.delivery.backoff import LONGEST, backoff


@pytest.mark.parametrize(("attempt", "ceiling"), [(1, 4), (2, 8), (5, 64), (10, 2048), (11, 3600)])
def test_the_wait_doubles_up_to_an_hour(attempt: int, ceiling: int) -> None:
    """The jitter takes any part of it."""
    assert backoff(attempt, 0.5) == timedelta(seconds=ceiling / 2)


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_the_wait_is_bounded(attempt: int, jitter: float) -> None:
    """At least a second, at most an hour."""
    assert timedelta(seconds=1) <= backoff(attempt, jitter) <= LONGEST
