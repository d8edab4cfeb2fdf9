"""Find what the stack of sources has and a file has not: deploying the file deletes it."""

from collections.abc import Collection
from typing import Final, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from bridge.names import Resource, read_physical_id
from inlet_bridge.operations.configuration.former_sources import before_deletion, waiting_counts
from inlet_bridge.operations.configuration.sources_stack import SOURCES_SUFFIX
from inlet_bridge.operations.deployed import Deployed

_KINDS: Final[dict[str, tuple[str, Resource]]] = {
    "Custom::StreamingConnection": ("connection", "connections"),
    "Custom::WebhookSource": ("source", "sources"),
}

type Named = tuple[str, str]
"""The kind of a resource, `connection` or `source`, and its name."""


class RemovedResource(NamedTuple):
    """A resource that deploying a file deletes.

    Attributes:
        kind: `connection` or `source`.
        stack: that has it.
        waiting: what to do about the deliveries that wait for it; empty if none are known.
    """

    kind: str
    name: str
    stack: str
    waiting: str


def removed_resources(deployed: Deployed, declared: Collection[Named]) -> list[RemovedResource]:
    """What the stack of sources has beyond the resources of a file, connections first.

    Empty if the stack has none of the file's resources, so that the file is another stack's, and
    if the stack cannot be read.
    """
    stack = f"{deployed.stack}{SOURCES_SUFFIX}"
    there = _resources_of(deployed, stack)
    removed = [each for each in there if each not in declared]
    if len(removed) in (0, len(there)):
        return []
    has_source = any(kind == "source" for kind, _ in removed)
    counts = waiting_counts(deployed) if has_source else None
    return [
        RemovedResource(
            kind, name, stack, before_deletion(counts, name) if kind == "source" else ""
        )
        for kind, name in removed
    ]


def _resources_of(deployed: Deployed, stack: str) -> list[Named]:
    client = deployed.client("cloudformation")
    try:
        pages = list(client.get_paginator("list_stack_resources").paginate(StackName=stack))
    except (ClientError, BotoCoreError):
        return []
    found = set()
    for each in (each for page in pages for each in page["StackResourceSummaries"]):
        if known := _KINDS.get(each.get("ResourceType", "")):
            kind, branch = known
            stage = deployed.parameters["Stage"]
            name, _ = read_physical_id(stage, branch, each.get("PhysicalResourceId", ""))
            found.add((kind, name))
    return sorted(each for each in found if each[1])
