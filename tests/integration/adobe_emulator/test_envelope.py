"""What the emulated inlet makes of single messages."""

from typing import Any

import pytest
import requests

from adobe_emulator.server import serving
from adobe_emulator.settings import DATASET_ID, Behavior
from tests.support.adobe_client import SCHEMA_REF, Chain, Client, xdm_message

RAW = {"order": {"id": 7}, "header": "a webhook may have such a member"}
UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def raw(client: Client) -> Chain:
    made = client.chain("raw", dataType="raw")
    client.adobe.settle()
    return made


def reason(answer: requests.Response) -> str:
    assert answer.status_code == 400
    assert answer.json()["title"] == "Invalid XDM Message Format"
    message: str = answer.json()["report"]["message"]
    return message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("schemaRef", None),
        ("schemaRef", {"id": SCHEMA_REF["id"]}),
        ("schemaRef", {**SCHEMA_REF, "id": "https://ns.adobe.com/x/schemas/1"}),
        ("schemaRef", {**SCHEMA_REF, "contentType": "application/json"}),
        ("imsOrgId", None),
        ("imsOrgId", "ANOTHER@AdobeOrg"),
        ("datasetId", None),
        ("datasetId", "000000000000000000000000"),
        ("flowId", None),
        ("flowId", UNKNOWN_ID),
        ("flowId", 7),
        ("msgType", "xdmEntityCreate"),
        ("xdmSchema", {"name": "_xdm.context.profile"}),
    ],
)
def test_wrong_header_is_rejected_single_and_in_a_batch(
    client: Client, chain: Chain, name: str, value: Any
) -> None:
    message = xdm_message(client.adobe, chain)
    message["header"][name] = value
    single = reason(client.send(chain.inlet_url, message))
    batch = client.send(chain.batch_url, {"messages": [message]}).json()["responses"]

    assert single.startswith(f"inletId: [{chain.inlet_id}] imsOrgId: [")
    assert batch[0]["message"] == single
    assert client.adobe.ledger.received == ()


@pytest.mark.parametrize("name", ["schemaRef", "imsOrgId", "datasetId", "flowId"])
def test_every_documented_header_is_mandatory(client: Client, chain: Chain, name: str) -> None:
    message = xdm_message(client.adobe, chain)
    del message["header"][name]

    assert reason(client.send(chain.inlet_url, message))


@pytest.mark.parametrize(
    "body",
    [
        {"xdmEntity": {}},
        {"xdmMeta": {"schemaRef": SCHEMA_REF}},
        {"xdmMeta": {"schemaRef": SCHEMA_REF}, "xdmEntity": []},
        {"xdmMeta": {"schemaRef": {**SCHEMA_REF, "id": "x"}}, "xdmEntity": {}},
    ],
)
def test_wrong_body_is_rejected(client: Client, chain: Chain, body: dict[str, Any]) -> None:
    message = xdm_message(client.adobe, chain) | {"body": body}

    assert reason(client.send(chain.inlet_url, message)).endswith("unknown xdm format")


def test_schema_that_is_not_that_of_the_dataset_is_rejected(client: Client, chain: Chain) -> None:
    message = xdm_message(client.adobe, chain)
    other = {**SCHEMA_REF, "id": "https://ns.adobe.com/x/schemas/1"}
    message["header"]["schemaRef"] = message["body"]["xdmMeta"]["schemaRef"] = other

    assert reason(client.send(chain.inlet_url, message)).endswith("unknown xdm format")


@pytest.mark.parametrize("part", ["header", "body"])
def test_header_and_body_are_mandatory(client: Client, chain: Chain, part: str) -> None:
    message = xdm_message(client.adobe, chain)
    del message[part]

    assert reason(client.send(chain.inlet_url, message)) == (
        f"The '{part}' field is mandatory. Provide a valid '{part}' value and try again."
    )


def test_missing_source_is_fine(client: Client, chain: Chain) -> None:
    message = xdm_message(client.adobe, chain)
    del message["header"]["source"]
    client.send(chain.inlet_url, message)

    assert len(client.adobe.ledger.received) == 1


def test_source_without_a_name_is_acknowledged_and_fails_later(
    client: Client, chain: Chain
) -> None:
    message = xdm_message(client.adobe, chain)
    message["header"]["source"] = {}
    answer = client.send(chain.inlet_url, message)

    assert answer.status_code == 200
    assert client.adobe.ledger.lost[0].reason == "Payload header is missing Source Name"
    assert client.adobe.ledger.received == ()


def test_flow_of_another_inlet_is_rejected(client: Client, chain: Chain) -> None:
    other = client.chain("other")
    client.adobe.settle()
    message = xdm_message(client.adobe, other)

    assert "another inlet" in reason(client.send(chain.inlet_url, message))


def test_request_must_not_name_another_flow_than_the_message(client: Client, chain: Chain) -> None:
    message = xdm_message(client.adobe, chain)
    same = client.send(chain.inlet_url, message, **{"x-adobe-flow-id": chain.flow})
    other = client.send(chain.inlet_url, message, **{"x-adobe-flow-id": UNKNOWN_ID})

    assert same.status_code == 200
    assert "another flow" in reason(other)


def test_bare_xdm_is_rejected(client: Client, chain: Chain) -> None:
    answer = client.send(chain.inlet_url, {"_id": "1"}, **{"x-adobe-flow-id": chain.flow})

    assert "'header' field is mandatory" in reason(answer)


def test_bare_xdm_is_taken_when_it_was_asked_for() -> None:
    with (
        serving(Behavior(accept_bare_xdm=True)) as adobe,
        requests.Session() as session,
    ):
        client = Client(adobe, session)
        chain = client.chain()
        adobe.settle()
        client.send(chain.inlet_url, {"_id": "1"}, **{"x-adobe-flow-id": chain.flow})

        assert [r.content for r in adobe.ledger.received] == [b'{"_id": "1"}']


def test_raw_is_taken_as_it_is_when_the_header_names_the_flow(client: Client, raw: Chain) -> None:
    answer = client.send(raw.inlet_url, RAW, **{"x-adobe-flow-id": raw.flow})

    assert answer.status_code == 200
    assert [r.flow_id for r in client.adobe.ledger.received] == [raw.flow]


def test_raw_is_taken_when_the_query_names_the_flow(client: Client, raw: Chain) -> None:
    answer = client.send(f"{raw.inlet_url}?x-adobe-flow-id={raw.flow}", RAW)

    assert answer.status_code == 200


@pytest.mark.parametrize("flow_id", [None, UNKNOWN_ID])
def test_raw_without_a_known_flow_is_rejected(
    client: Client, raw: Chain, flow_id: str | None
) -> None:
    headers = {"x-adobe-flow-id": flow_id} if flow_id else {}

    assert "flow id" in reason(client.send(raw.inlet_url, RAW, **headers))


@pytest.mark.parametrize("content", [[], "text", 7, None])
def test_raw_must_be_an_object(client: Client, raw: Chain, content: Any) -> None:
    answer = client.send(raw.inlet_url, content, **{"x-adobe-flow-id": raw.flow})

    assert reason(answer)


def test_raw_may_come_in_an_envelope(client: Client, raw: Chain) -> None:
    header = {
        "flowId": raw.flow,
        "imsOrgId": client.adobe.tenant.org_id,
        "datasetId": DATASET_ID,
    }
    message = {"header": header, "body": RAW}
    single = client.send(raw.inlet_url, message)
    batch = client.send(raw.batch_url, {"messages": [message, message]})

    assert single.status_code == 200
    assert all("status" not in item for item in batch.json()["responses"])
    assert len(client.adobe.ledger.received) == 3


def test_raw_in_a_batch_needs_the_envelope(client: Client, raw: Chain) -> None:
    headers = {"x-adobe-flow-id": raw.flow}
    answer = client.send(raw.batch_url, {"messages": [{"order": 7}]}, **headers)

    assert answer.json()["responses"][0]["message"].startswith("The 'header' field is mandatory")
    assert client.adobe.ledger.received == ()
