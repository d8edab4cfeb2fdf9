"""The parts that the functions put together in the same way."""

import random
from collections import Counter
from datetime import timedelta

import boto3
import pytest
from moto import mock_aws

from bridge.adapters.aws.ssm import SsmParameters
from bridge.deadline import Deadline
from bridge.delivery.outcomes import Retry
from bridge.errors import UnavailableError
from bridge.settings import AdobeSettings
from bridge.sources.cache import SourceCache
from bridge.wiring import http_session, inlet_sender, read_credentials, source_cache
from tests.support import sample_webhooks as samples
from tests.support.fakes import NOON, FakeClock, FakeCounts, FakeParameters, FakeTokenStore
from tests.support.throttled_ssm import ThrottledSsm
from tests.support.virtual_time import VirtualTime

NAME = "/inlet-bridge/dev/secrets/adobe"


@mock_aws
def test_credentials_are_read_from_their_parameter_and_do_not_show_the_secret() -> None:
    client = boto3.client("ssm")
    client.put_parameter(Name=NAME, Value=samples.credentials(), Type="SecureString")

    read = read_credentials(SsmParameters(client), NAME)

    assert read.client_secret == "p&s+e%cret"
    assert "p&s" not in repr(read)


def test_missing_credentials_are_named() -> None:
    with pytest.raises(UnavailableError, match=f"the parameter {NAME} with the Adobe"):
        read_credentials(FakeParameters(), NAME)


def test_session_ignores_proxies_and_credentials_of_the_environment() -> None:
    with http_session() as session:
        assert session.trust_env is False


def test_sender_sends_nothing_after_the_deadline() -> None:
    deadline = Deadline()
    deadline.start(-1)
    settings = AdobeSettings("dev", "http://127.0.0.1:9", NAME, ("dcs.adobedc.net",), "")
    parameters = FakeParameters({NAME: samples.credentials()})

    outcome = inlet_sender(
        settings, parameters, FakeTokenStore(), deadline, counts=FakeCounts()
    ).send_one(samples.connection(), samples.flow(), b"{}")
    assert outcome == Retry("no time is left for a request to Adobe")


SETTINGS = AdobeSettings("test", "http://127.0.0.1:9", NAME, ("dcs.adobedc.net",), "")
SOURCE = {
    samples.DOCUMENT_NAME: samples.source().to_document(),
    samples.SECRET_NAME: samples.SECRET,
}


def directories(
    monkeypatch: pytest.MonkeyPatch, ssm: ThrottledSsm, clock: FakeClock, number: int
) -> list[SourceCache]:
    """Those of so many environments, as the functions build them."""
    monkeypatch.setattr("bridge.wiring.aws_client", lambda *_, **__: ssm)
    monkeypatch.setattr("time.sleep", ssm.time.sleep)
    monkeypatch.setattr("random.random", random.Random(7).random)  # noqa: S311 (jitter)
    return [source_cache(SETTINGS, clock, lambda: 10 - ssm.time.now) for _ in range(number)]


def test_functions_repeat_a_throttled_first_read(monkeypatch: pytest.MonkeyPatch) -> None:
    ssm = ThrottledSsm(VirtualTime(), SOURCE, _tokens=-40)
    [directory] = directories(monkeypatch, ssm, FakeClock(), 1)

    assert directory.find("github").source.name == "github"
    assert len(ssm.throttled) > 1


def test_copies_of_environments_that_started_together_expire_at_different_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ssm, clock = ThrottledSsm(VirtualTime(), SOURCE), FakeClock()
    started = directories(monkeypatch, ssm, clock, 20)
    for directory in started:
        directory.find("github")

    refreshes = Counter[int]()
    for second in range(1, 61):
        clock.now = NOON + timedelta(seconds=second)
        for directory in started:
            before = len(ssm.calls)
            directory.find("github")
            refreshes[second] += len(ssm.calls) > before

    assert refreshes.total() == len(started)
    assert max(refreshes.values()) < 5
