"""A deployed source whose Map has a mistake, and what became of its webhooks on both sides."""

import json
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import requests
from typer.testing import CliRunner, Result

from adobe_emulator.settings import EVENTS_DATASET_ID
from adobe_emulator.xdm_schemas import EVENTS_SCHEMA_ID
from inlet_bridge.cli.main import app
from inlet_bridge.local.samples import Sample
from inlet_bridge.local.scenario import Variation, Webhook
from inlet_bridge.local.stack import STACK, STAGE
from inlet_bridge.local.verdict import Message
from tests.support.deployment import Deployment
from tests.support.waiting import MAX_SECONDS


@dataclass(frozen=True)
class IngestionLoop:
    """A source with a connection and a flow of its own.

    Attributes:
        name: of the source and of its connection.
    """

    deployment: Deployment
    name: str

    def create(self, number: str) -> None:
        """Apply the connection, and the source whose number is this expression."""
        flow = {"Name": "events", "DatasetId": EVENTS_DATASET_ID, "SchemaId": EVENTS_SCHEMA_ID}
        for what, document in (
            ("connection", {"Name": self.name, "Flows": [flow], "SettlingSeconds": "0"}),
            ("source", self._source(number)),
        ):
            self.deployment.invoke_provisioner({"action": "apply", what: document})
            assert '"ok": true' in self.deployment.answers[-1]

    def mend(self, number: str) -> None:
        """Apply the source with another expression."""
        self.deployment.bridge.provisioner.apply_source(self._source(number))

    def _source(self, number: str) -> dict[str, Any]:
        """A source whose messages are sent although they do not fit their schema."""
        return {
            "Name": self.name,
            "Provider": "github",
            "Secrets": [f"/inlet-bridge/{STAGE}/secrets/github"],
            "Connection": self.name,
            "KeepBodies": 7,
            "Routes": [
                {
                    "Flow": "events",
                    "Map": {"eventType": f"'{self.name}'", "_emulated": {"number": number}},
                    "Invalid": "send",
                }
            ],
        }

    def send(self, count: int, *, texts: int) -> None:
        """Send webhooks that are accepted; so many have their number as a text."""
        with ThreadPoolExecutor(8) as threads:
            statuses = Counter(threads.map(lambda each: self._send(each, texts), range(count)))
        assert statuses == {200: count}

    def _send(self, number: int, texts: int) -> int:
        body = json.dumps({"number": str(number) if number < texts else number}).encode()
        sample = Sample("github/push", "github", "push", body)
        webhook = Webhook(sample, Variation.NONE, f"{self.name}-{number}")
        return self.deployment.bridge.api.send(webhook, to=self.name).status

    def inlet(self, *arguments: str) -> Result:
        """Run a command on the deployment."""
        environ = self.deployment.bridge.stack.cloud.environ()
        return CliRunner().invoke(app, [*arguments, "--stack", STACK], env=environ)

    def document(self, *arguments: str) -> Any:
        """What a command prints as JSON."""
        return json.loads(self.inlet(*arguments, "--json").output)

    def lake(self) -> Mapping[str, int]:
        """The records of the flow that Adobe ingested and that failed."""
        url = f"{self.deployment.bridge.adobe.emulator}/_emulator/lake"
        datasets = requests.get(url, timeout=MAX_SECONDS).json()["datasets"]
        path = f"connections/{self.name}/flows/events/flow_id"
        flow_id = self.deployment.bridge.parameters.below(f"connections/{self.name}")[path]
        counts = datasets[EVENTS_DATASET_ID]["flows"].get(flow_id, {})
        return {name: number for name, number in counts.items() if name != "pending" or number}

    def balance(self) -> Mapping[str, int]:
        """The records of the source by their state."""
        records = self.deployment.bridge.deliveries.records()
        return Counter(each.state for (name, _), each in records.items() if name == self.name)

    def messages(self) -> Counter[str]:
        """How often the inlet took each message of the source, by its `_id`."""
        ledger = self.deployment.bridge.adobe.ledger()
        received = map(Message.from_ledger, ledger["received"] + ledger["lost"])
        entities = (json.loads(message.content)["body"]["xdmEntity"] for message in received)
        return Counter(each["_id"] for each in entities if each.get("eventType") == self.name)
