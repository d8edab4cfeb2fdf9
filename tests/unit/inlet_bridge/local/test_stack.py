"""The deployed stack, against a pretended CloudFormation."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from inlet_bridge.local.cloud import Cloud
from inlet_bridge.local.errors import LocalCloudError
from inlet_bridge.local.stack import Stack


class CloudFormation(Cloud):
    """An account with one stack; it is gone after `statuses` were told."""

    def __init__(self, *statuses: str, events: tuple[tuple[str, str, str], ...] = ()) -> None:
        super().__init__("http://127.0.0.1:1", "key", "secret")
        object.__setattr__(self, "statuses", list(statuses))
        object.__setattr__(self, "events", events)

    statuses: list[str]
    events: tuple[tuple[str, str, str], ...]

    def client(self, service: str) -> Any:
        return self

    def delete_stack(self, StackName: str) -> None:  # noqa: N803
        """Deletion takes as long as there are statuses."""

    def describe_stacks(self, StackName: str) -> Any:  # noqa: N803
        if not self.statuses:
            raise ClientError({"Error": {"Code": "ValidationError"}}, "DescribeStacks")
        return {"Stacks": [{"StackStatus": self.statuses.pop(0)}]}

    def describe_stack_events(self, StackName: str) -> Any:  # noqa: N803
        if not self.events:
            raise ClientError({"Error": {"Code": "ValidationError"}}, "DescribeStackEvents")
        newest_first = reversed(self.events)
        return {
            "StackEvents": [
                {
                    "LogicalResourceId": name,
                    "ResourceStatus": status,
                    "ResourceStatusReason": reason,
                }
                for name, status, reason in newest_first
            ]
        }


def test_first_cause_comes_first_and_its_consequences_are_left_out() -> None:
    stack = Stack(
        CloudFormation(
            events=(
                ("Buffer", "CREATE_COMPLETE", ""),
                ("Connection", "CREATE_FAILED", "SSM cannot be read"),
                ("Source", "CREATE_FAILED", "Resource creation cancelled"),
            )
        ),
        "s",
    )

    assert stack.failures() == ["Connection: SSM cannot be read"]


def test_stack_that_never_was_has_no_failures() -> None:
    assert Stack(CloudFormation(), "s").failures() == []


@pytest.mark.parametrize("statuses", [(), ("DELETE_IN_PROGRESS",), ("DELETE_COMPLETE",)])
def test_deletion_ends_when_the_stack_is_gone(statuses: tuple[str, ...]) -> None:
    cloudformation = CloudFormation(*statuses)
    Stack(cloudformation, "s").delete()

    assert cloudformation.statuses == []


def test_stack_that_cannot_be_deleted_says_why() -> None:
    stack = Stack(
        CloudFormation("DELETE_FAILED", events=(("Buffer", "DELETE_FAILED", "in use"),)), "s"
    )

    with pytest.raises(LocalCloudError, match="Buffer: in use"):
        stack.delete()
