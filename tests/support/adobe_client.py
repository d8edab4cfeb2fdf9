"""A small client of the emulated Adobe services."""

import json
from dataclasses import dataclass
from typing import Any

import requests

from adobe_emulator.emulator import Adobe
from adobe_emulator.settings import DATASET_ID
from adobe_emulator.xdm_schemas import SCHEMA_ID
from tests.support.waiting import MAX_SECONDS

STREAMING = {"id": "bc7b00d6-623a-4dfc-9fdb-f1240aeadaeb", "version": "1.0"}
DATA_LAKE = {"id": "c604ff05-7f1a-43c0-8e18-33bf874cb11c", "version": "1.0"}
XDM_FLOW = {"id": "d8a6f005-7eaf-4153-983e-e8574508b877", "version": "1.0"}
MAPPED_FLOW = {"id": "c1a19761-d2c7-4702-b9fa-fe91f0613e81", "version": "1.0"}
CONTENT_TYPE = "application/vnd.adobe.xed-full+json;version=1"
SCHEMA_REF = {"id": SCHEMA_ID, "contentType": CONTENT_TYPE}
TARGET_DATA = {"format": "parquet_xdm", "schema": {"id": SCHEMA_ID, "version": CONTENT_TYPE}}
MAPPING_SET = {
    "outputSchema": {"schemaRef": SCHEMA_REF},
    "mappings": [{"sourceType": "ATTRIBUTE", "source": "order.id", "destination": "_id"}],
}
SECONDS = MAX_SECONDS


@dataclass(frozen=True, slots=True)
class Chain:
    """The ids of a connection with one flow."""

    connection: str
    source: str
    target: str
    flow: str
    inlet_id: str
    inlet_url: str

    @property
    def batch_url(self) -> str:
        """Where batches go."""
        return self.inlet_url.replace("/collection/", "/collection/batch/")


class Client:
    """An HTTP client of one emulated Adobe. Its defaults are valid requests."""

    def __init__(self, adobe: Adobe, session: requests.Session) -> None:
        self.adobe = adobe
        self.session = session

    def headers(self) -> dict[str, str]:
        """The headers that the gateway requires, with a new token."""
        tenant = self.adobe.tenant
        return {
            "Authorization": f"Bearer {self.adobe.ims.mint()}",
            "x-api-key": tenant.client_id,
            "x-gw-ims-org-id": tenant.org_id,
            "x-sandbox-name": tenant.sandbox,
        }

    def platform(self, method: str, path: str, **options: Any) -> requests.Response:
        """Call the platform below `/data/foundation`; `headers` come on top."""
        headers = self.headers() | options.pop("headers", {})
        url = f"{self.adobe.url}/data/foundation{path}"
        return self.session.request(method, url, headers=headers, timeout=SECONDS, **options)

    def flows(self, method: str, path: str, **options: Any) -> requests.Response:
        """Call Flow Service."""
        return self.platform(method, f"/flowservice/{path}", **options)

    def create(self, kind: str, body: dict[str, Any]) -> str:
        """Create a valid object and return its id."""
        response = self.flows("POST", kind, json=body)
        assert response.status_code == 201, response.text
        return str(response.json()["id"])

    def read(self, kind: str, object_id: str) -> dict[str, Any]:
        """Read an existing object."""
        response = self.flows("GET", f"{kind}/{object_id}")
        assert response.status_code == 200, response.text
        item: dict[str, Any] = response.json()["items"][0]
        return item

    def connection(self, name: str = "orders", **params: Any) -> str:
        """Create a base connection."""
        return self.create("connections", connection_body(name, **params))

    def source(self, connection: str) -> str:
        """Create a source connection."""
        return self.create("sourceConnections", source_body(connection))

    def target(self) -> str:
        """Create a target connection."""
        return self.create("targetConnections", target_body())

    def mapping_set(self) -> str:
        """Create a mapping set."""
        response = self.platform("POST", "/conversion/mappingSets", json=MAPPING_SET)
        return str(response.json()["id"])

    def chain(self, name: str = "orders", **params: Any) -> Chain:
        """Create everything from the base connection to the flow."""
        connection = self.connection(name, **params)
        source, target = self.source(connection), self.target()
        mapping = self.mapping_set() if params.get("dataType") == "raw" else None
        flow = self.create("flows", flow_body(source, target, mapping))
        inlet = self.read("connections", connection)["auth"]["params"]
        return Chain(connection, source, target, flow, inlet["inletId"], inlet["inletUrl"])

    def send(self, url: str, content: Any, **headers: str) -> requests.Response:
        """POST to an inlet without a token: bytes as they are, other content as JSON."""
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        headers = {"Content-Type": "application/json"} | headers
        return self.session.post(url, body, headers=headers, timeout=SECONDS)

    def control(self, method: str, name: str, **options: Any) -> requests.Response:
        """Call an endpoint of the emulator itself."""
        url = f"{self.adobe.url}/_emulator/{name}"
        return self.session.request(method, url, timeout=SECONDS, **options)


def connection_body(label: str = "orders", **params: Any) -> dict[str, Any]:
    """A base connection with these parameters."""
    return {
        "name": label,
        "connectionSpec": STREAMING,
        "auth": {
            "specName": "Streaming Connection",
            "params": {"dataType": "xdm", "sourceId": label, "name": label, **params},
        },
    }


def source_body(connection: str) -> dict[str, Any]:
    """A source connection that is fine."""
    return {
        "name": "orders source",
        "baseConnectionId": connection,
        "connectionSpec": STREAMING,
        "data": {"format": "json"},
    }


def target_body() -> dict[str, Any]:
    """A target connection that is fine."""
    return {
        "name": "orders target",
        "connectionSpec": DATA_LAKE,
        "data": TARGET_DATA,
        "params": {"dataSetId": DATASET_ID},
    }


def flow_body(source: str, target: str, mapping_set: str | None = None) -> dict[str, Any]:
    """A flow with or without a mapping."""
    body: dict[str, Any] = {
        "name": "orders flow",
        "flowSpec": MAPPED_FLOW if mapping_set else XDM_FLOW,
        "sourceConnectionIds": [source],
        "targetConnectionIds": [target],
    }
    if mapping_set:
        params = {"mappingId": mapping_set, "mappingVersion": 0}
        body["transformations"] = [{"name": "Mapping", "params": params}]
    return body


def xdm_message(adobe: Adobe, chain: Chain, entity: Any = None) -> dict[str, Any]:
    """An enveloped message that is fine."""
    return {
        "header": {
            "schemaRef": dict(SCHEMA_REF),
            "imsOrgId": adobe.tenant.org_id,
            "datasetId": DATASET_ID,
            "flowId": chain.flow,
            "source": {"name": "orders"},
        },
        "body": {"xdmMeta": {"schemaRef": dict(SCHEMA_REF)}, "xdmEntity": entity or {"_id": "1"}},
    }
