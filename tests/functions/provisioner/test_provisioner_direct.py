"""Tests of direct invocations of the provisioner, with an emulated SSM and Adobe."""

from typing import Any

import boto3
import pytest

from adobe_emulator.faults import AnswerWith, Fault, Service
from adobe_emulator.resources import Kind
from adobe_emulator.settings import DATASET_ID
from adobe_emulator.xdm_schemas import SCHEMA_ID
from functions.provisioner import wiring
from tests.support.provisioner_cloud import SECRET, Cloud


def apply(cloud: Cloud, *flows: dict[str, Any], **properties: Any) -> list[str]:
    """Apply directly, and return the actions that changed something."""
    answer = cloud.ask(
        action="apply", connection={"Name": "orders", "Flows": list(flows), **properties}
    )
    assert answer["ok"], answer["error"]
    return [
        f"{step['action']} {step['kind']}"
        for step in answer["steps"]
        if step["action"] != "nothing"
    ]


FLOW = {"Name": "orders", "DatasetId": DATASET_ID, "SchemaId": SCHEMA_ID}


def mapped(*sources: str) -> dict[str, Any]:
    return {**FLOW, "Mappings": [{"Source": s, "Destination": f"_t.{s}"} for s in sources]}


def test_mappings_are_validated_created_and_replaced_in_place(cloud: Cloud) -> None:
    assert "create mappingSets" in apply(cloud, mapped("id"), DataType="raw")
    (flow_id,) = cloud.adobe.resources.ids(Kind.FLOWS)

    assert apply(cloud, mapped("id", "no"), DataType="raw") == [
        "replace mappingSets",
        "patch flows",
    ]
    flow = cloud.adobe.resources.document(Kind.FLOWS, flow_id)
    second = cloud.adobe.mapping_sets.ids[1]
    assert flow["transformations"][0]["params"] == {"mappingId": second, "mappingVersion": 0}
    assert apply(cloud, mapped("id", "no"), DataType="raw") == []

    refused = cloud.ask(
        action="apply",
        connection={"Name": "orders", "DataType": "raw", "Flows": [mapped("upper(id")]},
    )
    assert refused["property"] == "Flows.0.Mappings"
    assert refused["error"] == "Flows.0.Mappings: upper(id: the expression cannot be parsed"


def test_dataset_is_created_and_deleted_unless_it_contains_data(cloud: Cloud) -> None:
    dataset = {"Name": "Orders", "SchemaId": SCHEMA_ID, "Profile": True}
    assert "create dataSets" in apply(cloud, {"Name": "orders", "Dataset": dataset})
    assert apply(cloud, {"Name": "orders", "Dataset": dataset}) == []
    assert apply(cloud, FLOW) == [
        "replace targetConnections",
        "replace flows",
        "delete flows",
        "delete targetConnections",
        "delete dataSets",
    ]
    assert not cloud.adobe.datasets.created

    apply(cloud, {"Name": "orders", "Dataset": dataset})
    (dataset_id,) = cloud.adobe.datasets.created
    cloud.adobe.datasets.ingest(dataset_id)
    assert cloud.ask(action="destroy", connection="orders")["ok"]
    assert cloud.adobe.datasets.created == (dataset_id,)
    assert cloud.objects() == 0


def test_description_is_patched_despite_a_concurrent_change(cloud: Cloud) -> None:
    apply(cloud, FLOW)
    stale = AnswerWith(412, {"content-type": "application/json"}, '{"errorMessage": "stale"}')
    cloud.adobe.faults.add(Fault(Service.FLOW_SERVICE, "PATCH", effect=stale))

    assert apply(cloud, FLOW, Description="For the shop.") == ["patch connections"]
    (base,) = cloud.adobe.resources.all(Kind.CONNECTIONS)
    assert base.document["description"].startswith("For the shop. Made by")


def test_state_transition_of_a_flow_is_awaited(cloud: Cloud) -> None:
    apply(cloud, FLOW)
    body = '{"errorCode": "1416-400", "message": "the resource is updating"}'
    busy = AnswerWith(400, {"content-type": "application/json"}, body)
    cloud.adobe.faults.add(Fault(Service.FLOW_SERVICE, "PATCH", times=2, effect=busy))

    assert apply(cloud, FLOW, Description="For the shop.") == ["patch connections"]


def test_disabled_flow_is_reported_as_drift_and_repaired(
    cloud: Cloud, caplog: pytest.LogCaptureFixture
) -> None:
    cloud.send("direct-apply-connection")
    (flow,) = cloud.adobe.resources.all(Kind.FLOWS)
    flow.enabled = False
    cloud.send("scheduled-drift")
    drift = cloud.send("direct-status-connection")["connection"]["drift"]

    assert [each["reason"] for each in drift] == ["it is disabled; patch it"]
    metric, total = [vars(record) for record in caplog.records if record.message == "metrics"]
    assert metric["ChainDrift"] == total["ChainDrift"] == [1.0]
    assert metric["connection"] == "orders"

    assert cloud.send("direct-repair-connection")["ok"]
    assert flow.enabled
    assert cloud.send("scheduled-drift")["drift"] == {"orders": 0}


def test_manually_created_connection_is_adopted_and_not_deleted(cloud: Cloud) -> None:
    by_hand = {"Name": "by-hand", "Flows": [FLOW]}
    assert cloud.ask(action="apply", connection=by_hand)["ok"]
    (base,) = cloud.adobe.resources.ids(Kind.CONNECTIONS)

    assert "adopt connections" in apply(cloud, FLOW, ConnectionId=base)
    assert cloud.ask(action="destroy", connection="orders")["ok"]
    assert cloud.adobe.resources.ids(Kind.CONNECTIONS) == (base,)
    assert cloud.objects() == 4


def test_direct_invocations(cloud: Cloud) -> None:
    assert len(cloud.send("direct-plan-connection")["steps"]) == 4
    assert cloud.objects() == 0
    assert cloud.send("direct-apply-connection")["ok"]
    plan = cloud.send("direct-plan-source")
    assert (plan["ok"], plan["writes"]) == (True, True)
    [warning] = plan["warnings"]
    assert "has no Map for flow orders: the body itself is the message" in warning
    assert cloud.send("direct-apply-source")["ok"]
    assert cloud.send("direct-status-connection")["connection"]["sources"] == ["github"]
    assert cloud.send("direct-status-source")["source"]["secrets"] == {SECRET: True}
    assert len(cloud.send("direct-status")["connections"]) == 1
    assert cloud.send("direct-destroy-connection")["property"] == "connection"
    assert cloud.send("direct-destroy-source")["deleted"]
    assert cloud.send("direct-destroy-connection")["ok"]
    assert cloud.objects() == 0
    assert cloud.parameters() == {}


def test_no_parameter_is_created_again_after_it_was_deleted(
    cloud: Cloud,
) -> None:
    """SSM asks to wait 30 seconds; no time passes here."""
    deleted: set[str] = set()
    written: list[str] = []

    def watch(params: dict[str, Any], model: Any, **_: object) -> None:
        if model.name == "DeleteParameters":
            deleted.update(params["Names"])
        if model.name == "PutParameter":
            written.append(params["Name"])
            assert params["Name"] not in deleted

    wiring.provisioner.cache_clear()
    session: Any = boto3.DEFAULT_SESSION
    session.events.register("provide-client-params.ssm", watch)
    dataset = {"Name": "Orders", "SchemaId": SCHEMA_ID}
    apply(cloud, FLOW)
    apply(cloud, {"Name": "orders", "Dataset": dataset})
    cloud.adobe.ims.revoke_all()
    apply(cloud, FLOW, Description="changed")
    assert cloud.ask(action="repair", connection="orders")["ok"]

    assert written.count("/inlet-bridge/dev/connections/orders/journal") > 5
    assert written.count("/inlet-bridge/dev/tokens/minting") == 4
