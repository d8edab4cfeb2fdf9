"""Tests of the decision to retry a delivery."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.delivery.delivery import Delivery
from bridge.delivery.outcomes import Dead, DeadClass, Retry
from bridge.forwarding.retry_policy import LONGEST, RetryPolicy, backoff, must_be_renewed
from tests.support.fakes import NOON


@pytest.mark.parametrize(("attempt", "ceiling"), [(1, 4), (2, 8), (5, 64), (10, 2048), (11, 3600)])
def test_wait_doubles_up_to_an_hour(attempt: int, ceiling: int) -> None:
    """The jitter takes any part of it."""
    assert backoff(attempt, 0.5) == timedelta(seconds=ceiling / 2)


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_wait_is_bounded(attempt: int, jitter: float) -> None:
    """At least a second, at most an hour."""
    assert timedelta(seconds=1) <= backoff(attempt, jitter) <= LONGEST


DELIVERY = Delivery(
    "github", "d-1", "id:d-1", "issues", "events", NOON - timedelta(days=9), NOON, b"{}"
)


def test_time_counts_from_when_it_was_buffered() -> None:
    """A redriven delivery begins anew, however old the webhook is."""
    policy, outcome = RetryPolicy(timedelta(hours=24)), Retry("the inlet returned 503")

    assert policy.decide(outcome, DELIVERY, NOON + timedelta(hours=24)) is outcome
    assert policy.decide(outcome, DELIVERY, NOON + timedelta(hours=25)) == Dead(
        DeadClass.EXPIRED, "not delivered within 24 h; the inlet returned 503"
    )


@pytest.mark.parametrize(
    ("receives", "days", "renewed"), [(899, 11, False), (900, 0, True), (1, 12, True)]
)
def test_message_is_renewed_before_the_queue_gives_it_up(
    receives: int, days: int, *, renewed: bool
) -> None:
    """SQS's bounds are 1,000 receives and 14 days."""
    assert must_be_renewed(receives, timedelta(days=days)) is renewed
