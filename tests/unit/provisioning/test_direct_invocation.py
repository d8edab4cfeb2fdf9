"""Tests of every action of a direct invocation, and of error responses."""

import json
from typing import Any

import pytest

from bridge.provisioning.custom_resource import CustomResourceRequest
from bridge.provisioning.direct_invocation import invoke
from tests.support.declarations import connection, event, source
from tests.support.provisioning_bench import STAGE, Bench


def ask(bench: Bench, **request: Any) -> dict[str, Any]:
    answer = invoke(request, bench.provisioner())
    assert json.dumps(answer)
    return answer


def test_plan_apply_status_and_destroy(bench: Bench) -> None:
    plan = ask(bench, action="plan", connection=connection())
    assert [step["action"] for step in plan["steps"]] == ["create"] * 4
    assert bench.total() == 0

    applied = ask(bench, action="apply", connection=connection())
    assert applied["steps"] == plan["steps"]
    assert applied["connection"]["FlowId"] in bench.adobe.ids("flows")
    mapped = {"Map": {"eventType": "event_type"}}
    assert ask(bench, action="plan", source=source(Routes=[mapped])) == {
        "ok": True,
        "writes": True,
        "warnings": [],
    }
    assert ask(bench, action="apply", source=source())["source"]["Path"] == "/webhooks/github"

    everything = ask(bench, action="status")
    assert everything["connections"] == [
        ask(bench, action="status", connection="orders")["connection"]
    ]
    assert everything["sources"] == [ask(bench, action="status", source="github")["source"]]

    assert ask(bench, action="destroy", source="github") == {"ok": True, "deleted": True}
    destroyed = ask(bench, action="destroy", connection="orders")
    assert [step["action"] for step in destroyed["steps"]] == ["delete"] * 4 + ["keep"] * 2
    assert bench.total() == 0


def test_connection_in_use_is_not_destroyed(bench: Bench) -> None:
    ask(bench, action="apply", connection=connection())
    ask(bench, action="apply", source=source())

    assert ask(bench, action="destroy", connection="orders") == {
        "ok": False,
        "error": "connection: orders is used by the sources github",
        "property": "connection",
    }
    assert bench.total() == 4


def test_resource_of_a_stack_is_changed_only_by_its_stack(bench: Bench) -> None:
    CustomResourceRequest(event("Create", connection()), STAGE).serve(bench.provisioner())

    for request in (
        {"action": "apply", "connection": connection(Authenticated="false")},
        {"action": "destroy", "connection": "orders"},
    ):
        answer = ask(bench, **request)
        assert answer["property"] == "Name"
        assert "belongs to the resource " in answer["error"]
    assert ask(bench, action="status", connection="orders")["ok"]


def test_plan_of_a_resource_of_a_stack_is_that_of_its_deployment(bench: Bench) -> None:
    CustomResourceRequest(event("Create", connection()), STAGE).serve(bench.provisioner())
    answer = ask(bench, action="plan", connection=connection(Authenticated="false"))

    assert answer["ok"]
    assert answer["owner"].startswith("arn:aws:cloudformation")
    assert {step["action"] for step in answer["steps"]} - {"nothing"}


@pytest.mark.parametrize("dataset", ["f" * 24])
def test_plan_rejects_a_dataset_that_does_not_exist(bench: Bench, dataset: str) -> None:
    """As `apply` does, before anything is created."""
    flow = {**connection()["Flows"][0], "DatasetId": dataset}
    for action in ("plan", "apply"):
        answer = ask(bench, action=action, connection=connection(Flows=[flow]))
        assert not answer["ok"]
        assert f"has no dataset {dataset}" in answer["error"]
        assert answer["property"] == "Flows.0.DatasetId"


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        ({}, "action: must be one of plan, apply, status, repair, destroy, drift, doctor"),
        (
            {"action": "remove"},
            "action: must be one of plan, apply, status, repair, destroy, drift, doctor",
        ),
        ({"action": "apply"}, "action: apply needs one of connection, source"),
        ({"action": "plan", "name": "orders"}, "name: give one of connection, source"),
        (
            {"action": "apply", "connection": {}, "source": {}},
            "action: apply needs one of connection, source",
        ),
        ({"action": "apply", "connection": {}}, "Name: is required"),
        ({"action": "apply", "connection": "orders"}, "Properties: must be an object"),
        ({"action": "status", "connection": "../x"}, "connection: must be 1-63 lowercase"),
        ({"action": "destroy", "source": {"Name": "x"}}, "source: must be 1-63 lowercase"),
    ],
)
def test_invalid_invocation_returns_its_reason(
    bench: Bench, request_: dict[str, Any], error: str
) -> None:
    answer = ask(bench, **request_)

    assert answer["ok"] is False
    assert answer["error"].startswith(error)
    assert answer["property"] == error.partition(":")[0]
