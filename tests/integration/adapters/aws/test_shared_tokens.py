"""One token for all environments, also when a thousand start at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from adobe_emulator.emulator import Adobe
from adobe_emulator.server import serving
from bridge.adapters.adobe.ims import ImsTokens
from bridge.errors import AdobeError, ThrottledError, UnavailableError
from tests.support.fakes import FakeClock, FakeTokenStore
from tests.support.token_environments import environment
from tests.support.virtual_time import VirtualTime

ENVIRONMENTS = 50


@pytest.fixture
def adobe() -> Iterator[Adobe]:
    with serving() as adobe:
        yield adobe


def test_fifty_concurrent_cold_starts_request_one_token(adobe: Adobe) -> None:
    store, time = FakeTokenStore(), VirtualTime()
    environments = [
        environment(adobe, store, time=time, ims_seconds=0.3) for _ in range(ENVIRONMENTS)
    ]

    tokens = time.run(ImsTokens.current, environments)

    assert len(set(tokens)) == 1
    assert adobe.ims.minted == 1


def test_a_thousand_sequential_cold_starts_request_one_token(adobe: Adobe) -> None:
    store = FakeTokenStore()

    assert len({environment(adobe, store).current() for _ in range(1_000)}) == 1
    assert adobe.ims.minted == 1


def test_token_that_was_revoked_is_renewed_once_for_all(adobe: Adobe) -> None:
    store, time = FakeTokenStore(), VirtualTime()
    environments = [environment(adobe, store, time=time) for _ in range(ENVIRONMENTS)]
    (stale,) = set(time.run(ImsTokens.current, environments))
    adobe.ims.revoke_all()

    renewed = time.run(lambda tokens: tokens.renew(stale), environments)

    assert len(set(renewed)) == 1
    assert stale not in renewed
    assert adobe.ims.minted == 2


def test_environment_without_the_lock_uses_the_old_token(adobe: Adobe) -> None:
    store, clock = FakeTokenStore(), FakeClock()
    tokens = environment(adobe, store, clock)
    old = tokens.current()
    clock.now += timedelta(seconds=86_399 - 500)
    assert store.lock()

    assert tokens.current() == environment(adobe, store, clock).current() == old
    assert adobe.ims.minted == 1

    store.unlock()
    clock.now += timedelta(seconds=31)
    assert tokens.current() != old
    assert environment(adobe, store, clock).current() == tokens.current()
    assert adobe.ims.minted == 2


def test_renewal_times_differ_between_environments(adobe: Adobe) -> None:
    store, clock = FakeTokenStore(), FakeClock()
    early, late = environment(adobe, store, clock), environment(adobe, store, clock, jitter=1.0)
    old = early.current()
    assert late.current() == old

    clock.now += timedelta(seconds=86_399 - 450)
    assert late.current() == old
    new = early.current()
    assert new != old
    clock.now += timedelta(seconds=200)
    assert late.current() == new
    assert adobe.ims.minted == 2


def test_wait_for_a_token_ends_before_the_deadline(adobe: Adobe) -> None:
    store = FakeTokenStore()
    assert store.lock()
    time = VirtualTime()

    with pytest.raises(AdobeError, match="another function is requesting a token") as caught:
        environment(adobe, store, time=time).current()
    assert caught.value.retryable
    assert time.now < 2.5


def test_throttled_store_does_not_make_environments_request_tokens(adobe: Adobe) -> None:
    class Throttled(FakeTokenStore):
        def _answer(self) -> None:
            raise ThrottledError("the shared token cannot be read: ThrottlingException")

    tokens = environment(adobe, Throttled())

    with pytest.raises(ThrottledError):
        tokens.current()
    with pytest.raises(AdobeError, match="Throttling"):  # Without another call.
        tokens.current()
    assert adobe.ims.minted == 0


def test_environments_request_their_own_token_without_the_store(adobe: Adobe) -> None:
    store = FakeTokenStore(down=True)

    assert environment(adobe, store).current() != environment(adobe, store).current()
    assert adobe.ims.minted == 2


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "[]", "{}", '{"value": "x", "renew_at": "soon"}'),
        '{"value": "x", "renew_at": "2030-01-01", "expires_at": "2030-01-01"}',  # Where?
    ],
)
def test_unreadable_value_is_not_a_token(adobe: Adobe, text: str) -> None:
    assert environment(adobe, FakeTokenStore(text)).current()
    assert adobe.ims.minted == 1


def test_busy_store_is_retried(adobe: Adobe) -> None:
    store = Busy(busy=2)

    token = environment(adobe, store).current()
    assert store.text
    assert environment(adobe, store).current() == token


@dataclass
class Busy(FakeTokenStore):
    """Refuses the first writes."""

    busy: int = 0

    def write(self, text: str) -> None:
        self.busy -= 1
        if self.busy >= 0:
            raise UnavailableError("the shared token cannot be written: ThrottlingException")
        super().write(text)
