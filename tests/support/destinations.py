"""What happens to a dataset or a schema that a flow points to, at the emulated Adobe."""

from collections.abc import Callable
from typing import Any

from adobe_emulator.settings import DATASET_ID, EVENTS_DATASET_ID
from adobe_emulator.xdm_schemas import EVENTS_SCHEMA_ID, PROFILES_SCHEMA_ID, SCHEMA_ID
from tests.support.provisioner_cloud import Cloud

FLOW = {"Name": "orders", "DatasetId": DATASET_ID, "SchemaId": SCHEMA_ID}
EVENTS = {"Name": "events", "DatasetId": EVENTS_DATASET_ID, "SchemaId": EVENTS_SCHEMA_ID}
NO_DATASET = "0" * 24
NO_SCHEMA = "https://ns.adobe.com/emulated/schemas/0"
NO_MAPPING_SET = {"MappingSetId": "0" * 32, "MappingSetVersion": 0}

type Mishap = Callable[[Cloud], object]


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
