"""The token and its lock in SSM."""

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from bridge.adapters.aws.ssm_tokens import SsmTokenStore
from bridge.errors import UnavailableError
from tests.support.fakes import FakeClock

PATH = "/inlet-bridge/test/tokens"


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
