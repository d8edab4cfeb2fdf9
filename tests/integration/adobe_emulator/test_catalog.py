"""The emulated Catalog."""

import re
from typing import Any

import pytest

from adobe_emulator.settings import DATASET_ID
from adobe_emulator.xdm_schemas import SCHEMA_ID
from tests.support.adobe_client import Client, target_body, xdm_message

PATH = "/catalog/dataSets"
BODY = {
    "name": "Orders",
    "description": "For the shop.",
    "schemaRef": {
        "id": SCHEMA_ID,
        "contentType": "application/vnd.adobe.xed-full+json;version=1",
    },
    "tags": {"unifiedProfile": ["enabled:true"]},
}


def create(client: Client) -> str:
    (reference,) = client.platform("POST", PATH, json=BODY).json()
    return str(reference).removeprefix("@/dataSets/")


def test_dataset_is_made_read_found_and_deleted(client: Client) -> None:
    answer = client.platform("POST", PATH, json=BODY)
    (reference,) = answer.json()
    dataset_id = reference.removeprefix("@/dataSets/")

    assert answer.status_code == 201
    assert re.fullmatch(r"[0-9a-f]{24}", dataset_id)
    one = client.platform("GET", f"{PATH}/{dataset_id}").json()
    assert one[dataset_id].items() >= BODY.items()
    assert client.platform("GET", f"{PATH}?name=Orders").json() == one
    assert client.platform("GET", f"{PATH}?name=Other").json() == {}
    assert DATASET_ID in client.platform("GET", PATH).json()

    assert client.platform("DELETE", f"{PATH}/{dataset_id}").status_code == 200
    assert client.platform("GET", f"{PATH}/{dataset_id}").status_code == 404
    assert client.platform("DELETE", f"{PATH}/{dataset_id}").status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"schemaRef": None},
        {"schemaRef": {"id": SCHEMA_ID}},
        {"schemaRef": {**BODY["schemaRef"], "id": "https://ns.adobe.com/x/schemas/1"}},  # type: ignore[dict-item]
        {"colour": "red"},
    ],
)
def test_dataset_that_is_not_right_is_rejected(client: Client, change: dict[str, Any]) -> None:
    assert client.platform("POST", PATH, json=BODY | change).status_code == 400
    assert client.adobe.datasets.created == ()


def test_flow_can_lead_to_a_new_dataset_which_then_stays(client: Client) -> None:
    dataset_id = create(client)
    body = target_body() | {"params": {"dataSetId": dataset_id}}

    assert client.flows("POST", "targetConnections", json=body).status_code == 201
    assert client.platform("DELETE", f"{PATH}/{dataset_id}").status_code == 400


def test_received_messages_are_a_batch(client: Client) -> None:
    path = f"/catalog/batches?dataSet={DATASET_ID}&limit=1"
    assert client.platform("GET", path).json() == {}

    client.adobe.datasets.ingest(DATASET_ID)
    assert len(client.platform("GET", path).json()) == 1


def test_batches_of_an_unknown_dataset_are_missing(client: Client) -> None:
    answer = client.platform("GET", f"/catalog/batches?dataSet={'0' * 24}&limit=1")

    assert answer.status_code == 404


def test_message_to_a_deleted_dataset_is_rejected(client: Client) -> None:
    chain = client.chain()
    client.adobe.settle()
    client.adobe.datasets.delete(DATASET_ID)

    assert client.send(chain.inlet_url, xdm_message(client.adobe, chain)).status_code == 400
