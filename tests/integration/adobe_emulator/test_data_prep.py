"""The emulated Data Prep."""

import re
from typing import Any

import pytest

from adobe_emulator.xdm_schemas import SCHEMA_ID
from tests.support.adobe_client import MAPPING_SET, Client

PATH = "/conversion/mappingSets"
OLDER = {
    "version": 0,
    "xdmSchema": SCHEMA_ID,
    "xdmVersion": "1.0",
    "mappings": [{"destinationXdmPath": "_id", "sourceAttribute": "id", "identity": False}],
}


@pytest.mark.parametrize("body", [MAPPING_SET, OLDER])
def test_mapping_set_is_created_with_200(client: Client, body: dict[str, Any]) -> None:
    answer = client.platform("POST", PATH, json=body)

    assert answer.status_code == 200
    assert re.fullmatch(r"[0-9a-f]{32}", answer.json()["id"])
    assert answer.json()["version"] == 0


def test_mapping_set_reads_back_as_it_was_sent(client: Client) -> None:
    read = client.platform("GET", f"{PATH}/{client.mapping_set()}").json()

    assert read["mappings"] == MAPPING_SET["mappings"]
    assert read["outputSchema"] == MAPPING_SET["outputSchema"]


def test_unknown_mapping_set_is_not_found(client: Client) -> None:
    assert client.platform("GET", f"{PATH}/{'0' * 32}").status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"outputSchema": {"schemaRef": {"id": "https://ns.adobe.com/x/schemas/1"}}},
        {"outputSchema": None},
        {"mappings": []},
        {"mappings": [{"source": "a"}]},
        {"mappings": [{"source": "a", "destination": "b", "sourceType": "GUESS"}]},
    ],
)
def test_mapping_set_that_is_not_right_is_rejected(client: Client, change: dict[str, Any]) -> None:
    answer = client.platform("POST", PATH, json=MAPPING_SET | change)

    assert answer.status_code == 400
    assert client.adobe.mapping_sets.ids == ()


def test_list_needs_start_and_limit(client: Client) -> None:
    ids = [client.mapping_set() for _ in range(3)]
    answer = client.platform("GET", f"{PATH}?start=1&limit=5")

    assert [item["id"] for item in answer.json()["data"]] == ids[1:]
    assert answer.json()["_page"] == {"count": 2, "limit": 5}
    assert client.platform("GET", PATH).status_code == 400


def test_data_prep_is_behind_the_gateway(client: Client) -> None:
    answer = client.platform("POST", PATH, json=MAPPING_SET, headers={"x-sandbox-name": "x"})

    assert answer.status_code == 404
    assert client.adobe.mapping_sets.ids == ()


def test_list_can_be_of_one_name(client: Client) -> None:
    client.mapping_set()
    named = client.platform("POST", PATH, json=MAPPING_SET | {"name": "orders"}).json()["id"]
    answer = client.platform("GET", f"{PATH}?start=0&limit=5&name=orders")

    assert [item["id"] for item in answer.json()["data"]] == [named]


def test_validating_gives_a_verdict_for_each_mapping_and_keeps_nothing(client: Client) -> None:
    good = {"sourceType": "ATTRIBUTE", "source": "id", "destination": "_id"}
    open_bracket = {"sourceType": "EXPRESSION", "source": "upper(id", "destination": "name"}
    body = MAPPING_SET | {"mappings": [good, open_bracket, good]}
    answer = client.platform("POST", f"{PATH}/validate", json=body)

    assert answer.status_code == 200
    verdicts = answer.json()["validationResponse"]
    assert [each["status"] for each in verdicts] == ["SUCCESS", "FAILED", "FAILED"]
    assert verdicts[0]["errors"] is None
    assert verdicts[1]["errors"][0]["source"] == "upper(id"
    assert client.adobe.mapping_sets.ids == ()
