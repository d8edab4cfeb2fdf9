"""Reading, changing and deleting in the emulated Flow Service."""

from typing import Any

import pytest
import requests

from adobe_emulator.emulator import Adobe
from tests.support.adobe_client import Client

UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"
KINDS = ("connections", "sourceConnections", "targetConnections", "flows")
RENAME = [{"op": "replace", "path": "/name", "value": "renamed"}]


def patch(client: Client, path: str, operations: Any, etag: str | None = None) -> requests.Response:
    kind, object_id = path.split("/")
    version = etag or client.read(kind, object_id)["etag"]
    return client.flows("PATCH", path, json=operations, headers={"If-Match": version})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("method", ["GET", "DELETE", "PATCH"])
def test_unknown_id_is_not_found(client: Client, kind: str, method: str) -> None:
    answer = client.flows(method, f"{kind}/{UNKNOWN_ID}")

    assert answer.status_code == 404
    assert answer.json()["errorCode"] == "1101-404"


def test_objects_can_be_deleted_from_the_flow_upwards(client: Client) -> None:
    chain = client.chain()
    answers = [
        client.flows("DELETE", path)
        for path in (
            f"flows/{chain.flow}",
            f"sourceConnections/{chain.source}",
            f"targetConnections/{chain.target}",
            f"connections/{chain.connection}",
        )
    ]

    assert [answer.status_code for answer in answers] == [204] * 4
    assert [answer.content for answer in answers] == [b""] * 4
    assert client.control("GET", "state").json()["objectCount"] == 0


def test_nothing_is_deleted_that_something_else_needs(client: Client) -> None:
    chain = client.chain()
    paths = {
        f"connections/{chain.connection}": "1418-400",
        f"sourceConnections/{chain.source}": "1447-400",
        f"targetConnections/{chain.target}": "1447-400",
    }
    codes = {path: client.flows("DELETE", path).json()["errorCode"] for path in paths}

    assert codes == paths
    assert client.control("GET", "state").json()["objectCount"] == 4


def test_deleted_object_is_not_found(client: Client) -> None:
    connection = client.connection()
    client.flows("DELETE", f"connections/{connection}")

    assert client.flows("GET", f"connections/{connection}").status_code == 404


def test_deleted_connection_closes_its_inlet(client: Client) -> None:
    connection = client.connection()
    url = client.read("connections", connection)["auth"]["params"]["inletUrl"]
    client.flows("DELETE", f"connections/{connection}")

    assert client.send(url, {}).status_code == 404


def test_change_needs_a_version(client: Client) -> None:
    path = f"connections/{client.connection()}"

    assert client.flows("PATCH", path, json=RENAME).json()["errorCode"] == "1403-400"


def test_change_gives_a_new_version(client: Client) -> None:
    connection = client.connection()
    before = client.read("connections", connection)
    answer = patch(client, f"connections/{connection}", RENAME)
    after = client.read("connections", connection)

    assert answer.status_code == 200
    assert answer.json() == {"id": connection, "etag": after["etag"]}
    assert after["etag"] != before["etag"]
    assert after["version"] == after["etag"]
    assert after["name"] == "renamed"


def test_stale_version_is_a_failed_precondition(client: Client) -> None:
    connection = client.connection()
    old = client.read("connections", connection)["etag"]
    patch(client, f"connections/{connection}", RENAME)
    answer = patch(client, f"connections/{connection}", RENAME, old)

    assert answer.status_code == 412
    assert answer.json() == {
        "errorMessage": f"Supplied version=[{old}] does not match the current version"
        f" on entity=[{connection}]"
    }


def test_version_without_its_quotes_is_another_version(client: Client) -> None:
    connection = client.connection()
    etag = client.read("connections", connection)["etag"]

    assert patch(client, f"connections/{connection}", RENAME, etag.strip('"')).status_code == 412


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "REPLACE", "path": "/name", "value": "x"},
        {"op": "move", "path": "/name", "from": "/description"},
        {"path": "/name", "value": "x"},
    ],
)
def test_only_three_operations_in_lower_case_are_known(
    client: Client, operation: dict[str, Any]
) -> None:
    answer = patch(client, f"connections/{client.connection()}", [operation])

    assert answer.json()["errorCode"] == "1434-400"


@pytest.mark.parametrize(
    "operations",
    [
        RENAME[0],
        [],
        [{"op": "replace", "path": "/name"}],
        [{"op": "replace", "path": "/description", "value": "there is none"}],
        [{"op": "remove", "path": "/name"}],
        [{"op": "replace", "path": "name", "value": "x"}],
        [{"op": "replace", "path": "/id", "value": "x"}],
        [{"op": "replace", "path": "/auth/params/authenticationRequired", "value": True}],
        [{"op": "replace", "path": "/connectionSpec/version", "value": "2.0"}],
    ],
)
def test_patch_that_is_not_right_changes_nothing(client: Client, operations: Any) -> None:
    connection = client.connection()
    before = client.read("connections", connection)
    answer = patch(client, f"connections/{connection}", operations)

    assert answer.status_code == 400
    assert client.read("connections", connection) == before


def test_flow_can_change_its_mapping_for_one_that_exists(client: Client) -> None:
    chain = client.chain(dataType="raw")
    other = client.mapping_set()
    path = f"flows/{chain.flow}"

    def swap(mapping_id: str) -> requests.Response:
        params = {"mappingId": mapping_id, "mappingVersion": 0}
        value = {"name": "Mapping", "params": params}
        return patch(
            client, path, [{"op": "replace", "path": "/transformations/0", "value": value}]
        )

    assert swap("0" * 32).status_code == 400
    assert swap(other).status_code == 200
    flow = client.read("flows", chain.flow)
    assert flow["transformations"][0]["params"]["mappingId"] == other


def test_flow_can_be_disabled_and_enabled(client: Client) -> None:
    chain = client.chain()
    states = []
    for operation in ("disable", "enable"):
        answer = client.flows("POST", f"flows/{chain.flow}/action?op={operation}")
        flow = client.read("flows", chain.flow)
        assert answer.json() == {"id": chain.flow, "etag": flow["etag"]}
        states.append(flow["state"])

    assert states == ["disabled", "enabled"]


@pytest.mark.parametrize("query", ["", "?op=ENABLE", "?op=publish"])
def test_action_is_spelt_as_in_the_tutorial(client: Client, query: str) -> None:
    assert client.flows("POST", f"flows/{client.chain().flow}/action{query}").status_code == 400


def test_action_on_an_unknown_flow_is_not_found(client: Client) -> None:
    assert client.flows("POST", f"flows/{UNKNOWN_ID}/action?op=enable").status_code == 404


def test_specs_can_be_read(client: Client, adobe: Adobe) -> None:
    names = {spec["name"] for spec in client.flows("GET", "connectionSpecs").json()["items"]}
    spec = client.flows("GET", "flowSpecs/d8a6f005-7eaf-4153-983e-e8574508b877").json()["items"]

    assert names == {"Streaming Connection", "datalake"}
    assert spec[0]["version"] == "1.0"
    assert client.flows("GET", f"flowSpecs/{UNKNOWN_ID}").status_code == 404
