"""What a flow points to is looked at before the first POST."""

import pytest

from adobe_emulator.faults import AnswerWith, Fault, Service
from adobe_emulator.resources import Kind
from adobe_emulator.xdm_schemas import EVENTS_SCHEMA_ID
from tests.support.destinations import (
    EVENTS,
    FLOW,
    MISHAPS,
    NO_DATASET,
    NO_MAPPING_SET,
    NO_SCHEMA,
    apply,
    drift,
)
from tests.support.provisioner_cloud import Cloud


@pytest.mark.parametrize("kind", MISHAPS)
def test_creation_fails_before_the_first_request_that_creates(cloud: Cloud, kind: str) -> None:
    mishap, name, reason = MISHAPS[kind]
    mishap(cloud)

    answer = cloud.send("connection-create", Flows=[EVENTS, FLOW])
    assert answer["Status"] == "FAILED"
    assert answer["Reason"].startswith(f"Flows.1.{name}: ")
    assert reason in answer["Reason"]
    assert answer["PhysicalResourceId"].startswith("refused/")
    assert cloud.objects() == 0
    assert not any("/connections/" in name for name in cloud.parameters())

    rolled_back = cloud.send("connection-delete", answer["PhysicalResourceId"])
    assert rolled_back["Reason"] == "nothing was created under this id"
    assert cloud.parameters() == {}


@pytest.mark.parametrize(
    ("properties", "path"),
    [
        ({"DatasetId": NO_DATASET}, "Flows.0.DatasetId"),
        ({"SchemaId": NO_SCHEMA}, "Flows.0.SchemaId"),
        ({"SchemaId": EVENTS_SCHEMA_ID}, "Flows.0.SchemaId"),
    ],
)
def test_update_to_a_wrong_destination_replaces_nothing(
    cloud: Cloud, properties: dict[str, str], path: str
) -> None:
    assert apply(cloud, FLOW)["ok"]
    before = cloud.parameters()

    answer = apply(cloud, FLOW | properties)
    assert answer["property"] == path
    assert cloud.parameters() == before
    assert cloud.objects() == 4
    assert drift(cloud) == []


def test_schema_of_a_new_dataset_is_looked_at(cloud: Cloud) -> None:
    answer = apply(cloud, {"Name": "orders", "Dataset": {"Name": "Mine", "SchemaId": NO_SCHEMA}})

    assert answer["property"] == "Flows.0.Dataset.SchemaId"
    assert cloud.objects() == 0
    assert cloud.adobe.datasets.created == ()


def test_mapping_set_is_looked_at(cloud: Cloud) -> None:
    answer = apply(cloud, FLOW | NO_MAPPING_SET, DataType="raw")
    assert answer["property"] == "Flows.0.MappingSetId"

    mapped = {**EVENTS, "Mappings": [{"Source": "id", "Destination": "_id"}]}
    assert apply(cloud, mapped, DataType="raw")["ok"]
    (mapping_set,) = cloud.adobe.mapping_sets.ids
    of_events = {"MappingSetId": mapping_set, "MappingSetVersion": 0}
    refused = cloud.ask(
        action="apply",
        connection={"Name": "returns", "DataType": "raw", "Flows": [FLOW | of_events]},
    )
    assert refused["property"] == "Flows.0.MappingSetId"
    assert f"maps to schema {EVENTS_SCHEMA_ID}" in refused["error"]

    newer = EVENTS | of_events | {"MappingSetVersion": 3}
    refused = cloud.ask(
        action="apply", connection={"Name": "returns", "DataType": "raw", "Flows": [newer]}
    )
    assert refused["property"] == "Flows.0.MappingSetVersion"
    assert cloud.objects() == 4


@pytest.mark.parametrize(
    ("service", "permission"),
    [(Service.CATALOG, "View Datasets"), (Service.SCHEMA_REGISTRY, "View Schemas")],
)
def test_missing_permission_is_named(cloud: Cloud, service: Service, permission: str) -> None:
    refusal = AnswerWith(403, {"content-type": "application/json"}, '{"message": "Forbidden"}')
    cloud.adobe.faults.add(Fault(service, times=None, effect=refusal))

    answer = cloud.send("connection-create", Flows=[FLOW])
    assert answer["Status"] == "FAILED"
    assert answer["Reason"].endswith(
        f"add the technical account to a product profile that has the permission {permission}"
    )
    assert cloud.objects() == 0


@pytest.mark.parametrize("service", [Service.CATALOG, Service.SCHEMA_REGISTRY])
@pytest.mark.parametrize("status", [429, 503])
def test_failures_are_retried(
    cloud: Cloud, service: Service, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    cloud.adobe.faults.add(Fault(service, times=3, effect=AnswerWith(status)))

    assert cloud.send("connection-create", Flows=[FLOW])["Status"] == "SUCCESS"


def test_first_run_that_cannot_succeed_leaves_nothing(cloud: Cloud) -> None:
    refusal = AnswerWith(400, {"content-type": "application/json"}, '{"message": "no"}')
    path = "*/flowservice/targetConnections"
    cloud.adobe.faults.add(Fault(Service.FLOW_SERVICE, "POST", path, None, effect=refusal))

    answer = apply(cloud, FLOW)
    assert answer["error"].endswith("; what was created before is deleted again")
    assert cloud.objects() == 0
    assert cloud.parameters() == {}


def test_first_run_that_may_succeed_later_says_what_stays(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    path = "*/flowservice/sourceConnections"
    fault = Fault(Service.FLOW_SERVICE, "POST", path, None, effect=AnswerWith(503))
    cloud.adobe.faults.add(fault)

    answer = apply(cloud, FLOW)
    (base,) = cloud.adobe.resources.ids(Kind.CONNECTIONS)
    assert answer["error"].endswith(f"; connections/{base} stays at Adobe for the next run")
    cloud.adobe.faults.clear()
    assert apply(cloud, FLOW)["ok"]
    assert cloud.objects() == 4
