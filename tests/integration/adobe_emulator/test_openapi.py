"""What is sent to the emulated Adobe and what it answers, against Adobe's own OpenAPI files.

Where the files are known to be wrong, `test_openapi_exceptions.py` has the reason.
"""

import pytest
from jsonschema.exceptions import ValidationError

from adobe_emulator.xdm_schemas import SCHEMA_ID
from tests.support.adobe_client import (
    MAPPING_SET,
    Chain,
    Client,
    connection_body,
    flow_body,
    source_body,
    target_body,
    xdm_message,
)
from tests.support.adobe_openapi import (
    CATALOG,
    DATA_PREP,
    FLOW_SERVICE,
    INLET,
    ONE,
    RENAME,
    check_answer,
    check_request,
    statuses,
    validate,
    where_they_are,
)
from tests.support.lake_client import EVENT, LakeClient

pytestmark = where_they_are


def test_creating_is_as_in_the_file(client: Client) -> None:
    connection, target = client.connection("base"), client.target()
    source, raw = client.source(connection), client.source(client.connection(dataType="raw"))
    mapped = flow_body(raw, target, client.mapping_set())
    mapped["transformations"][0]["params"]["mappingVersion"] = "0"  # See the exceptions.
    bodies = [
        ("connections", connection_body("new")),
        ("sourceConnections", source_body(connection)),
        ("targetConnections", target_body()),
        ("flows", flow_body(source, target)),
        ("flows", mapped),
    ]
    for kind, body in bodies:
        check_request(FLOW_SERVICE, f"/{kind}", body)
        answer = client.flows("POST", kind, json=body)
        assert answer.status_code == 201
        check_answer(FLOW_SERVICE, f"/{kind}", "post", answer)


@pytest.mark.parametrize("kind", ONE)
def test_reading_is_as_in_the_file(client: Client, chain: Chain, kind: str) -> None:
    listed = client.flows("GET", kind)
    object_id = listed.json()["items"][0]["id"]

    check_answer(FLOW_SERVICE, f"/{kind}", "get", listed)
    check_answer(FLOW_SERVICE, f"/{kind}", "get", client.flows("GET", f"{kind}?count=true"))
    check_answer(FLOW_SERVICE, ONE[kind], "get", client.flows("GET", f"{kind}/{object_id}"))


@pytest.mark.parametrize("kind", ["connectionSpecs", "flowSpecs"])
def test_specs_are_as_in_the_file(client: Client, kind: str) -> None:
    check_answer(FLOW_SERVICE, f"/{kind}", "get", client.flows("GET", kind))


@pytest.mark.parametrize("kind", ["sourceConnections", "targetConnections", "flows"])
def test_deleting_is_as_in_the_file(client: Client, chain: Chain, kind: str) -> None:
    client.flows("DELETE", f"flows/{chain.flow}")
    object_id = client.source(chain.connection) if kind == "sourceConnections" else client.target()
    if kind == "flows":
        object_id = client.create("flows", flow_body(chain.source, object_id))

    check_answer(FLOW_SERVICE, ONE[kind], "delete", client.flows("DELETE", f"{kind}/{object_id}"))


def test_changing_a_flow_answers_as_in_the_file(client: Client, chain: Chain) -> None:
    headers = {"If-Match": client.read("flows", chain.flow)["etag"]}
    changed = client.flows("PATCH", f"flows/{chain.flow}", json=RENAME, headers=headers)
    disabled = client.flows("POST", f"flows/{chain.flow}/action?op=disable")

    assert changed.status_code == disabled.status_code == 200
    check_answer(FLOW_SERVICE, ONE["flows"], "patch", changed)
    check_answer(FLOW_SERVICE, f"{ONE['flows']}/action", "post", disabled)


def test_missing_token_answers_as_in_the_file(client: Client) -> None:
    answer = client.flows("GET", "connections", headers={"Authorization": None})

    assert answer.status_code == 403
    assert answer.status_code in statuses(FLOW_SERVICE, "/connections", "get")


def test_one_message_is_as_in_the_file(client: Client, chain: Chain) -> None:
    message = xdm_message(client.adobe, chain)
    answer = client.send(chain.inlet_url, message)

    check_request(INLET, "/collection/{CONNECTION_ID}", message)
    check_answer(INLET, "/collection/{CONNECTION_ID}", "post", answer)


def test_batch_is_as_in_the_file(client: Client, chain: Chain) -> None:
    batch = {"messages": [xdm_message(client.adobe, chain)] * 2}
    answer = client.send(chain.batch_url, batch)

    assert answer.status_code == 207
    check_request(INLET, "/collection/batch/{CONNECTION_ID}", batch)
    check_answer(INLET, "/collection/batch/{CONNECTION_ID}", "post", answer)


@pytest.mark.parametrize(
    "part", ["header", "header.schemaRef", "header.flowId", "body.xdmMeta", "body.xdmEntity"]
)
def test_fields_required_by_the_file_are_required(client: Client, chain: Chain, part: str) -> None:
    message = xdm_message(client.adobe, chain)
    *path, last = part.split(".")
    del (message[path[0]] if path else message)[last]
    answer = client.send(chain.inlet_url, message)

    with pytest.raises(ValidationError):
        check_request(INLET, "/collection/{CONNECTION_ID}", message)
    assert answer.status_code == 400


def test_mapping_sets_are_as_in_the_file(client: Client) -> None:
    check_request(DATA_PREP, "/mappingSets", MAPPING_SET)
    client.mapping_set()
    page = client.platform("GET", "/conversion/mappingSets?start=0&limit=1").json()
    for mapping_set in page["data"]:
        del mapping_set["createdDate"], mapping_set["modifiedDate"]  # See the exceptions.

    validate(DATA_PREP, statuses(DATA_PREP, "/mappingSets", "get")[200], page)


def test_validating_mappings_is_as_in_the_file(client: Client) -> None:
    check_request(DATA_PREP, "/mappingSets/validate", MAPPING_SET)
    answer = client.platform("POST", "/conversion/mappingSets/validate", json=MAPPING_SET).json()
    for verdict in answer["validationResponse"]:
        assert verdict.pop("errors") is None  # See the exceptions.

    validate(DATA_PREP, statuses(DATA_PREP, "/mappingSets/validate", "post")[200], answer)


def test_datasets_are_as_in_the_file(client: Client) -> None:
    body = {
        "name": "Orders",
        "description": "For the shop.",
        "schemaRef": {
            "id": SCHEMA_ID,
            "contentType": "application/vnd.adobe.xed-full+json;version=1",
        },
        "tags": {"unifiedProfile": ["enabled:true"]},
        "enableErrorDiagnostics": True,
    }
    check_request(CATALOG, "/dataSets", body)
    made = client.platform("POST", "/catalog/dataSets", json=body)
    check_answer(CATALOG, "/dataSets", "post", made)
    dataset_id = made.json()[0].removeprefix("@/dataSets/")
    client.adobe.datasets.ingest(dataset_id)

    listed = client.platform("GET", "/catalog/dataSets?name=Orders")
    check_answer(CATALOG, "/dataSets", "get", listed)
    one = client.platform("GET", f"/catalog/dataSets/{dataset_id}")
    check_answer(CATALOG, "/dataSets/{DATASET_ID}", "get", one)
    batches = client.platform("GET", f"/catalog/batches?dataSet={dataset_id}&limit=1")
    check_answer(CATALOG, "/batches", "get", batches)
    gone = client.platform("DELETE", f"/catalog/dataSets/{dataset_id}")
    check_answer(CATALOG, "/dataSets/{DATASET_ID}", "delete", gone)


def test_batches_with_errors_are_as_in_the_file(client: Client) -> None:
    lake = LakeClient(client)
    lake.send({"_id": "without a timestamp"}, EVENT)
    [staging] = lake.batches()
    path = f"/catalog/batches/{staging['id']}"
    check_answer(CATALOG, "/batches/{BATCH_ID}", "get", client.platform("GET", path))
    [complete] = lake.complete()
    check_answer(CATALOG, "/batches/{BATCH_ID}", "get", client.platform("GET", path))

    assert complete["errors"]
