"""Tests of the IMS client over sockets."""

import json
import ssl
import threading
from collections.abc import Iterator
from copy import replace
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from adobe_emulator.emulator import Adobe
from adobe_emulator.faults import AnswerWith, CloseConnection, Fault, Service
from adobe_emulator.server import serving
from adobe_emulator.settings import Tenant
from bridge.adapters.adobe.ims import AdobeCredentials, ImsTokens
from bridge.adapters.http.connections import Connections
from bridge.adapters.http.retry_budget import RetryBudget
from bridge.errors import AdobeError
from bridge.ports.adobe import TokenStore
from tests.support.fakes import FakeClock
from tests.support.virtual_time import record_timeouts

TENANT = Tenant()
GOOD = AdobeCredentials(
    client_id=TENANT.client_id,
    client_secret=TENANT.client_secret,
    org_id=TENANT.org_id,
    scopes=",".join(TENANT.scopes),
    sandbox=TENANT.sandbox,
)
STALE = replace(GOOD, client_secret="rotated-away")
DAY = 86_399


@pytest.fixture
def adobe() -> Iterator[Adobe]:
    with serving() as adobe:
        yield adobe


@dataclass
class Store:
    """Returns these credentials one after another, and then the last one."""

    held: list[AdobeCredentials] = field(default_factory=lambda: [GOOD])
    reads: int = 0

    def __call__(self) -> AdobeCredentials:
        self.reads += 1
        return self.held.pop(0) if len(self.held) > 1 else self.held[0]


@dataclass
class Client:
    """Tokens with their dependencies."""

    adobe: Adobe
    store: Store = field(default_factory=Store)
    clock: FakeClock = field(default_factory=FakeClock)
    slept: list[float] = field(default_factory=list)
    left: float = 3_600.0
    shared: TokenStore | None = None

    def tokens(self) -> ImsTokens:
        retry_budget = RetryBudget(self.slept.append, lambda: 1.0, lambda: self.left)
        return ImsTokens(
            Connections(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)),
            self.adobe.url,
            self.store,
            self.clock,
            retry_budget,
            store=self.shared,
            jitter=lambda: 0.0,
        )


def fault(status: int, times: int | None = 1, body: str = "", **headers: str) -> Fault:
    answer = AnswerWith(
        status, {name.replace("_", "-"): text for name, text in headers.items()}, body
    )
    return Fault(Service.IMS, times=times, effect=answer)


def test_secret_with_special_characters_gets_a_cached_token(adobe: Adobe) -> None:
    tokens = Client(adobe).tokens()

    assert tokens.current() == tokens.current()
    assert adobe.ims.accepts(f"Bearer {tokens.current()}")
    assert adobe.ims.minted == 1


def test_token_is_renewed_ten_minutes_early(adobe: Adobe) -> None:
    client = Client(adobe)
    tokens = client.tokens()
    first = tokens.current()

    client.clock.advance(DAY - 601)
    assert tokens.current() == first
    client.clock.advance(2)
    assert tokens.current() != first


def test_old_token_is_used_until_it_expires_while_ims_is_down(adobe: Adobe) -> None:
    client = Client(adobe)
    tokens = client.tokens()
    first = tokens.current()
    adobe.faults.add(fault(503, times=None))

    client.clock.advance(DAY - 10)
    assert tokens.current() == tokens.current() == first
    assert len(client.slept) == 2
    client.clock.advance(11)
    with pytest.raises(AdobeError) as caught:
        tokens.current()
    assert caught.value.retryable


@pytest.mark.parametrize(
    ("expires_in", "seconds"), [(86_399, 86_399), (86_399_992, 86_399), ("86399", 86_399)]
)
def test_lifetime_in_milliseconds_is_detected(
    adobe: Adobe, expires_in: int | str, seconds: int
) -> None:
    client = Client(adobe)
    tokens = client.tokens()
    body = json.dumps({"access_token": "first", "expires_in": expires_in})
    adobe.faults.add(fault(200, body=body, content_type="application/json"))
    assert tokens.current() == "first"

    client.clock.advance(seconds - 700)
    assert tokens.current() == "first"
    client.clock.advance(200)
    assert tokens.current() != "first"


def test_only_the_rejected_token_is_renewed(adobe: Adobe) -> None:
    tokens = Client(adobe).tokens()
    first = tokens.current()
    second = tokens.renew(first)

    assert second != first
    assert tokens.renew(first) == second
    assert adobe.ims.minted == 2


def test_rotated_credentials_are_read_again(adobe: Adobe) -> None:
    client = Client(adobe, Store([STALE, GOOD]))

    assert adobe.ims.accepts(f"Bearer {client.tokens().current()}")
    assert client.store.reads == 2


def test_wrong_credentials_are_not_retried(adobe: Adobe) -> None:
    client = Client(adobe, Store([STALE]))

    with pytest.raises(AdobeError) as caught:
        client.tokens().current()
    assert str(caught.value).startswith("IMS refused the credentials: 401 invalid_client; check")
    assert not caught.value.retryable
    assert client.slept == []
    assert "rotated-away" not in repr(caught.value)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_retryable_error_is_retried(adobe: Adobe, status: int) -> None:
    client = Client(adobe)
    adobe.faults.add(fault(status, times=2))

    assert adobe.ims.accepts(f"Bearer {client.tokens().current()}")
    assert client.slept == [0.5, 1.0]


def test_broken_connection_is_retried(adobe: Adobe) -> None:
    client = Client(adobe)
    adobe.faults.add(Fault(Service.IMS, effect=CloseConnection(after_work=False)))

    assert client.tokens().current()
    assert client.slept == [0.5]


def test_short_retry_after_is_honored(adobe: Adobe) -> None:
    client = Client(adobe)
    adobe.faults.add(fault(429, Retry_After="7"))
    client.tokens().current()
    assert client.slept == [7]

    adobe.faults.add(fault(429, Retry_After="86400"))
    with pytest.raises(AdobeError, match="429"):
        client.tokens().current()


def test_request_to_an_unresponsive_ims_ends_at_the_deadline(
    adobe: Adobe, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(adobe, left=0.4)
    adobe.faults.add(Fault(Service.IMS, times=None, delay_seconds=3_600))
    timeouts = record_timeouts(monkeypatch)

    with pytest.raises(AdobeError, match="IMS does not answer: TimeoutError"):
        client.tokens().current()
    assert max(timeouts) <= 0.4


@pytest.mark.parametrize(
    "body",
    [
        *("", "[]", "{}", '{"access_token": "x"}', '{"expires_in": 5}'),
        *(
            f'{{"access_token": "x", "expires_in": {seconds}}}'
            for seconds in (
                *("1e308", "Infinity", "NaN", "1" + "0" * 400, '"' + "9" * 400 + '"'),
                *("0", "-5", "true", '"soon"', '"0"', "null"),
            )
        ),
    ],
)
def test_response_without_a_token_is_an_error(adobe: Adobe, body: str) -> None:
    adobe.faults.add(fault(200, body=body))

    with pytest.raises(AdobeError, match=r"IMS returned (no token|a token with)"):
        Client(adobe).tokens().current()


def test_concurrent_threads_request_one_token(adobe: Adobe) -> None:
    tokens = Client(adobe).tokens()
    adobe.faults.add(Fault(Service.IMS, delay_seconds=0.2))
    got: list[str] = []
    threads = [threading.Thread(target=lambda: got.append(tokens.current())) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(got) == 20
    assert len(set(got)) == 1
    assert adobe.ims.minted == 1


def test_short_lived_token_is_used_for_most_of_its_lifetime(adobe: Adobe) -> None:
    client = Client(adobe)
    body = json.dumps({"access_token": "short", "expires_in": 100})
    adobe.faults.add(fault(200, body=body))
    tokens = client.tokens()
    assert tokens.current() == "short"

    client.clock.now += timedelta(seconds=89)
    assert tokens.current() == "short"
    client.clock.now += timedelta(seconds=2)
    assert tokens.current() != "short"
