"""Tests of looking up the resources of a deployment."""

from typing import Any

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


@pytest.mark.parametrize("code", ["AccessDenied", "ExpiredToken", "Throttling"])
def test_stack_that_cannot_be_read_is_not_called_missing(
    account: OperatorAccount, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    def rejected(**_: Any) -> None:
        raise ClientError({"Error": {"Code": code, "Message": "not now"}}, "DescribeStacks")

    monkeypatch.setattr(account, "describe_stacks", rejected)

    with pytest.raises(
        OperationError, match=f"inlet-bridge-dev cannot be read: {code}: not now"
    ) as caught:
        Deployed("inlet-bridge-dev").require_deployed()
    assert not isinstance(caught.value, NotDeployedError)
    assert "cloudformation:DescribeStacks" in caught.value.hint


@pytest.mark.parametrize("name", ["Stage", "RecordDays", "RequestsPerSecond"])
def test_parameter_of_another_kind_of_stack_is_one_sentence(
    account: OperatorAccount, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Such as that of the sources, which has other parameters."""

    def other(StackName: str) -> dict[str, Any]:  # noqa: N803
        return {"Stacks": [{"StackName": StackName}]}

    monkeypatch.setattr(account, "describe_stacks", other)
    deployed = Deployed("orders")

    with pytest.raises(OperationError, match=f"the stack orders has no parameter {name}") as caught:
        deployed.parameters[name]
    assert "the stack of the bridge" in caught.value.hint
    assert deployed.parameters.get(name) is None
