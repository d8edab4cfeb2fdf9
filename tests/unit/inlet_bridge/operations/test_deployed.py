"""Tests of looking up the resources of a deployment."""

import pytest
from botocore.exceptions import ClientError

from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import NotDeployedError, OperationError
from tests.support.operator_account import OperatorAccount


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> OperatorAccount:
    account = OperatorAccount()
    monkeypatch.setattr(Deployed, "_client", account.client)
    return account


def test_resources_of_every_page_are_found(account: OperatorAccount) -> None:
    """A stack with more than 100 resources has several pages."""
    account.resources = {f"Resource{number}": f"id-{number}" for number in range(150)}

    assert Deployed("inlet-bridge-dev").resources == account.resources


def test_resource_that_is_not_there_yet_is_one_sentence(account: OperatorAccount) -> None:
    account.resources = {"Buffer": "buffer", "ProvisionerFunction": ""}
    deployed = Deployed("inlet-bridge-dev")

    assert deployed.buffer == "buffer"
    for name in ("ProvisionerFunction", "ReceiverLogs"):
        with pytest.raises(OperationError, match=f"inlet-bridge-dev has no {name}") as caught:
            deployed.resource(name)
        assert "being deployed" in caught.value.hint


def test_queues_of_events_are_those_of_all_stacks_of_the_stage(account: OperatorAccount) -> None:
    names = ["inlet-bridge-dev-sources-Events-1A", "team-sources-Events-2B"]
    account.parameters = [f"/inlet-bridge/dev/queues/{name}" for name in names]
    account.parameters.append("/inlet-bridge/dev/sources/github")

    assert Deployed("inlet-bridge-dev").event_queues == names


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("ValidationError", NotDeployedError),
        ("Throttling", OperationError),
        ("ExpiredToken", OperationError),
    ],
)
def test_a_stack_that_cannot_be_described_is_not_called_missing(
    code: str, kind: type[OperationError], monkeypatch: pytest.MonkeyPatch
) -> None:
    class CloudFormation:
        def describe_stacks(self, **_: str) -> None:
            answer = {"Error": {"Code": code, "Message": "Pretended."}}
            raise ClientError(answer, "DescribeStacks")  # type: ignore[arg-type]

    monkeypatch.setattr(Deployed, "_client", lambda *_: CloudFormation())

    with pytest.raises(OperationError) as caught:
        Deployed("inlet-bridge-dev").require_deployed()

    is_missing = kind is NotDeployedError
    assert type(caught.value) is kind
    assert ("there is no stack" in str(caught.value)) is is_missing
    assert (f"{code}: Pretended." in str(caught.value)) is not is_missing
    assert "AWS_PROFILE" in caught.value.hint
