"""Tests of the rate limit of an inlet."""

from hypothesis import given
from hypothesis import strategies as st

from bridge.inlet.batching import MAX_BATCH_MESSAGES
from bridge.inlet.rate_limiter import RateLimit


def test_each_request_waits_for_what_those_before_it_took() -> None:
    """1,000 messages a second: 200 take a fifth of one."""
    rate_limit = RateLimit.share(10_000, 10)

    assert rate_limit.reserve(200, 5.0) == 0
    assert round(rate_limit.reserve(200, 5.0), 3) == 0.2
    assert round(rate_limit.reserve(1, 5.1), 3) == 0.3


def test_requests_count_as_well() -> None:
    """100 requests a second, however small."""
    rate_limit = RateLimit.share(10_000, 10)
    rate_limit.reserve(1, 0.0)

    assert round(rate_limit.reserve(1, 0.0), 3) == 0.01


@given(st.lists(st.tuples(st.integers(1, MAX_BATCH_MESSAGES), st.floats(0, 0.3))))
def test_no_burst_exceeds_the_share(requests: list[tuple[int, float]]) -> None:
    """In no second more than the share and one batch."""
    rate_limit = RateLimit.share(10_000, 10)
    now, sent = 100.0, []
    for messages, idle in requests:
        now += idle
        now += rate_limit.reserve(messages, now)
        sent.append((now, messages))

    for start, _ in sent:
        second = sum(count for at, count in sent if start <= at < start + 1)
        assert second <= 1_000 + MAX_BATCH_MESSAGES
