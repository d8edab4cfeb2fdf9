"""The provisioner's entry point, with real events, SSM in process and Adobe on a socket."""

import json
import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adobe_emulator.faults import AnswerWith, CloseConnection, Fault, Service
from adobe_emulator.resources import Kind
from adobe_emulator.settings import DATASET_ID
from adobe_emulator.xdm_schemas import SCHEMA_ID
from bridge.adapters.aws.cloudformation import RESERVE_SECONDS
from bridge.sources.source import Source
from tests.support.provisioner_cloud import EVENTS, SECRET, Cloud, provisioner_cloud

CONNECTION = "/inlet-bridge/dev/connections/orders/"
DOCUMENT = "/inlet-bridge/dev/sources/github"


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    with provisioner_cloud(monkeypatch) as cloud:
        yield cloud


def test_a_connection_and_a_source_from_creation_to_deletion(
    cloud: Cloud, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    created = cloud.send("connection-create")
    assert created["Status"] == "SUCCESS", created["Reason"]
    ids = {
        name.removeprefix(CONNECTION): text
        for name, text in cloud.parameters().items()
        if name.startswith(CONNECTION)
    }
    for kind, name in (
        (Kind.CONNECTIONS, "base_connection_id"),
        (Kind.SOURCE_CONNECTIONS, "flows/orders/source_connection_id"),
        (Kind.TARGET_CONNECTIONS, "flows/orders/target_connection_id"),
        (Kind.FLOWS, "flows/orders/flow_id"),
    ):
        assert cloud.adobe.resources.ids(kind) == (ids[name],)
    assert created["Data"]["InletUrl"] == ids["inlet_url"]

    source = cloud.send("source-create")
    assert source["Status"] == "SUCCESS", source["Reason"]
    assert source["Data"] == {"Name": "github", "Path": "/webhooks/github"}
    document = Source.from_document(cloud.parameters()[DOCUMENT])
    assert document.flows["orders"].flow_id == ids["flows/orders/flow_id"]

    updated = cloud.send("connection-update")
    assert updated["Status"] == "SUCCESS"
    assert cloud.send("connection-delete")["Reason"] == "there was nothing left to delete"
    assert cloud.objects() == 7
    assert cloud.send("source-update")["Status"] == "SUCCESS"
    assert Source.from_document(cloud.parameters()[DOCUMENT]).delivery == "queued"

    assert cloud.send("source-delete")["Status"] == "SUCCESS"
    assert cloud.send("connection-delete", updated["PhysicalResourceId"])["Status"] == "SUCCESS"
    assert cloud.objects() == 0
    assert cloud.parameters() == {}
    assert cloud.adobe.ims.minted == 1

    # moto's own library tells every URL.
    ours = (record for record in caplog.records if record.name != "responses")
    logged = " ".join(str(vars(record)) for record in ours)
    assert "response to CloudFormation" in logged
    for secret in ("NEVERSEEN", "TOPSECRET", cloud.adobe.tenant.client_secret, "Bearer"):
        assert secret not in logged


def apply(cloud: Cloud, *flows: dict[str, Any], **properties: Any) -> list[str]:
    """Apply directly; the actions taken, without those that changed nothing."""
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


def test_mappings_are_validated_made_and_swapped_in_place(cloud: Cloud) -> None:
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


def test_a_dataset_is_made_and_deleted_unless_it_holds_data(cloud: Cloud) -> None:
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


def test_a_description_is_patched_also_when_somebody_was_faster(cloud: Cloud) -> None:
    apply(cloud, FLOW)
    stale = AnswerWith(412, {"content-type": "application/json"}, '{"errorMessage": "stale"}')
    cloud.adobe.faults.add(Fault(Service.FLOW_SERVICE, "PATCH", effect=stale))

    assert apply(cloud, FLOW, Description="For the shop.") == ["patch connections"]
    (base,) = cloud.adobe.resources.all(Kind.CONNECTIONS)
    assert base.document["description"].startswith("For the shop. Made by")


def test_a_transition_is_waited_out(cloud: Cloud) -> None:
    apply(cloud, FLOW)
    body = '{"errorCode": "1416-400", "message": "the resource is updating"}'
    busy = AnswerWith(400, {"content-type": "application/json"}, body)
    cloud.adobe.faults.add(Fault(Service.FLOW_SERVICE, "PATCH", times=2, effect=busy))

    assert apply(cloud, FLOW, Description="For the shop.") == ["patch connections"]


def test_a_flow_that_somebody_disabled_is_drift_and_repaired(
    cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.send("direct-apply-connection")
    (flow,) = cloud.adobe.resources.all(Kind.FLOWS)
    flow.enabled = False
    cloud.send("scheduled-drift")
    drift = cloud.send("direct-status-connection")["connection"]["drift"]

    assert [each["reason"] for each in drift] == ["it is disabled; patch it"]
    metric = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert metric["ChainDrift"] == [1.0]
    assert metric["connection"] == "orders"

    assert cloud.send("direct-repair-connection")["ok"]
    assert flow.enabled
    assert cloud.send("scheduled-drift")["drift"] == {"orders": 0}


def test_a_connection_made_by_hand_is_adopted_and_left(cloud: Cloud) -> None:
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
    assert cloud.send("direct-plan-source") == {"ok": True, "writes": True}
    assert cloud.send("direct-apply-source")["ok"]
    assert cloud.send("direct-status-connection")["connection"]["sources"] == ["github"]
    assert cloud.send("direct-status-source")["source"]["secrets"] == {SECRET: True}
    assert len(cloud.send("direct-status")["connections"]) == 1
    assert cloud.send("direct-destroy-connection")["property"] == "connection"
    assert cloud.send("direct-destroy-source")["deleted"]
    assert cloud.send("direct-destroy-connection")["ok"]
    assert cloud.objects() == 0
    assert cloud.parameters() == {}


@pytest.mark.parametrize(
    "properties",
    [
        {"Name": "Orders"},
        {"DataType": "csv"},
        {"Flows": [{"Name": "orders", "DatasetId": "x", "SchemaId": "y"}]},
        {"Extra": "1"},
    ],
)
def test_a_bad_property_fails_the_deployment_before_anything_was_asked(
    cloud: Cloud, properties: dict[str, Any]
) -> None:
    answer = cloud.send("connection-create", **properties)

    assert answer["Status"] == "FAILED"
    assert next(iter(properties)) in answer["Reason"]
    assert cloud.objects() == cloud.adobe.ims.minted == 0
    assert cloud.parameters() == {}


def test_a_dataset_that_adobe_does_not_know_leaves_nothing_after_the_rollback(
    cloud: Cloud,
) -> None:
    flow = json.loads((EVENTS / "connection-create.json").read_text())["ResourceProperties"][
        "Flows"
    ]
    failed = cloud.send("connection-create", Flows=[{**flow[0], "DatasetId": "0" * 24}])
    assert failed["Status"] == "FAILED"
    assert "dataSetId" in failed["Reason"]
    made = failed["PhysicalResourceId"]
    assert made.startswith("inlet-bridge/dev/connections/orders/xdm-authenticated.")

    assert cloud.send("connection-delete", made)["Status"] == "SUCCESS"
    assert cloud.objects() == 0
    assert cloud.parameters() == {}


@pytest.mark.parametrize("kind", list(Kind))
def test_a_post_whose_answer_was_lost_makes_no_twin(cloud: Cloud, kind: Kind) -> None:
    path = f"*/flowservice/{kind}"
    lost = CloseConnection(after_work=True)
    cloud.adobe.faults.add(Fault(Service.FLOW_SERVICE, "POST", path, effect=lost))

    assert cloud.send("connection-create")["Status"] == "SUCCESS"
    assert cloud.objects() == 4
    assert cloud.send("connection-create")["Status"] == "SUCCESS"
    assert cloud.objects() == 4


@pytest.mark.parametrize("service", [Service.IMS, Service.FLOW_SERVICE])
def test_when_adobe_never_answers_cloudformation_is_answered_before_lambda_ends(
    cloud: Cloud, service: Service
) -> None:
    cloud.adobe.faults.add(Fault(service, times=None, delay_seconds=60))
    began = time.monotonic()

    answer = cloud.send("connection-create", seconds=RESERVE_SECONDS + 1)

    assert answer["Status"] == "FAILED"
    assert "answer" in answer["Reason"] or "time" in answer["Reason"]
    assert time.monotonic() - began < RESERVE_SECONDS + 1


def test_when_the_deadline_has_passed_already_there_is_still_an_answer(cloud: Cloud) -> None:
    answer = cloud.send("connection-create", seconds=1)

    assert answer["Status"] == "FAILED"
    assert answer["Reason"] == "no time is left for a request to Adobe"
    assert cloud.objects() == 0


def test_a_service_timeout_is_a_deadline_too(cloud: Cloud) -> None:
    answer = cloud.send("connection-create", ServiceTimeout="5")

    assert answer["Status"] == "FAILED"


def test_without_settings_there_is_still_an_answer(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SETTLING_SECONDS")

    answer = cloud.send("connection-create")
    assert answer["Status"] == "FAILED"
    assert answer["Reason"] == "the environment variable SETTLING_SECONDS is not set"


def test_without_credentials_the_reason_names_their_parameter(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADOBE_CREDENTIALS", "/inlet-bridge/dev/secrets/elsewhere")

    answer = cloud.send("connection-create")
    assert "/inlet-bridge/dev/secrets/elsewhere" in answer["Reason"]
    assert cloud.parameters() == {}


def test_refused_permissions_are_told_in_one_sentence(cloud: Cloud) -> None:
    body = '{"errorCode": "2118-403", "message": "Permission denied"}'
    refusal = AnswerWith(403, {"content-type": "application/json"}, body)
    cloud.adobe.faults.add(Fault(Service.FLOW_SERVICE, times=None, effect=refusal))

    assert cloud.send("connection-create")["Reason"] == (
        "Adobe refused to list connections: 403 2118-403 Permission denied; "
        "add the technical account to a product profile that may manage sources"
    )


def test_every_event_is_used_by_a_test() -> None:
    text = Path(__file__).read_text()

    unused = [path.stem for path in EVENTS.glob("*.json") if f'"{path.stem}"' not in text]
    assert unused == []
