"""Creating flows in the emulated Flow Service."""

from typing import Any

import pytest

from adobe_emulator.emulator import Adobe
from adobe_emulator.resources import Kind
from tests.support.adobe_client import (
    MAPPED_FLOW,
    XDM_FLOW,
    Client,
    flow_body,
)


def xdm_body(client: Client) -> dict[str, Any]:
    return flow_body(client.source(client.connection()), client.target())


def raw_body(client: Client) -> dict[str, Any]:
    source = client.source(client.connection(dataType="raw"))
    return flow_body(source, client.target(), client.mapping_set())


def refusal(client: Client, body: dict[str, Any]) -> dict[str, Any]:
    answer = client.flows("POST", "flows", json=body)
    assert answer.status_code == 400
    assert client.adobe.resources.ids(Kind.FLOWS) == ()
    error: dict[str, Any] = answer.json()
    return error


def test_flow_reads_back_enabled_with_what_it_inherits(client: Client) -> None:
    chain = client.chain()
    flow = client.read("flows", chain.flow)
    inherited = flow["inheritedAttributes"]

    assert flow["state"] == "enabled"
    assert inherited["properties"] == {"isSourceFlow": True}
    assert inherited["sourceConnections"][0]["id"] == chain.source
    assert inherited["sourceConnections"][0]["baseConnection"]["id"] == chain.connection
    assert inherited["targetConnections"][0]["id"] == chain.target
    assert flow["runs"] == f"/runs?property=flowId=={chain.flow}"


def test_state_must_not_be_sent(client: Client) -> None:
    assert refusal(client, xdm_body(client) | {"state": "enabled"})["errorCode"] == "1410-400"


@pytest.mark.parametrize("ids", [None, [], ["a", "b"], "a", [7]])
@pytest.mark.parametrize("name", ["sourceConnectionIds", "targetConnectionIds"])
def test_flow_has_exactly_one_source_and_one_target(client: Client, name: str, ids: Any) -> None:
    assert refusal(client, xdm_body(client) | {name: ids})["errorCode"] == "1321-400"


@pytest.mark.parametrize("name", ["sourceConnectionIds", "targetConnectionIds"])
def test_source_and_target_must_exist(client: Client, name: str) -> None:
    body = xdm_body(client) | {name: ["00000000-0000-4000-8000-000000000000"]}

    assert refusal(client, body)["errorCode"] == "1439-400"


def test_target_is_not_a_source(client: Client) -> None:
    body = xdm_body(client)
    body["sourceConnectionIds"] = body["targetConnectionIds"]

    assert refusal(client, body)["errorCode"] == "1439-400"


def test_flow_spec_must_fit_the_data_type(client: Client) -> None:
    assert refusal(client, xdm_body(client) | {"flowSpec": MAPPED_FLOW})


def test_raw_flow_needs_the_spec_with_a_mapping(client: Client) -> None:
    assert refusal(client, raw_body(client) | {"flowSpec": XDM_FLOW})


@pytest.mark.parametrize("spec", [None, {"id": XDM_FLOW["id"]}, {**XDM_FLOW, "version": "1.1"}])
def test_flow_spec_needs_its_version(client: Client, spec: Any) -> None:
    assert refusal(client, xdm_body(client) | {"flowSpec": spec})


def test_xdm_flow_takes_no_mapping_but_an_empty_list(client: Client) -> None:
    body = xdm_body(client)
    mapping = [{"name": "Mapping", "params": {"mappingId": "x", "mappingVersion": 0}}]

    assert refusal(client, body | {"transformations": mapping})
    assert client.create("flows", body | {"transformations": []})


def test_raw_flow_is_created_with_its_mapping(client: Client) -> None:
    body = raw_body(client)
    flow = client.read("flows", client.create("flows", body))

    assert flow["transformations"] == body["transformations"]


@pytest.mark.parametrize(
    ("name", "params", "code"),
    [
        ("mapping", {}, None),
        ("Mapping", {"mappingId": "0" * 32}, None),
        ("Mapping", {"mappingId": None}, None),
        ("Mapping", {"mappingVersion": 1}, "1412-400"),
    ],
)
def test_mapping_that_is_not_right_is_rejected(
    client: Client, name: str, params: dict[str, Any], code: str | None
) -> None:
    body = raw_body(client)
    right = body["transformations"][0]["params"]
    body["transformations"] = [{"name": name, "params": right | params}]

    assert refusal(client, body).get("errorCode") == code


@pytest.mark.parametrize("transformations", [None, [], {}])
def test_raw_flow_needs_a_mapping(client: Client, transformations: Any) -> None:
    assert refusal(client, raw_body(client) | {"transformations": transformations})


def test_mapping_of_another_schema_is_rejected(client: Client, adobe: Adobe) -> None:
    body = raw_body(client)
    mapping_id = body["transformations"][0]["params"]["mappingId"]
    document = adobe.mapping_sets.get(mapping_id)
    assert document is not None
    document["outputSchema"] = {"schemaRef": {"id": "https://ns.adobe.com/x/schemas/other"}}

    assert refusal(client, body)["errorCode"] == "1425-400"


def test_member_that_nobody_documents_is_rejected(client: Client) -> None:
    assert refusal(client, xdm_body(client) | {"sourceConnectionId": "x"})


def test_version_of_a_mapping_may_be_a_text(client: Client) -> None:
    body = raw_body(client)
    body["transformations"][0]["params"]["mappingVersion"] = "0"

    assert client.create("flows", body)
