"""Contract tests of the SSM parameters and their fake."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from bridge.adapters.aws.ssm import SsmParameters
from bridge.errors import UnavailableError
from bridge.ports.aws import Parameters
from tests.support.fakes import FakeParameters

NAMES = [f"/inlet-bridge/test/connections/c/{number}" for number in range(23)]


@pytest.fixture(params=["fake", "ssm"])
def parameters(request: pytest.FixtureRequest) -> Iterator[Parameters]:
    """The port, both ways."""
    if request.param == "fake":
        yield FakeParameters()
        return
    with mock_aws():
        yield SsmParameters(boto3.client("ssm"))


def test_stored_parameters_are_read(parameters: Parameters) -> None:
    """More than SSM accepts in one call, and a missing one among them."""
    for name in NAMES:
        parameters.put(name, f"value of {name}")

    found = parameters.get([*NAMES, "/inlet-bridge/test/missing"])

    assert found == {name: f"value of {name}" for name in NAMES}


def test_second_put_replaces_the_first(parameters: Parameters) -> None:
    parameters.put(NAMES[0], "old")
    parameters.put(NAMES[0], "new")

    assert parameters.get(NAMES[:1]) == {NAMES[0]: "new"}


def test_all_parameters_below_a_path_are_listed(parameters: Parameters) -> None:
    """At any depth, over all pages, and without those of other paths."""
    for name in NAMES:
        parameters.put(name, "value")
    parameters.put("/inlet-bridge/test/connections/cc", "neighbour")

    assert set(parameters.under("/inlet-bridge/test/connections/c")) == set(NAMES)


def test_delete_removes_parameters_and_ignores_missing_ones(parameters: Parameters) -> None:
    """More than SSM accepts in one call."""
    for name in NAMES:
        parameters.put(name, "value")

    parameters.delete([*NAMES, "/inlet-bridge/test/missing"])

    assert parameters.get(NAMES) == {}


@mock_aws
def test_secret_is_decrypted() -> None:
    """Secrets are SecureString parameters."""
    client = boto3.client("ssm")
    client.put_parameter(Name="/secret", Value="value", Type="SecureString")

    assert SsmParameters(client).get(["/secret"]) == {"/secret": "value"}


@mock_aws
def test_rejected_value_is_unavailable() -> None:
    """Errors of botocore do not leave the adapter, and the value is not quoted."""
    with pytest.raises(UnavailableError, match="SSM cannot write /aws/n: ") as caught:
        SsmParameters(boto3.client("ssm")).put("/aws/n", "hunter2")

    assert "hunter2" not in str(caught.value)


def test_captured_secret_is_stored_once(parameters: Parameters) -> None:
    """It cannot be replaced."""
    assert isinstance(parameters, SsmParameters | FakeParameters)
    name = "/inlet-bridge/test/secrets/captured/asana"

    assert parameters.keep(name, "the first")
    assert not parameters.keep(name, "the second")
    assert parameters.get([name]) == {name: "the first"}


@mock_aws
def test_captured_secret_is_encrypted() -> None:
    """Like the secrets that operators store."""
    client = boto3.client("ssm")
    asked: list[dict[str, Any]] = []
    client.meta.events.register(
        "provide-client-params.ssm.PutParameter", lambda params, **_: asked.append(params)
    )
    name = "/inlet-bridge/test/secrets/captured/asana"
    SsmParameters(client, "arn:aws:kms:eu-central-1:1:key/1").keep(name, "s")

    [described] = client.describe_parameters()["Parameters"]
    assert (described["Type"], described["Tier"]) == ("SecureString", "Standard")
    assert described["KeyId"] == "arn:aws:kms:eu-central-1:1:key/1"
    # No tag and no parameter policy; the role allows nothing but a first version.
    assert asked == [
        {
            "Name": name,
            "Value": "s",
            "Type": "SecureString",
            "KeyId": "arn:aws:kms:eu-central-1:1:key/1",
            "Tier": "Standard",
            "Overwrite": False,
        }
    ]


@pytest.mark.parametrize(
    ("value", "reason"), [("", "empty"), ("{{name}}", "braces"), ("é" * 4_097, "8192 bytes")]
)
def test_value_that_ssm_would_reject_is_explained(value: str, reason: str) -> None:
    with mock_aws():
        parameters = SsmParameters(boto3.client("ssm"))

        with pytest.raises(UnavailableError, match=f"SSM cannot store /name: .*{reason}"):
            parameters.put("/name", value)
