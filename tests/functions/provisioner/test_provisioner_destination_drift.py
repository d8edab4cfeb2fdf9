"""What a flow points to is drift if it is gone or changed, and no repair touches it."""

import pytest

from adobe_emulator.faults import AnswerWith, Fault, Service
from adobe_emulator.resources import Kind
from adobe_emulator.settings import (
    DATASET_ID,
    PROFILES_DATASET_ID,
)
from adobe_emulator.xdm_schemas import EVENTS_SCHEMA_ID, PROFILES_SCHEMA_ID, SCHEMAS
from tests.support.destinations import EVENTS, FLOW, GONE, MISHAPS, apply, delete_dataset, drift
from tests.support.provisioner_cloud import Cloud


@pytest.mark.parametrize("kind", MISHAPS)
def test_destination_that_changed_is_drift_that_no_repair_solves(
    cloud: Cloud, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    mishap, _, reason = MISHAPS[kind]
    assert apply(cloud, FLOW, EVENTS)["ok"]
    assert drift(cloud) == []
    mishap(cloud)

    (found,) = drift(cloud)
    assert reason in found
    assert cloud.send("scheduled-drift")["drift"] == {"orders": 1}
    metric, total = [vars(record) for record in caplog.records if record.message == "metrics"]
    assert metric["ChainDrift"] == total["ChainDrift"] == [1.0]

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
    assert "as record, but its class is time-series now" in found
