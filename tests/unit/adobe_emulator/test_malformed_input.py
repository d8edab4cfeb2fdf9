"""Whatever is sent, the emulated Adobe answers as a service does: it never breaks."""

import json
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adobe_emulator import data_prep, flow_service, inlet
from adobe_emulator.clock import Clock
from adobe_emulator.emulator import Adobe
from adobe_emulator.exchange import Call, RefusedError, Response
from adobe_emulator.resources import Kind
from adobe_emulator.settings import DATASET_ID, Behavior, Tenant
from adobe_emulator.xdm_schemas import SCHEMA_ID

type Handler = Callable[[Adobe, Call], Response]

STREAMING = {"id": "bc7b00d6-623a-4dfc-9fdb-f1240aeadaeb", "version": "1.0"}
DATA_LAKE = {"id": "c604ff05-7f1a-43c0-8e18-33bf874cb11c", "version": "1.0"}
SPECS = {
    "xdm": {"id": "d8a6f005-7eaf-4153-983e-e8574508b877", "version": "1.0"},
    "raw": {"id": "c1a19761-d2c7-4702-b9fa-fe91f0613e81", "version": "1.0"},
}
SCHEMA_REF = {
    "id": SCHEMA_ID,
    "contentType": "application/vnd.adobe.xed-full+json;version=1",
}
MAPPING_SET = {
    "outputSchema": {"schemaRef": SCHEMA_REF},
    "mappings": [{"sourceType": "ATTRIBUTE", "source": "a", "destination": "_id"}],
}

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


def call(
    body: Any, parameters: Mapping[str, str], headers: Mapping[str, str] | None = None
) -> Call:
    content = json.dumps(body).encode()
    return Call("POST", parameters, (), headers or {}, content)


def created(adobe: Adobe, kind: Kind, body: dict[str, Any]) -> str:
    answer = flow_service.create(adobe, call(body, {"kind": kind}))
    object_id: str = json.loads(answer.body)["id"]
    return object_id


class Harness:
    """An Adobe with a chain, and every body that it takes."""

    def __init__(self, data_type: str) -> None:
        self.adobe = Adobe("http://localhost", Tenant(), Behavior(), Clock(), 0)
        mapping = json.loads(data_prep.create_mapping_set(self.adobe, call(MAPPING_SET, {})).body)
        self.bodies: dict[Kind, dict[str, Any]] = {}
        ids: dict[Kind, str] = {}
        for kind in Kind:
            self.bodies[kind] = self._body(kind, data_type, mapping["id"], ids)
            ids[kind] = created(self.adobe, kind, self.bodies[kind])
        connection = self.adobe.resources.all(Kind.CONNECTIONS)[0]
        self.inlet = {"inlet": connection.document["auth"]["params"]["inletId"]}
        self.flow = ids[Kind.FLOWS]
        self.message = {
            "header": {
                "schemaRef": SCHEMA_REF,
                "imsOrgId": self.adobe.tenant.org_id,
                "datasetId": DATASET_ID,
                "flowId": self.flow,
                "source": {"name": "x"},
            },
            "body": {"xdmMeta": {"schemaRef": SCHEMA_REF}, "xdmEntity": {}},
        }

    @staticmethod
    def _body(kind: Kind, data_type: str, mapping: str, ids: dict[Kind, str]) -> dict[str, Any]:
        match kind:
            case Kind.CONNECTIONS:
                auth = {"specName": "Streaming Connection", "params": {"dataType": data_type}}
                return {"name": "n", "connectionSpec": STREAMING, "auth": auth}
            case Kind.SOURCE_CONNECTIONS:
                base = ids[Kind.CONNECTIONS]
                return {"name": "n", "connectionSpec": STREAMING, "baseConnectionId": base}
            case Kind.TARGET_CONNECTIONS:
                schema = {"id": SCHEMA_ID, "version": SCHEMA_REF["contentType"]}
                data = {"format": "parquet_xdm", "schema": schema}
                params = {"dataSetId": DATASET_ID}
                return {"name": "n", "connectionSpec": DATA_LAKE, "data": data, "params": params}
            case Kind.FLOWS:
                mapped = {"name": "Mapping", "params": {"mappingId": mapping, "mappingVersion": 0}}
                return {
                    "name": "n",
                    "flowSpec": SPECS[data_type],
                    "sourceConnectionIds": [ids[Kind.SOURCE_CONNECTIONS]],
                    "targetConnectionIds": [ids[Kind.TARGET_CONNECTIONS]],
                    "transformations": [mapped] if data_type == "raw" else [],
                }


def places(document: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a document, the whole included."""
    yield path
    match document:
        case dict():
            members = list(document.items())
        case list():
            members = list(enumerate(document))
        case _:
            members = []
    for key, value in members:
        yield from places(value, (*path, key))


def replaced(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    document = deepcopy(document)
    parent = document
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = value
    return document


def spoilt(data: st.DataObject, document: Any) -> Any:
    """The document with anything at one of its places."""
    path = data.draw(st.sampled_from(list(places(document))))
    return replaced(document, path, data.draw(anything))


def status(handler: Handler, adobe: Adobe, request: Call) -> int:
    try:
        return handler(adobe, request).status
    except RefusedError as exc:
        return exc.response.status


@pytest.mark.parametrize("data_type", ["xdm", "raw"])
@pytest.mark.parametrize("kind", Kind)
@given(data=st.data())
def test_spoilt_object_is_created_or_rejected(
    kind: Kind, data_type: str, data: st.DataObject
) -> None:
    harness = Harness(data_type)
    body = spoilt(data, {**harness.bodies[kind], "description": "d"})

    assert status(flow_service.create, harness.adobe, call(body, {"kind": kind})) in {201, 400}


@given(data=st.data())
def test_spoilt_patch_is_applied_or_rejected(data: st.DataObject) -> None:
    harness = Harness("raw")
    flow = harness.adobe.resources.all(Kind.FLOWS)[0]
    (mapping,) = flow.document["transformations"]
    good = [
        {"op": "add", "path": "/scheduleParams", "value": {}},
        {"op": "replace", "path": "/transformations/0", "value": mapping},
    ]
    parameters = {"kind": Kind.FLOWS, "id": flow.id}
    request = call(spoilt(data, good), parameters, {"if-match": flow.etag})

    assert status(flow_service.patch, harness.adobe, request) in {200, 400}


@given(data=st.data())
def test_spoilt_mapping_set_is_created_or_rejected(data: st.DataObject) -> None:
    harness = Harness("raw")
    request = call(spoilt(data, MAPPING_SET), {})

    assert status(data_prep.create_mapping_set, harness.adobe, request) in {200, 400}


@pytest.mark.parametrize("data_type", ["xdm", "raw"])
@given(data=st.data())
def test_spoilt_message_is_received_or_rejected_and_always_booked(
    data_type: str, data: st.DataObject
) -> None:
    harness = Harness(data_type)
    headers = {"content-type": "application/json", "x-adobe-flow-id": harness.flow}
    message = spoilt(data, harness.message)
    single = call(message, harness.inlet, headers)
    batch = call({"messages": [message, harness.message]}, harness.inlet, headers)
    statuses = [
        status(inlet.collect, harness.adobe, single),
        status(inlet.collect_batch, harness.adobe, batch),
    ]
    ledger = harness.adobe.ledger

    assert statuses[0] in {200, 400}
    assert statuses[1] == 207
    assert len(ledger.received) + len(ledger.lost) + len(ledger.refused) == 3
