"""The status of a stack, by boto3's own idea of CloudFormation's answers."""

from datetime import UTC, datetime

import boto3
import pytest
from botocore.stub import Stubber

from bridge.adapters.aws.stacks import CloudFormationStacks
from bridge.errors import UnavailableError

STACK = "arn:aws:cloudformation:eu-central-1:123456789012:stack/inlet-bridge-dev/5b1c8a90"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("UPDATE_ROLLBACK_IN_PROGRESS", True),
        ("UPDATE_IN_PROGRESS", False),
        ("CREATE_IN_PROGRESS", False),
        ("UPDATE_ROLLBACK_COMPLETE", False),
    ],
)
def test_rollback_is_recognized_by_the_status_of_the_stack(
    status: str,
    *,
    expected: bool,
) -> None:
    client = boto3.client("cloudformation", region_name="eu-central-1")
    stack = {
        "StackName": "inlet-bridge-dev",
        "CreationTime": datetime(2026, 11, 28, tzinfo=UTC),
        "StackStatus": status,
    }
    with Stubber(client) as aws:
        aws.add_response("describe_stacks", {"Stacks": [stack]}, {"StackName": STACK})

        assert CloudFormationStacks(client).is_rolling_back(STACK) is expected


def test_unreadable_status_is_unavailable() -> None:
    client = boto3.client("cloudformation", region_name="eu-central-1")
    with Stubber(client) as aws:
        aws.add_client_error("describe_stacks", "AccessDenied")

        with pytest.raises(UnavailableError, match="cannot be read: AccessDenied"):
            CloudFormationStacks(client).is_rolling_back(STACK)
