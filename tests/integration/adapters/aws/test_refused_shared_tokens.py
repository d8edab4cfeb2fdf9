"""While IMS refuses or fails, few environments ask it for a token."""

from collections.abc import Iterator
from contextlib import suppress
from copy import replace

import pytest

from adobe_emulator.emulator import Adobe
from adobe_emulator.faults import AnswerWith, Fault, Service
from adobe_emulator.server import serving
from bridge.adapters.adobe.ims import ImsTokens
from bridge.adapters.http.connections import Connections
from bridge.adapters.http.retry_budget import RetryBudget
from bridge.errors import AdobeError
from tests.support.fakes import FakeClock, FakeTokenStore
from tests.support.token_environments import CREDENTIALS, NO_TLS, environment
from tests.support.token_requests import record_token_requests


@pytest.fixture
def adobe() -> Iterator[Adobe]:
    with serving() as adobe:
        yield adobe


@pytest.fixture
def token_requests(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    return record_token_requests(monkeypatch)


def test_rejected_credentials_are_tried_once_a_minute_by_all_environments(
    adobe: Adobe, token_requests: list[int]
) -> None:
    store, clock = FakeTokenStore(), FakeClock()
    adobe.faults.add(Fault(Service.IMS, times=None, effect=AnswerWith(403, body="{}")))
    environments = [environment(adobe, store, clock, jitter=n / 20) for n in range(20)]
    for second in range(300):
        for tokens in environments:
            with pytest.raises(AdobeError, match="403"):
                tokens.current()
        assert len(token_requests) <= 1 + second // 60
        clock.advance(1)


def test_changed_credentials_are_tried_by_every_environment_within_a_minute(adobe: Adobe) -> None:
    store, clock = FakeTokenStore(), FakeClock()
    current = [replace(CREDENTIALS, client_secret="old")]
    environments = [
        environment(adobe, store, clock, jitter=n / 20, credentials=lambda: current[0])
        for n in range(20)
    ]
    for _ in range(10):
        for tokens in environments:
            with pytest.raises(AdobeError, match="401"):
                tokens.current()
        clock.advance(1)

    current[0] = CREDENTIALS
    clock.advance(60)

    assert len({tokens.current() for tokens in environments}) == 1
    assert adobe.ims.minted == 1


def test_changed_credentials_of_a_new_environment_are_tried_at_once(adobe: Adobe) -> None:
    """As in a deployment after the secret was corrected."""
    store, clock = FakeTokenStore(), FakeClock()
    wrong = replace(CREDENTIALS, client_secret="old")
    with pytest.raises(AdobeError, match="401"):
        environment(adobe, store, clock, credentials=lambda: wrong).current()

    assert environment(adobe, store, clock).current()


def test_deployment_waits_while_ims_is_not_asked(adobe: Adobe) -> None:
    store, clock = FakeTokenStore(), FakeClock()
    adobe.faults.add(Fault(Service.IMS, times=1, effect=AnswerWith(503)))
    with pytest.raises(AdobeError, match="503"):
        environment(adobe, store, clock, attempts=1).current()
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock.advance(seconds)

    deployment = ImsTokens(
        Connections(NO_TLS),
        adobe.url,
        lambda: CREDENTIALS,
        clock,
        RetryBudget(sleep),
        store=store,
        waits=True,
    )

    assert deployment.current()
    assert slept == [10]


def test_token_that_the_inlet_always_rejects_is_renewed_once_a_minute(adobe: Adobe) -> None:
    store, clock = FakeTokenStore(), FakeClock()
    environments = [environment(adobe, store, clock, jitter=n / 10) for n in range(10)]
    for _ in range(120):
        for tokens in environments:
            with suppress(AdobeError):
                tokens.renew(tokens.current())
        clock.advance(1)

    assert adobe.ims.minted <= 4


@pytest.mark.parametrize(("retry_after", "seconds"), [("", 10), ("40", 40), ("3600", 60)])
def test_failing_ims_is_asked_by_one_environment_until_its_retry_after(
    adobe: Adobe, token_requests: list[int], retry_after: str, seconds: int
) -> None:
    store, clock = FakeTokenStore(), FakeClock()
    headers = {"retry-after": retry_after} if retry_after else {}
    adobe.faults.add(Fault(Service.IMS, times=None, effect=AnswerWith(429, headers)))
    environments = [environment(adobe, store, clock, attempts=1) for _ in range(20)]
    for _ in range(seconds):
        for tokens in environments:
            with pytest.raises(AdobeError, match="429"):
                tokens.current()
        clock.advance(1)

    assert len(token_requests) == 1
