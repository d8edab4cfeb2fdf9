"""A client of the emulated data lake: sends to the dataset of events and reads its batches."""

import json
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import urlencode

from adobe_emulator.settings import EVENTS_DATASET_ID
from adobe_emulator.xdm_schemas import EVENTS_SCHEMA_ID
from tests.support.adobe_client import CONTENT_TYPE, DATA_LAKE, Chain, Client, flow_body

REFERENCE = {"id": EVENTS_SCHEMA_ID, "contentType": CONTENT_TYPE}
EVENT: dict[str, Any] = {"_id": "a", "timestamp": "2026-11-24T12:00:00Z"}
EVENTS_PATH = f"/catalog/dataSets/{EVENTS_DATASET_ID}"


class LakeClient:
    """Sends events through one flow of its own."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.chain = cache(self._chain)

    def _chain(self) -> Chain:
        connection = self.client.connection("events")
        source = self.client.source(connection)
        target = self.client.create(
            "targetConnections",
            {
                "name": "events target",
                "connectionSpec": DATA_LAKE,
                "data": {"schema": {"id": EVENTS_SCHEMA_ID, "version": CONTENT_TYPE}},
                "params": {"dataSetId": EVENTS_DATASET_ID},
            },
        )
        flow = self.client.create("flows", flow_body(source, target))
        self.client.adobe.settle()
        inlet = self.client.read("connections", connection)["auth"]["params"]
        return Chain(connection, source, target, flow, inlet["inletId"], inlet["inletUrl"])

    def message(self, entity: Any) -> dict[str, Any]:
        return {
            "header": {
                "schemaRef": REFERENCE,
                "imsOrgId": self.client.adobe.tenant.org_id,
                "datasetId": EVENTS_DATASET_ID,
                "flowId": self.chain().flow,
            },
            "body": {"xdmMeta": {"schemaRef": REFERENCE}, "xdmEntity": entity},
        }

    def send(self, *entities: Any) -> list[str]:
        """Send a batch of entities, which the inlet accepts; return their xactionIds."""
        messages = {"messages": [self.message(entity) for entity in entities]}
        answer = self.client.send(self.chain().batch_url, messages)
        assert answer.status_code == 207
        return [each["xactionId"] for each in answer.json()["responses"]]

    def foreign(
        self, records: list[Any], dataset: str = EVENTS_DATASET_ID, *, upload: bool = False
    ) -> None:
        """Let another producer send records."""
        self.control("lake/records", {"dataset": dataset, "records": records, "upload": upload})

    def control(self, name: str, document: dict[str, Any]) -> Any:
        answer = self.client.control("POST", name, json=document)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def counts(self, dataset: str = EVENTS_DATASET_ID) -> dict[str, Any]:
        counted: dict[str, Any] = self.client.control("GET", "lake").json()["datasets"][dataset]
        return counted

    def advance(self, by: timedelta) -> None:
        self.client.adobe.clock.advance(by)

    def batches(self, **query: Any) -> list[dict[str, Any]]:
        """The batches of the dataset of events, in the order of the response."""
        text = urlencode({"dataSet": EVENTS_DATASET_ID} | query, safe=":,")
        answer = self.client.platform("GET", f"/catalog/batches?{text}")
        assert answer.status_code == 200, answer.text
        return list(answer.json().values())

    def complete(self) -> list[dict[str, Any]]:
        """The batches after their window and their processing."""
        behavior = self.client.adobe.behavior
        self.advance(behavior.batch_window + behavior.batch_delay)
        return self.batches()

    def failed_records(self, batch_id: str) -> list[dict[str, Any]]:
        """The records of all files of a batch."""
        listed = self.client.platform("GET", f"/export/batches/{batch_id}/failed").json()
        names = [each["name"] for each in listed["data"] if each["name"] != "_SUCCESS"]
        return [json.loads(line) for name in names for line in self.lines(batch_id, name)]

    def lines(self, batch_id: str, name: str) -> list[str]:
        answer = self.client.platform("GET", f"/export/batches/{batch_id}/failed?path={name}")
        assert answer.status_code == 200, answer.text
        return answer.text.splitlines()
