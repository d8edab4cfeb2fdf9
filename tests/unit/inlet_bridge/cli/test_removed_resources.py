"""`inlet plan` and `inlet destroy` name what waits for a source that is deleted."""

import json
from pathlib import Path
from typing import Any

import pytest

from inlet_bridge.operations.deployed import Deployed
from tests.support.provisioner_account import Account, run

SOURCES = "inlet-bridge-dev-sources"
TYPES = {"connections": "Custom::StreamingConnection", "sources": "Custom::WebhookSource"}
FILE = """
Resources:
  Connection:
    Type: Custom::StreamingConnection
    Properties:
      ServiceToken: arn
      Name: orders
      Flows:
        - Name: orders
          DatasetId: 65f0c1a2b3d4e5f60718293a
          SchemaId: https://ns.adobe.com/acme/schemas/5f1c2d3e4a5b60718293a4b5c6d7e8f9
"""
WAITS = (
    "gone has 3 deliveries in the buffer. Without the source, each becomes a dead letter when it is"
    " tried. Let them be delivered first: `inlet deliveries gone --state buffered` says why they"
    " wait. Or deploy a source named gone again later; then `inlet dead-letters redrive --source"
    " gone` sends its dead letters."
)


class SourcesAccount(Account):
    """An account with a stack of sources, and deliveries that wait.

    Attributes:
        stacked: the ends of the physical IDs of the stack of sources.
        waiting: the sources of the deliveries that wait.
    """

    def __init__(self) -> None:
        super().__init__()
        self.resources |= {"Deliveries": "table"}
        self.stacked = ["connections/orders/xdm", "connections/old/xdm", "sources/gone"]
        self.waiting = ["gone", "gone", "gone", "other"]

    def stack_resources(self, StackName: str) -> list[dict[str, Any]]:  # noqa: N803
        if StackName != SOURCES:
            return super().stack_resources(StackName)
        self._check("ListStackResources")
        listed = [
            {
                "LogicalResourceId": str(number),
                "PhysicalResourceId": f"inlet-bridge/dev/{each}",
                "ResourceType": TYPES[each.partition("/")[0]],
            }
            for number, each in enumerate(self.stacked)
        ]
        return [{"StackResourceSummaries": listed}]

    def query(self, **asked: Any) -> dict[str, Any]:
        self._check("Query")
        assert asked["Limit"] == 100
        if asked["ExpressionAttributeValues"][":shard"]["S"] != "00":
            return {"Items": []}
        return {"Items": [{"source": {"S": f"{each}#00000000"}} for each in self.waiting]}


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> SourcesAccount:
    account = SourcesAccount()
    monkeypatch.setattr(Deployed, "_client", account.client)
    account.answers = [{"steps": []}] * 2
    return account


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "sources.yaml"
    path.write_text(FILE)
    return str(path)


def test_plan_names_what_the_file_lacks_and_what_waits_for_it(
    account: SourcesAccount, file: str
) -> None:
    status, output = run("plan", "--file", file)

    assert status == 0, output
    said = " ".join(output.split())
    removed = f"is not in sources.yaml: deploying it as the stack {SOURCES} removes this"
    assert f"connection old {removed} source gone {removed} ! {WAITS}" in said
    assert "orders is not" not in said

    _, output = run("plan", "--file", file, "--json")
    assert json.loads(output)["removed"] == [
        {"kind": "connection", "name": "old", "stack": SOURCES, "waiting": ""},
        {"kind": "source", "name": "gone", "stack": SOURCES, "waiting": WAITS},
    ]


@pytest.mark.parametrize("denied", ["Query", "ListStackResources"])
def test_plan_goes_on_without_what_cannot_be_read(
    account: SourcesAccount, file: str, denied: str
) -> None:
    account.denied = {denied}
    status, output = run("plan", "--file", file)

    assert status == 0, output
    assert "in the buffer" not in output
    assert ("source gone" in output) == (denied == "Query")


def test_plan_of_one_resource_or_of_another_stacks_file_deletes_nothing(
    account: SourcesAccount, file: str
) -> None:
    assert "is not in" not in run("plan", "orders", "--file", file)[1]

    account.stacked = ["connections/another/xdm", "sources/gone"]
    assert "is not in" not in run("plan", "--file", file)[1]


def test_destroy_of_a_source_names_what_waits_for_it(account: SourcesAccount) -> None:
    account.answers = [{"source": {"name": "gone"}}]
    _, output = run("destroy", "gone", "--source", answer="n\n")

    assert WAITS in " ".join(output.split())


def test_destroy_of_a_source_goes_on_without_the_table(account: SourcesAccount) -> None:
    account.denied = {"Query"}
    account.answers = [{"source": {"name": "gone"}}, {"deleted": True}]

    assert run("destroy", "gone", "--source", "--yes")[0] == 0
