"""Versions of parameters and their fake: the same promises, the same tests."""

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from bridge.adapters.aws.ssm_versions import SsmVersions
from bridge.errors import UnavailableError
from bridge.ports.aws import VersionedParameters
from tests.support.fakes import FakeParameters
from tests.support.parameter_fakes import FakeVersions

NAME = "/inlet-bridge/test/connections/orders/journal"


@pytest.fixture(params=["fake", "ssm"])
def versions(request: pytest.FixtureRequest) -> Iterator[VersionedParameters]:
    """The port, both ways."""
    if request.param == "fake":
        yield FakeVersions(FakeParameters())
        return
    with mock_aws():
        yield SsmVersions(boto3.client("ssm"))


def test_only_the_first_write_creates_the_parameter(versions: VersionedParameters) -> None:
    assert versions.create(NAME, "mine")
    assert not versions.create(NAME, "yours")
    assert versions.read(NAME) == ("mine", 1)


def test_each_write_gets_the_next_version(versions: VersionedParameters) -> None:
    versions.create(NAME, "a")

    assert versions.overwrite(NAME, "b") == 2
    assert versions.overwrite(NAME, "c") == 3
    assert versions.read(NAME) == ("c", 3)


def test_removed_parameter_starts_at_version_one(versions: VersionedParameters) -> None:
    versions.create(NAME, "a")
    versions.remove(NAME)
    versions.remove(NAME)

    assert versions.read(NAME) is None
    assert versions.create(NAME, "b")
    assert versions.read(NAME) == ("b", 1)


def test_errors_are_converted_to_errors_of_the_bridge() -> None:
    with mock_aws():
        client = boto3.client("ssm")
        client.meta.events.register("before-parameter-build.ssm", _too_long)
        versions = SsmVersions(client)

        with pytest.raises(UnavailableError, match="SSM cannot write"):
            versions.create("/inlet-bridge/test/x", "a")


def _too_long(params: dict[str, object], **_: object) -> None:
    params["Name"] = "/aws/forbidden"
