"""From an empty sandbox to an ingested event that is mapped: one file, made from samples."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from typer.testing import CliRunner

from inlet_bridge.cli.main import app
from inlet_bridge.template_reading.yaml_reader import read_text
from tests.support.delivery_cloud import DeliveryCloud, delivery_cloud
from tests.support.provisioner_cloud import EMPTY_SANDBOX
from tests.support.webhook_events import SECRETS, body_of, event, signed

SECRET = "/inlet-bridge/dev/secrets/github"
MAPPED = ("action", "issue", "repository")


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeliveryCloud]:
    with delivery_cloud(monkeypatch, EMPTY_SANDBOX) as cloud:
        yield cloud


def sources_file(tmp_path: Path, *samples: bytes) -> dict[str, Any]:
    """The resources of the file that `inlet schema from` prints, by type."""
    files = []
    for number, sample in enumerate(samples):
        files.append(tmp_path / f"{number}.json")
        files[-1].write_bytes(sample)
    options = ["--name", "github", "--provider", "github", "--tenant", "emulated"]
    result = CliRunner().invoke(app, ["schema", "from", *map(str, files), *options])
    assert result.exit_code == 0, result.output
    document = read_text(result.output, Path("sources.yaml")).content
    resources = document["Resources"].values()
    return {each["Type"]: each["Properties"] for each in resources}


def deploy(cloud: DeliveryCloud, resources: dict[str, Any]) -> None:
    """What a deployment of the file asks of the provisioner, one request for each resource."""
    boto3.client("ssm").put_parameter(
        Name=SECRET, Value=SECRETS["github"], Type="SecureString", Overwrite=True
    )
    connection = {**resources["Custom::StreamingConnection"], "SettlingSeconds": "0"}
    answer = cloud.provisioned.ask(action="apply", connection=connection)
    assert answer["ok"], answer["error"]
    source = resources["Custom::WebhookSource"]
    source |= {"Connection": connection["Name"], "Secrets": [SECRET], "KeepBodies": "0"}
    answer = cloud.provisioned.ask(action="apply", source=source)
    assert answer["ok"], answer["error"]
    assert answer["warnings"] == []
    cloud.adobe.settle()
    cloud.restart()


def test_webhook_is_ingested_as_an_event_of_the_new_schema(
    cloud: DeliveryCloud, tmp_path: Path
) -> None:
    sample = body_of(event("github-signed"))
    deploy(cloud, sources_file(tmp_path, sample))
    (dataset_id,) = cloud.adobe.datasets.created

    assert cloud.receive(signed("github-signed")).status == 200
    cloud.adobe.ledger.validate()
    [(_, counted)] = cloud.adobe.lake.counts()[dataset_id].items()
    assert counted["failed"] == 0
    assert sum(counted.values()) == 1
    [received] = cloud.adobe.ledger.received
    entity = json.loads(received.content)["body"]["xdmEntity"]
    assert entity["eventType"] == "issues"
    assert {"_id", "timestamp"} <= entity.keys()
    document = json.loads(sample)
    mapped = entity["_emulated"]
    for name in MAPPED & document.keys():
        assert name in mapped
    assert mapped["action"] == document["action"]


def test_source_checks_its_messages_with_the_created_schema(
    cloud: DeliveryCloud, tmp_path: Path
) -> None:
    resources = sources_file(tmp_path, body_of(event("github-signed")))
    [route] = resources["Custom::WebhookSource"]["Routes"]
    route["Map"]["_emulated"]["action"] = "`7`"
    deploy(cloud, resources)

    assert cloud.receive(signed("github-signed")).status == 202
    cloud.forward_what_waits()
    [(_, reason)] = cloud.dead()
    assert "type at _emulated.action" in reason


def test_new_field_reaches_the_documents_of_sources(cloud: DeliveryCloud, tmp_path: Path) -> None:
    resources = sources_file(tmp_path, b'{"action": "opened"}')
    deploy(cloud, resources)
    [flow] = resources["Custom::StreamingConnection"]["Flows"]
    flow["Schema"]["Fields"]["login"] = "string"
    [route] = resources["Custom::WebhookSource"]["Routes"]
    route["Map"]["_emulated"]["login"] = "'mika'"
    deploy(cloud, resources)

    assert cloud.receive(signed("github-signed")).status == 200
    status = cloud.provisioned.ask(action="status", connection="github")
    assert status["connection"]["drift"] == []
