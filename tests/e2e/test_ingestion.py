"""The loop is closed: Adobe rejects what it accepted, which is found, corrected and sent again."""

import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from typer.testing import CliRunner, Result

from adobe_emulator.settings import EVENTS_DATASET_ID
from adobe_emulator.xdm_schemas import EVENTS_SCHEMA_ID
from inlet_bridge.cli.main import app
from inlet_bridge.local.samples import Sample
from inlet_bridge.local.scenario import Variation, Webhook
from inlet_bridge.local.stack import STACK, STAGE
from inlet_bridge.local.verdict import Message
from tests.support.alarm_evaluation import CHECKS, HOUR, NAMESPACE, template_alarms
from tests.support.built_artifacts import shipped
from tests.support.cloudwatch_alarms import Samples, State
from tests.support.deployment import Deployment, deployed
from tests.support.waiting import MAX_SECONDS, eventually

SOURCE = "loop"
CONNECTION = {
    "Name": SOURCE,
    "Flows": [{"Name": "events", "DatasetId": EVENTS_DATASET_ID, "SchemaId": EVENTS_SCHEMA_ID}],
}
WEBHOOKS = 1_000
TEXTS = 137
"""How many webhooks have their number as a text, which the schema rejects."""


def source(number: str) -> dict[str, Any]:
    """A source whose messages are sent although they do not fit their schema."""
    return {
        "Name": SOURCE,
        "Provider": "github",
        "Secrets": [f"/inlet-bridge/{STAGE}/secrets/github"],
        "Connection": SOURCE,
        "KeepBodies": 7,
        "Routes": [
            {
                "Flow": "events",
                "Map": {"eventType": "'order'", "_emulated": {"number": number}},
                "Invalid": "send",
            }
        ],
    }


@pytest.fixture
def loop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A deployment of its own, with a source whose Map has a mistake."""
    folder = tmp_path_factory.mktemp("ingestion")
    with deployed(folder, shipped(tmp_path_factory)) as deployment:
        deployment.invoke_provisioner({"action": "apply", "connection": CONNECTION})
        deployment.invoke_provisioner({"action": "apply", "source": source("body.number")})
        assert '"ok": true' in deployment.answers[-1]
        yield deployment


def test_what_adobe_rejects_is_found_corrected_and_sent_again(loop: Deployment) -> None:
    with ThreadPoolExecutor(8) as threads:
        statuses = Counter(threads.map(lambda number: send(loop, number), range(WEBHOOKS)))
    assert statuses == {200: WEBHOOKS}
    assert eventually(lambda: lake(loop) == {"ingested": WEBHOOKS - TEXTS, "failed": TEXTS})

    assert eventually(lambda: reconciled(loop) == TEXTS)
    assert rings(TEXTS)
    failed = json.loads(inlet(loop, "failed", "list", "--source", SOURCE, "--json").output)
    assert failed["total"] == TEXTS
    assert {each["flow"] for each in failed["failed"]} == {"events"}
    assert balance(loop) == {"delivered": WEBHOOKS - TEXTS, "failed": TEXTS}

    loop.bridge.provisioner.apply_source(source("number(body.number)"))
    replayed = inlet(loop, "failed", "replay", "--source", SOURCE)
    assert replayed.exit_code == 0, replayed.output
    assert eventually(lambda: lake(loop) == {"ingested": WEBHOOKS, "failed": TEXTS})
    assert eventually(lambda: balance(loop) == {"delivered": WEBHOOKS})
    assert reconciled(loop) == 0
    assert not rings(0)
    # Each message of the replay is one of those that failed, and was sent once more.
    assert Counter(messages(loop).values()) == {1: WEBHOOKS - TEXTS, 2: TEXTS}


def send(loop: Deployment, number: int) -> int:
    """Send a webhook; the first ones have their number as a text."""
    body = json.dumps({"number": str(number) if number < TEXTS else number}).encode()
    webhook = Webhook(
        Sample("github/push", "github", "push", body), Variation.NONE, f"loop-{number}"
    )
    return loop.bridge.api.send(webhook, to=SOURCE).status


def inlet(loop: Deployment, *arguments: str) -> Result:
    """Run a command on the deployment."""
    environ = loop.bridge.stack.cloud.environ()
    return CliRunner().invoke(app, [*arguments, "--stack", STACK], env=environ)


def lake(loop: Deployment) -> dict[str, int]:
    """The records of the source's flow that Adobe ingested and that failed."""
    found = requests.get(f"{loop.bridge.adobe.emulator}/_emulator/lake", timeout=MAX_SECONDS).json()
    path = f"connections/{SOURCE}/flows/events/flow_id"
    flow_id = loop.bridge.parameters.below(f"connections/{SOURCE}")[path]
    counts = found["datasets"][EVENTS_DATASET_ID]["flows"].get(flow_id, {})
    return {name: number for name, number in counts.items() if name != "pending" or number}


def reconciled(loop: Deployment) -> int:
    """Read Adobe's batches; return how many rejected messages need attention."""
    ended = inlet(loop, "ingested", "--now", "--json")
    return int(json.loads(ended.output)["rejected"])


def rings(number: int) -> bool:
    """Whether the alarm rings if the metric has this value every hour."""
    dimensions = frozenset(CHECKS["RejectedByAdobe"][1].items())
    samples = Samples()
    for minute in range(0, 30 * HOUR, HOUR):
        samples.add((NAMESPACE, "RejectedByAdobe", dimensions), minute, number)
    states = template_alarms()["RejectedByAdobeAlarm"].states(samples, 30 * HOUR)
    return [state for _, state in states][-1] is State.ALARM


def balance(loop: Deployment) -> dict[str, int]:
    """The records of the source by their state."""
    records = loop.bridge.deliveries.records()
    return Counter(each.state for (name, _), each in records.items() if name == SOURCE)


def messages(loop: Deployment) -> Counter[str]:
    """How often the inlet took each message of the source, by its `_id`."""
    ledger = loop.bridge.adobe.ledger()
    received = map(Message.from_ledger, ledger["received"] + ledger["lost"])
    entities = (json.loads(message.content)["body"]["xdmEntity"] for message in received)
    return Counter(each["_id"] for each in entities if each.get("eventType") == "order")
