"""Tests of the deletion at the end of `inlet up`."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from inlet_bridge.local.deployment import Bridge
from inlet_bridge.local.stack import SOURCES_STACK, STACK

CUSTOM = {"ResourceType": "Custom::WebhookSource", "PhysicalResourceId": "it/team"}
QUEUE = {"ResourceType": "AWS::SQS::Queue", "PhysicalResourceId": "it"}


@dataclass
class Account:
    """Stacks by name, oldest first, with a resource each."""

    stacks: dict[str, dict[str, str]]
    deleted: list[str] = field(default_factory=list)

    def client(self, _service: str) -> Any:
        return self

    def get_paginator(self, operation: str) -> Any:
        return SimpleNamespace(paginate=getattr(self, operation))

    def list_stack_resources(self, StackName: str) -> Any:  # noqa: N803
        return [{"StackResourceSummaries": [self.stacks[StackName]]}]

    def describe_stacks(self, StackName: str = "") -> Any:  # noqa: N803
        statuses = dict.fromkeys(self.stacks, "CREATE_COMPLETE")
        statuses |= dict.fromkeys(self.deleted, "DELETE_COMPLETE")
        found = [
            {"StackName": name, "StackStatus": status, "CreationTime": number}
            for number, (name, status) in enumerate(statuses.items())
            if StackName in ("", name)
        ]
        return {"Stacks": found} if StackName else [{"Stacks": found}]

    def delete_stack(self, StackName: str) -> None:  # noqa: N803
        self.deleted.append(StackName)

    @property
    def name(self) -> str:
        return STACK

    @property
    def cloud(self) -> "Account":
        return self

    def delete(self) -> None:
        self.deleted.append("ours")

    def delete_storage(self) -> list[str]:
        return []

    def physical_ids(self, _resource_type: str) -> list[str]:
        return []


def test_stacks_of_the_user_are_deleted_first_and_newest_first() -> None:
    """Their sources are not refused as those of another stack, and need the connection."""
    account = Account(
        {STACK: CUSTOM, SOURCES_STACK: CUSTOM, "team": CUSTOM, "other": QUEUE, "third": CUSTOM}
    )
    sources = SimpleNamespace(
        name=SOURCES_STACK,
        delete=lambda: account.deleted.append("sources"),
        physical_ids=lambda _: [],
    )
    removed: list[str] = []
    bridge = Bridge(
        **{
            "adobe": SimpleNamespace(emulator=None),
            "stack": account,
            "sources": sources,
            "parameters": SimpleNamespace(below=lambda _: {}),
            "provisioner": SimpleNamespace(remove_source=removed.append),
            **dict.fromkeys(("api", "deliveries", "logs")),
        }  # type: ignore[arg-type]
    )

    left = bridge.delete()

    assert account.deleted == ["third", "team", "sources", "ours"]
    assert left.nothing
