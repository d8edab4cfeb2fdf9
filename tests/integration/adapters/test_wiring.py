"""The parts that the functions put together in the same way."""

import boto3
import pytest
from moto import mock_aws

from bridge.adapters.aws.ssm import SsmParameters
from bridge.deadline import Deadline
from bridge.delivery.outcomes import Retry
from bridge.errors import UnavailableError
from bridge.settings import AdobeSettings
from bridge.wiring import http_session, inlet_sender, read_credentials
from tests.support import sample_webhooks as samples
from tests.support.fakes import FakeCounts, FakeParameters, FakeTokenStore

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
