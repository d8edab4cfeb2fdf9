"""A deletion says what it deleted and what it kept, and why."""

from typing import Any

import pytest

from adobe_emulator.faults import AnswerWith, Fault, Service
from adobe_emulator.settings import DATASET_ID
from adobe_emulator.xdm_schemas import SCHEMA_ID
from tests.support.provisioner_cloud import Cloud

FLOW = {"Name": "orders", "DatasetId": DATASET_ID, "SchemaId": SCHEMA_ID}
OWN = {"Name": "orders", "Dataset": {"Name": "Orders", "SchemaId": SCHEMA_ID}}
BATCHES = "*/catalog/batches"
NOT_CREATED = "the bridge did not create it"


def apply(cloud: Cloud, *flows: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = cloud.ask(action="apply", connection={"Name": "orders", "Flows": list(flows), **more})
    assert answer["ok"], answer["error"]
    return answer


def destroy(cloud: Cloud) -> dict[tuple[str, str], str]:
    """What was done with each kind of object, and why."""
    answer = cloud.ask(action="destroy", connection="orders")
    assert answer["ok"], answer["error"]
    return {(step["action"], step["kind"]): step["reason"] for step in answer["steps"]}


def answer_batches(cloud: Cloud, status: int, body: str = "{}") -> None:
    effect = AnswerWith(status, {"content-type": "application/json"}, body)
    cloud.adobe.faults.add(Fault(Service.CATALOG, "GET", BATCHES, effect=effect))


def test_dataset_and_schema_of_the_properties_are_kept(cloud: Cloud) -> None:
    apply(cloud, FLOW)

    done = destroy(cloud)
    assert done["keep", "dataSets"] == done["keep", "schemas"] == NOT_CREATED
    assert ("delete", "dataSets") not in done
    assert ("delete", "flows") in done
    assert cloud.adobe.datasets.get(DATASET_ID)


def test_dataset_with_data_is_kept(cloud: Cloud) -> None:
    apply(cloud, OWN)
    (dataset_id,) = cloud.adobe.datasets.created
    cloud.adobe.datasets.ingest(dataset_id)

    done = destroy(cloud)
    assert done["keep", "dataSets"] == "it contains data; delete it in Experience Platform"
    assert ("delete", "dataSets") not in done
    assert cloud.adobe.datasets.created == (dataset_id,)


@pytest.mark.parametrize(("status", "body"), [(200, "{}"), (200, "[]"), (404, '{"status": 404}')])
def test_dataset_without_batches_is_deleted(cloud: Cloud, status: int, body: str) -> None:
    apply(cloud, OWN)
    answer_batches(cloud, status, body)

    assert ("delete", "dataSets") in destroy(cloud)
    assert cloud.adobe.datasets.created == ()


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (403, "{}", "has the permission View Datasets"),
        (400, "{}", "Adobe refused to look for data in dataset"),
        (200, '"none"', "something that is no list of batches"),
    ],
)
def test_dataset_is_kept_if_adobe_does_not_tell(
    cloud: Cloud, status: int, body: str, reason: str
) -> None:
    apply(cloud, OWN)
    answer_batches(cloud, status, body)

    assert reason in destroy(cloud)["keep", "dataSets"]
    assert len(cloud.adobe.datasets.created) == 1
    assert cloud.objects() == 0
    assert cloud.parameters() == {}


def test_dataset_that_adobe_refuses_to_delete_is_kept(cloud: Cloud) -> None:
    apply(cloud, OWN)
    cloud.adobe.faults.add(Fault(Service.CATALOG, "DELETE", effect=AnswerWith(403)))

    assert "has the permission Manage Datasets" in destroy(cloud)["keep", "dataSets"]


def test_unavailable_catalog_keeps_the_record(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    apply(cloud, OWN)
    fault = Fault(Service.CATALOG, "GET", BATCHES, None, effect=AnswerWith(503))
    cloud.adobe.faults.add(fault)
    assert "503" in cloud.ask(action="destroy", connection="orders")["error"]

    cloud.adobe.faults.clear()
    assert ("delete", "dataSets") in destroy(cloud)


def test_object_that_is_gone_is_not_reported_as_deleted(cloud: Cloud) -> None:
    apply(cloud, OWN)
    (dataset_id,) = cloud.adobe.datasets.created
    cloud.adobe.datasets.delete(dataset_id)

    done = destroy(cloud)
    assert done["nothing", "dataSets"] == "Adobe no longer had it"
    assert ("delete", "dataSets") not in done


def test_replaced_dataset_with_data_is_reported(cloud: Cloud) -> None:
    apply(cloud, OWN)
    (dataset_id,) = cloud.adobe.datasets.created
    cloud.adobe.datasets.ingest(dataset_id)

    answer = apply(cloud, FLOW)
    kept = [step["id"] for step in answer["steps"] if step["action"] == "keep"]
    assert kept == [dataset_id]
    assert not any(
        step["kind"] == "dataSets" for step in answer["steps"] if step["action"] == "delete"
    )
    assert answer["warnings"] == [
        f"dataSets/{dataset_id} stays: it contains data; delete it in Experience Platform"
    ]


def test_stack_deletion_and_clean_up_say_what_stays(cloud: Cloud) -> None:
    created = cloud.send("connection-create", Flows=[OWN])
    (dataset_id,) = cloud.adobe.datasets.created
    cloud.adobe.datasets.ingest(dataset_id)
    updated = cloud.send("connection-update", created["PhysicalResourceId"], Flows=[FLOW])
    assert updated["Status"] == "SUCCESS", updated["Reason"]

    cleaned = cloud.send("connection-delete", created["PhysicalResourceId"])
    assert cleaned["Reason"] == (
        f"dataSets/{dataset_id} stays: it contains data; delete it in Experience Platform"
    )
    deleted = cloud.send("connection-delete", updated["PhysicalResourceId"])
    assert deleted["Status"] == "SUCCESS"
    assert deleted["Reason"] == (f"dataSets/{DATASET_ID}, schemas/{SCHEMA_ID} stays: {NOT_CREATED}")


def test_mapping_set_is_kept(cloud: Cloud) -> None:
    mapped = {**FLOW, "Mappings": [{"Source": "id", "Destination": "_id"}]}
    apply(cloud, mapped, DataType="raw")

    assert destroy(cloud)["keep", "mappingSets"] == "Data Prep deletes no mapping set"
