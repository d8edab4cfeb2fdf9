"""Tests of the deployed stack, with a fake CloudFormation."""

from itertools import batched
from typing import Any

import pytest
from botocore.exceptions import ClientError

from inlet_bridge.local.cloud import Cloud
from inlet_bridge.local.errors import LocalCloudError
from inlet_bridge.local.stack import Stack


class CloudFormation(Cloud):
    """An account with one stack, which is deleted after `statuses` are returned."""

    def __init__(self, *statuses: str, events: tuple[tuple[str, str, str], ...] = ()) -> None:
        super().__init__("http://127.0.0.1:1", "key", "secret")
        object.__setattr__(self, "statuses", list(statuses))
        object.__setattr__(self, "events", events)

    statuses: list[str]
    events: tuple[tuple[str, str, str], ...]

    def client(self, service: str) -> Any:
        return self

    def delete_stack(self, StackName: str) -> None:  # noqa: N803
        """Delete the stack; this takes as many calls as there are statuses."""

    def describe_stacks(self, StackName: str) -> Any:  # noqa: N803
        if not self.statuses:
            raise ClientError({"Error": {"Code": "ValidationError"}}, "DescribeStacks")
        return {"Stacks": [{"StackStatus": self.statuses.pop(0)}]}

    def get_paginator(self, operation: str) -> Any:
        return self

    def paginate(self, StackName: str) -> Any:  # noqa: N803
        """Pages of two events, newest first."""
        if not self.events:
            raise ClientError({"Error": {"Code": "ValidationError"}}, "DescribeStackEvents")
        newest_first = [
            {
                "EventId": f"event-{number}",
                "LogicalResourceId": name,
                "ResourceStatus": status,
                "ResourceStatusReason": reason,
            }
            for number, (name, status, reason) in enumerate(self.events)
        ][::-1]
        return [{"StackEvents": list(each)} for each in batched(newest_first, 2, strict=False)]


def test_root_cause_is_first_and_its_consequences_are_omitted() -> None:
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


def test_failures_after_an_event_are_those_of_the_last_deployment() -> None:
    """Also if a response does not reach back to it."""
    former = (("Source", "UPDATE_FAILED", "the former reason"),)
    latest = (
        ("Source", "UPDATE_FAILED", "the reason"),
        ("Source", "UPDATE_COMPLETE", ""),
        ("Connection", "UPDATE_COMPLETE", ""),
        ("s", "UPDATE_ROLLBACK_COMPLETE", ""),
    )
    stack = Stack(CloudFormation(events=(*former, *latest)), "s")

    assert stack.failures("event-0") == ["Source: the reason"]


def test_missing_stack_has_no_failures() -> None:
    assert Stack(CloudFormation(), "s").failures() == []


@pytest.mark.parametrize("statuses", [(), ("DELETE_IN_PROGRESS",), ("DELETE_COMPLETE",)])
def test_deletion_ends_when_the_stack_is_deleted(statuses: tuple[str, ...]) -> None:
    cloudformation = CloudFormation(*statuses)
    Stack(cloudformation, "s").delete()

    assert cloudformation.statuses == []


def test_failed_deletion_has_its_reason() -> None:
    stack = Stack(
        CloudFormation("DELETE_FAILED", events=(("Buffer", "DELETE_FAILED", "in use"),)), "s"
    )

    with pytest.raises(LocalCloudError, match="Buffer: in use"):
        stack.delete()
