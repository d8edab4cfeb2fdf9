"""One token for all environments, also when a thousand start at once."""

import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from copy import replace
from dataclasses import dataclass
from datetime import timedelta

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from adobe_emulator.emulator import Adobe
from adobe_emulator.faults import AnswerWith, Fault, Service
from adobe_emulator.server import serving
from adobe_emulator.settings import Tenant
from bridge.adapters.adobe.ims import AdobeCredentials, ImsTokens
from bridge.adapters.aws.ssm_tokens import SsmTokenStore
from bridge.adapters.http.connections import Connections, NoAnswerError
from bridge.adapters.http.response import Response
from bridge.adapters.http.retry_budget import RetryBudget
from bridge.errors import AdobeError, ThrottledError, UnavailableError
from bridge.ports.adobe import TokenStore
from tests.support.fakes import FakeClock, FakeTokenStore
from tests.support.technical_account import credentials_of
from tests.support.token_requests import record_token_requests
from tests.support.virtual_time import VirtualTime

TENANT = Tenant()
CREDENTIALS = credentials_of(TENANT)
PATH = "/inlet-bridge/test/tokens"
ENVIRONMENTS = 50
# Reading the authorities a thousand times takes longer than everything else here.
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
# Of a slow machine: nothing here depends on how long a request really takes.
REAL_SECONDS = 60.0


@pytest.fixture
def adobe() -> Iterator[Adobe]:
    with serving() as adobe:
        yield adobe


@pytest.fixture
def token_requests(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    return record_token_requests(monkeypatch)


class TimedConnections(Connections):
    """Every request takes so many seconds of the virtual time, however long it really takes."""

    def __init__(self, time: VirtualTime, seconds: float) -> None:
        super().__init__(NO_TLS)
        self._time = time
        self._seconds = seconds

    def post(
        self, url: str, headers: Mapping[str, str], content: bytes, timeout: tuple[float, float]
    ) -> Response:
        _, read = timeout
        self._time.sleep(min(self._seconds, read))
        if self._seconds > read:
            raise NoAnswerError(TimeoutError(), connected=True)
        return super().post(url, headers, content, (REAL_SECONDS, REAL_SECONDS))


def environment(
    adobe: Adobe,
    store: TokenStore,
    clock: FakeClock | None = None,
    *,
    jitter: float = 0.0,
    time: VirtualTime | None = None,
    ims_seconds: float = 0.0,
    credentials: Callable[[], AdobeCredentials] = lambda: CREDENTIALS,
    attempts: int = 3,
) -> ImsTokens:
    """A function that has just started, as the receiver is: with 2.5 seconds for everything."""
    time = time or VirtualTime()
    ends = time.now + 2.5
    return ImsTokens(
        TimedConnections(time, ims_seconds),
        adobe.url,
        credentials,
        clock or FakeClock(),
        RetryBudget(time.sleep, remaining=lambda: ends - time.now),
        store=store,
        jitter=lambda: jitter,
        attempts=attempts,
    )


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


def test_token_is_encrypted_in_ssm_and_found_there() -> None:
    clock = FakeClock()
    with mock_aws():
        client = boto3.client("ssm")
        one, other = (SsmTokenStore(client, PATH, clock) for _ in range(2))
        assert one.read() is None
        one.write("token")

        assert other.read() == "token"
        (described,) = client.describe_parameters()["Parameters"]
        assert described["Type"] == "SecureString"


def throttled(params: object, **_: object) -> None:
    raise ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow"}}, "PutParameter")


def denied(params: object, **_: object) -> None:
    raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "PutParameter")


def test_throttled_environment_leaves_the_renewal_to_another() -> None:
    with mock_aws():
        client = boto3.client("ssm")
        client.meta.events.register("before-call.ssm.PutParameter", throttled)

        assert not SsmTokenStore(client, PATH, FakeClock()).lock()


def test_denied_write_is_reported() -> None:
    with mock_aws():
        client = boto3.client("ssm")
        client.meta.events.register("before-call.ssm.PutParameter", denied)

        with pytest.raises(UnavailableError, match="AccessDenied"):
            SsmTokenStore(client, PATH, FakeClock()).lock()


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


def test_lock_in_ssm_is_exclusive_and_expires() -> None:
    clock = FakeClock()
    with mock_aws():
        one, other = (SsmTokenStore(boto3.client("ssm"), PATH, clock) for _ in range(2))

        assert one.lock()
        assert not other.lock()
        one.unlock()
        assert other.lock()
        clock.advance(46)
        assert one.lock()
        assert not other.lock()


def test_lock_is_released_without_being_deleted() -> None:
    clock = FakeClock()
    with mock_aws():
        client = boto3.client("ssm")
        store = SsmTokenStore(client, PATH, clock)
        assert store.lock()
        store.unlock()
        assert store.lock()

        lock = client.get_parameter(Name=f"{PATH}/minting")["Parameter"]
        assert lock["Version"] == 3


def test_token_and_lock_are_deleted_with_the_last_connection() -> None:
    with mock_aws():
        client = boto3.client("ssm")
        store = SsmTokenStore(client, PATH, FakeClock())
        assert store.lock()
        store.write("token")
        store.unlock()
        store.forget()

        assert client.describe_parameters()["Parameters"] == []
