"""The stacks with connections or sources that the user has deployed to the local cloud."""

from collections.abc import Collection
from typing import Any

from inlet_bridge.local.cloud import Cloud
from inlet_bridge.local.stack import Stack

_DELETED = ("DELETE_COMPLETE", "DELETE_IN_PROGRESS")


def other_stacks(cloud: Cloud, own: Collection[str] = ()) -> list[Stack]:
    """Those stacks, newest first: a stack may need what older ones export, and their connections.

    Args:
        cloud: all of whose stacks end with the run.
        own: names of stacks that are not returned.
    """
    client: Any = cloud.client("cloudformation")
    found = [
        each
        for page in client.get_paginator("describe_stacks").paginate()
        for each in page["Stacks"]
        if each["StackName"] not in own and each["StackStatus"] not in _DELETED
    ]
    found.sort(key=lambda each: each["CreationTime"], reverse=True)
    stacks = (Stack(cloud, each["StackName"]) for each in found)
    return [each for each in stacks if each.has_custom_resources()]
