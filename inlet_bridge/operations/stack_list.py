"""Find the stacks of the bridge in an account and region."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

STACK_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,127}")
"""`StackName`:
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html"""
STACK_PREFIX: Final = "inlet-bridge-"
_SOURCES: Final = "-sources"


@dataclass(frozen=True, slots=True)
class FoundStack:
    """A stack of the bridge.

    Attributes:
        state: of CloudFormation, such as UPDATE_COMPLETE.
        updated_at: of its last deployment.
    """

    name: str
    state: str
    updated_at: datetime


def existing_stacks(cloudformation: Any) -> str:
    """A sentence with the names of the bridge's stacks; empty if they cannot be listed."""
    try:
        names = [each.name for each in bridge_stacks(cloudformation)]
    except (ClientError, BotoCoreError):
        return ""
    return f"There is {', '.join(names)}. " if names else ""


def bridge_stacks(cloudformation: Any) -> list[FoundStack]:
    """The stacks that are named like the bridge's, by name; not those of sources.

    Raises:
        ClientError, BotoCoreError: AWS cannot be asked.
    """
    pages = cloudformation.get_paginator("describe_stacks").paginate()
    return sorted(
        (
            FoundStack(
                each["StackName"],
                each["StackStatus"],
                each.get("LastUpdatedTime", each["CreationTime"]),
            )
            for found in pages
            for each in found["Stacks"]
            if each["StackName"].startswith(STACK_PREFIX)
            and not each["StackName"].endswith(_SOURCES)
        ),
        key=lambda stack: stack.name,
    )
