"""Creating connections, source and target connections in the emulated Flow Service."""

import re
from typing import Any

import pytest

from adobe_emulator.resources import Kind
from adobe_emulator.xdm_schemas import SCHEMA_ID
from tests.support.adobe_client import (
    DATA_LAKE,
    STREAMING,
    Client,
    connection_body,
    source_body,
    target_body,
)

UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def test_created_object_answers_with_id_etag_and_location(client: Client) -> None:
    answer = client.flows("POST", "connections", json=connection_body())
    body = answer.json()

    assert answer.status_code == 201
    assert body.keys() == {"id", "etag"}
    assert re.fullmatch(UUID, body["id"])
    assert re.fullmatch(r'"[0-9a-f-]+"', body["etag"])
    assert answer.headers["Location"] == f"/connections/{body['id']}"


def test_connection_reads_back_with_its_inlet(client: Client) -> None:
    params = client.read("connections", client.connection())["auth"]["params"]

    assert re.fullmatch(r"[0-9a-f]{64}", params["inletId"])
    assert params["inletUrl"] == f"{client.adobe.url}/collection/{params['inletId']}"
    assert params["authenticationRequired"] is False


def test_every_connection_has_an_inlet_of_its_own(client: Client) -> None:
    ids = [client.connection(name) for name in ("one", "two")]
    inlets = {client.read("connections", i)["auth"]["params"]["inletId"] for i in ids}

    assert len(inlets) == 2


def test_only_the_data_type_is_needed_and_the_source_id_is_the_name(client: Client) -> None:
    body = connection_body("bare")
    body["auth"]["params"] = {"dataType": "raw"}
    params = client.read("connections", client.create("connections", body))["auth"]["params"]

    assert (params["sourceId"], params["name"]) == ("bare", "bare")


def test_provider_id_of_the_older_form_is_harmless(client: Client) -> None:
    provider = "521eee4d-8cbe-4906-bb48-fb6bd4450033"

    assert client.create("connections", connection_body() | {"providerId": provider})


@pytest.mark.parametrize(
    "change",
    [
        {"name": None},
        {"name": ""},
        {"connectionSpec": DATA_LAKE},
        {"connectionSpec": {"id": STREAMING["id"]}},
        {"connectionSpec": {"id": STREAMING["id"], "version": "2.0"}},
        {"auth": None},
        {"auth": {"specName": "Streaming", "params": {"dataType": "xdm"}}},
        {"auth": {"specName": "Streaming Connection", "params": {}}},
        {"auth": {"specName": "Streaming Connection", "params": {"dataType": "csv"}}},
        {"colour": "blue"},
    ],
)
def test_connection_that_is_not_right_is_rejected(client: Client, change: dict[str, Any]) -> None:
    answer = client.flows("POST", "connections", json=connection_body() | change)

    assert answer.status_code == 400
    assert client.adobe.resources.ids(Kind.CONNECTIONS) == ()


def test_authentication_is_required_with_a_boolean(client: Client) -> None:
    body = connection_body(authenticationRequired="true")

    assert client.flows("POST", "connections", json=body).status_code == 400


@pytest.mark.parametrize("params", [{"sourceId": 7}, {"sourceId": ""}, {"name": None}])
def test_source_id_and_name_of_an_inlet_are_texts(client: Client, params: dict[str, Any]) -> None:
    answer = client.flows("POST", "connections", json=connection_body(**params))

    assert answer.status_code == 400


def test_source_id_is_taken_only_once(client: Client) -> None:
    first = client.connection("one", sourceId="shop")
    second = client.flows("POST", "connections", json=connection_body("two", sourceId="shop"))
    client.flows("DELETE", f"connections/{first}")
    third = client.flows("POST", "connections", json=connection_body("two", sourceId="shop"))

    assert (second.status_code, third.status_code) == (400, 201)


@pytest.mark.parametrize("body", [[], "text", None, 3])
def test_body_that_is_not_an_object_is_rejected(client: Client, body: Any) -> None:
    answer = client.flows("POST", "connections", json=body)

    assert answer.status_code == 400


def test_post_without_a_body_is_rejected(client: Client) -> None:
    assert client.flows("POST", "flows").json()["errorCode"] == "1405-400"


def test_source_needs_a_base_connection_that_exists(client: Client) -> None:
    unknown_id = "00000000-0000-4000-8000-000000000000"
    answer = client.flows("POST", "sourceConnections", json=source_body(unknown_id))

    assert answer.status_code == 400
    assert answer.json()["errorCode"] == "1439-400"


def test_data_of_a_source_is_optional(client: Client) -> None:
    body = source_body(client.connection())
    del body["data"]

    assert client.create("sourceConnections", body)


@pytest.mark.parametrize(
    "change",
    [{"connectionSpec": DATA_LAKE}, {"name": None}, {"data": {"format": 1}}, {"data": []}],
)
def test_source_that_is_not_right_is_rejected(client: Client, change: dict[str, Any]) -> None:
    body = source_body(client.connection()) | change

    assert client.flows("POST", "sourceConnections", json=body).status_code == 400


def test_target_must_be_the_data_lake(client: Client) -> None:
    body = target_body() | {"connectionSpec": STREAMING}

    assert client.flows("POST", "targetConnections", json=body).json()["errorCode"] == "1307-400"


@pytest.mark.parametrize(
    "data",
    [
        {"format": "parquet_xdm"},
        {"schema": {"id": SCHEMA_ID, "version": "application/vnd.adobe.xed-full+json;version=1.0"}},
        {"format": "json", "schema": target_body()["data"]["schema"]},
    ],
)
def test_every_published_form_of_a_target_is_taken(client: Client, data: dict[str, Any]) -> None:
    assert client.create("targetConnections", target_body() | {"data": data})


@pytest.mark.parametrize(
    "change",
    [
        {"params": {"dataSetId": "000000000000000000000000"}},
        {"params": {}},
        {"data": {}},
        {"data": None},
        {"data": {"schema": {"id": "https://ns.adobe.com/x/schemas/1", "version": "1"}}},
        {"data": {"schema": {"id": SCHEMA_ID, "version": "1.0"}}},
        {"data": {"schema": {"id": SCHEMA_ID}}},
        {"data": {"schema": SCHEMA_ID}},
    ],
)
def test_target_needs_a_known_dataset_and_its_schema(
    client: Client, change: dict[str, Any]
) -> None:
    answer = client.flows("POST", "targetConnections", json=target_body() | change)

    assert answer.status_code == 400
