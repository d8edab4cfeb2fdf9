"""What a flow points to is looked at before the first POST, and afterwards counts as drift."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from adobe_emulator.faults import AnswerWith, Fault, Service
from adobe_emulator.resources import Kind
from adobe_emulator.settings import (
    DATASET_ID,
    EVENTS_DATASET_ID,
    PROFILES_DATASET_ID,
)
from adobe_emulator.xdm_schemas import EVENTS_SCHEMA_ID, PROFILES_SCHEMA_ID, SCHEMA_ID, SCHEMAS
from tests.support.provisioner_cloud import Cloud, provisioner_cloud

FLOW = {"Name": "orders", "DatasetId": DATASET_ID, "SchemaId": SCHEMA_ID}
EVENTS = {"Name": "events", "DatasetId": EVENTS_DATASET_ID, "SchemaId": EVENTS_SCHEMA_ID}
NO_DATASET = "0" * 24
NO_SCHEMA = "https://ns.adobe.com/emulated/schemas/0"
NO_MAPPING_SET = {"MappingSetId": "0" * 32, "MappingSetVersion": 0}

type Mishap = Callable[[Cloud], object]


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    with provisioner_cloud(monkeypatch) as cloud:
        yield cloud


def apply(cloud: Cloud, *flows: dict[str, Any], **more: Any) -> dict[str, Any]:
    return cloud.ask(action="apply", connection={"Name": "orders", "Flows": list(flows), **more})


def drift(cloud: Cloud) -> list[str]:
    answer = cloud.ask(action="status", connection="orders")
    return [each["reason"] for each in answer["connection"]["drift"]]


def change(**members: Any) -> Mishap:
    return lambda cloud: cloud.adobe.datasets.change(DATASET_ID, **members)


def delete_dataset(cloud: Cloud) -> None:
    assert cloud.adobe.datasets.delete(DATASET_ID)


def delete_schema(cloud: Cloud) -> None:
    del cloud.adobe.schemas[SCHEMA_ID]


def move_to_another_schema(cloud: Cloud) -> None:
    cloud.adobe.datasets.change(DATASET_ID, schemaRef={"id": PROFILES_SCHEMA_ID})


GONE = f"has no dataset {DATASET_ID}: it was deleted, has expired or is in another sandbox"
MISHAPS: dict[str, tuple[Mishap, str, str]] = {
    "the dataset is gone": (delete_dataset, "DatasetId", GONE),
    "the schema is gone": (delete_schema, "SchemaId", f"has no schema {SCHEMA_ID}"),
    "the dataset has another schema": (
        move_to_another_schema,
        "SchemaId",
        f"the schema of dataset {DATASET_ID} is {PROFILES_SCHEMA_ID}, not {SCHEMA_ID}",
    ),
    "the dataset is disabled": (
        change(state="DISABLED"),
        "DatasetId",
        f"the state of dataset {DATASET_ID} is DISABLED",
    ),
    "the dataset has no XDM schema": (
        change(schemaRef={}),
        "DatasetId",
        f"dataset {DATASET_ID} has no schema of an XDM class",
    ),
}


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


@pytest.mark.parametrize("kind", MISHAPS)
def test_destination_that_changed_is_drift_that_no_repair_solves(
    cloud: Cloud, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    mishap, _, reason = MISHAPS[kind]
    assert apply(cloud, FLOW, EVENTS)["ok"]
    assert drift(cloud) == []
    mishap(cloud)

    (found,) = drift(cloud)
    assert reason in found
    assert cloud.send("scheduled-drift")["drift"] == {"orders": 1}
    metric = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert metric["ChainDrift"] == [1.0]

    plan = cloud.ask(action="plan", connection={"Name": "orders", "Flows": [FLOW, EVENTS]})
    assert plan["warnings"] == [f"flow orders: {found}"]
    repaired = cloud.ask(action="repair", connection="orders")
    assert repaired["warnings"] == [f"not repaired: flow orders: {found}"]
    assert {step["action"] for step in repaired["steps"]} == {"nothing"}
    assert drift(cloud) == [found]


def test_repair_repairs_the_other_flows(cloud: Cloud) -> None:
    assert apply(cloud, FLOW, EVENTS)["ok"]
    delete_dataset(cloud)
    for flow in cloud.adobe.resources.all(Kind.FLOWS):
        flow.enabled = False

    repaired = cloud.ask(action="repair", connection="orders")
    assert [step["action"] for step in repaired["steps"]].count("patch") == 2
    assert GONE in repaired["warnings"][0]
    assert len(drift(cloud)) == 1


@pytest.mark.parametrize(
    ("status", "expiry", "reason"),
    [
        ("executing", "2026-01-01T00:00:00Z", "has expired, and Adobe is deleting it"),
        ("pending", "2026-01-01T00:00:00.5Z", "expires at 2026-01-01 00:00 UTC"),
        ("pending", "2999-12-31T23:59:59Z", ""),
        ("cancelled", "2026-01-01T00:00:00Z", ""),
    ],
)
def test_expiration_is_drift(cloud: Cloud, status: str, expiry: str, reason: str) -> None:
    assert apply(cloud, FLOW)["ok"]
    cloud.adobe.datasets.expire(DATASET_ID, status, expiry)

    found = drift(cloud)
    assert len(found) == bool(reason)
    assert reason in "".join(found)


def test_expirations_need_no_permission(cloud: Cloud) -> None:
    assert apply(cloud, FLOW)["ok"]
    cloud.adobe.faults.add(Fault(Service.DATA_HYGIENE, effect=AnswerWith(403)))

    assert drift(cloud) == []


def test_another_class_of_a_schema_is_drift(cloud: Cloud) -> None:
    profiles = {"Name": "orders", "DatasetId": PROFILES_DATASET_ID, "SchemaId": PROFILES_SCHEMA_ID}
    assert apply(cloud, profiles)["ok"]
    assert cloud.send("source-create")["Status"] == "SUCCESS"
    assert drift(cloud) == []

    as_events = {**SCHEMAS[EVENTS_SCHEMA_ID], "$id": PROFILES_SCHEMA_ID}
    cloud.adobe.schemas[PROFILES_SCHEMA_ID] = as_events
    (found,) = drift(cloud)
    assert "as record, but its class is time-series now; apply the source again" in found


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
