"""Timeouts and pauses are bounded by the remaining time."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.adapters.http.retry_budget import Persistence, RetryBudget
from bridge.errors import AdobeError, UnavailableError


@given(st.floats(min_value=0.001, max_value=100_000))
def test_timeout_never_exceeds_the_remaining_time(left: float) -> None:
    connect, read = RetryBudget(remaining=lambda: left).timeout()

    assert connect > 0
    assert read > 0
    assert connect + read <= left * 1.000001
    assert (connect, read) <= (3.05, 10.0)


@pytest.mark.parametrize("left", [0, -1])
def test_no_request_is_made_without_remaining_time(left: float) -> None:
    with pytest.raises(AdobeError) as caught:
        RetryBudget(remaining=lambda: left).timeout()
    assert caught.value.retryable


@given(
    st.integers(min_value=1, max_value=50),
    st.floats(min_value=0, max_value=1, exclude_max=True),
    st.none() | st.text(max_size=12),
    st.floats(min_value=-10, max_value=1_000),
)
def test_pause_is_short_and_within_the_remaining_time(
    attempt: int, jitter: float, retry_after: str | None, left: float
) -> None:
    slept: list[float] = []
    retry_budget = RetryBudget(slept.append, lambda: jitter, lambda: left)

    if retry_budget.pause(attempt, retry_after):
        assert len(slept) == 1
        assert 0 <= slept[0] < left
        assert slept[0] <= 30
    else:
        assert slept == []


NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
FORMS: list[tuple[str, float]] = [
    ("7", 7),
    ("1.5", 2),
    ("Sun, 01 Nov 2026 12:00:07 GMT", 7),
    # Not sooner than without the header.
    ("0", 1),
    ("Sun, 01 Nov 2026 11:00:00 GMT", 1),
    ("soon", 1),
    ("-5", 1),
    ("", 1),
]


@pytest.mark.parametrize(("retry_after", "seconds"), FORMS)
def test_retry_after_is_awaited(retry_after: str, seconds: float) -> None:
    slept: list[float] = []
    budget = RetryBudget(slept.append, lambda: 0.5, now=lambda: NOON)

    assert budget.pause(3, retry_after)
    assert slept == [seconds]


@pytest.mark.parametrize("retry_after", ["31", "30.1", "Sun, 01 Nov 2026 12:00:31 GMT", "9" * 400])
def test_longer_wait_is_left_to_the_caller(retry_after: str) -> None:
    slept: list[float] = []

    assert not RetryBudget(slept.append, now=lambda: NOON).pause(1, retry_after)
    assert slept == []


def test_long_wait_is_never_shortened() -> None:
    slept: list[float] = []
    RetryBudget(slept.append, remaining=lambda: 61).wait(60)
    with pytest.raises(UnavailableError, match="60 s; apply again"):
        RetryBudget(slept.append, remaining=lambda: 60).wait(60)
    assert slept == [60]


def test_number_of_attempts_is_limited() -> None:
    slept: list[float] = []
    budget = RetryBudget(slept.append, lambda: 0.5)

    assert budget.pause(4, attempts=5)
    assert not budget.pause(5, attempts=5)
    assert len(slept) == 1


@dataclass
class Deployment:
    """A deployment with 585 seconds, whose requests take a second each."""

    left: float = 585.0
    jitter: float = 0.5

    def sleep(self, seconds: float) -> None:
        self.left -= seconds + 1

    def budget(self) -> RetryBudget:
        return RetryBudget(
            self.sleep, lambda: self.jitter, lambda: self.left, Persistence(until_deadline=True)
        )


@pytest.mark.parametrize("jitter", [0.0, 0.5, 0.999])
def test_deployment_retries_until_its_deadline(jitter: float) -> None:
    deployment = Deployment(jitter=jitter)
    budget, attempt = deployment.budget(), 1
    while budget.pause(attempt, attempts=5, reason="503"):
        attempt += 1

    assert deployment.left <= 5
    assert jitter == 0.0 or attempt < 60


def test_deployment_honors_any_retry_after_that_fits() -> None:
    deployment = Deployment(left=100)

    assert deployment.budget().pause(1, "45", attempts=5)
    assert deployment.left == 54
    assert not deployment.budget().pause(2, "54", attempts=5)
    assert deployment.left == 54


@pytest.mark.parametrize("retry_after", ["0", "0.0", "Sun, 01 Nov 2020 12:00:00 GMT"])
def test_deployment_backs_off_although_it_may_retry_at_once(retry_after: str) -> None:
    deployment = Deployment()
    budget, attempt = deployment.budget(), 1
    while budget.pause(attempt, retry_after, attempts=5, reason="429"):
        attempt += 1

    assert deployment.left <= 5
    assert attempt < 60


def test_waits_of_a_deployment_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    assert Deployment().budget().persist(3, "45", "Adobe refused: 429")

    [record] = caplog.records
    assert record.message == "waiting for Adobe"
    assert vars(record).items() >= {
        ("reason", "Adobe refused: 429"),
        ("attempt", 3),
        ("seconds", "45.0"),
        ("left", "585"),
    }


def test_nothing_else_persists() -> None:
    slept: list[float] = []

    assert not RetryBudget(slept.append).persist(1, None, "503")
    assert slept == []
