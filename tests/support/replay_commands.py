"""A deployed bridge on moto whose source keeps bodies, and the commands that send them again."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from copy import replace
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from typer.testing import CliRunner

from bridge.adapters.aws.delivery_items import key_item, open_entry
from bridge.adapters.aws.dynamodb import DynamoDbDeliveries
from bridge.adapters.clock import utc_now
from bridge.delivery.delivery import Delivery
from bridge.delivery.record import State
from bridge.sources.route import Route, RouteTarget
from bridge.sources.source import Source
from inlet_bridge.cli.main import app
from inlet_bridge.operations.bodies.kept_bodies import KeptBodies
from tests.support import sample_webhooks as samples
from tests.support.moto_deployment import Bridge, deployed_bridge, received

REASON = "required at #/body/xdmEntity/loyaltyId: required key [loyaltyId] not found"
_READERS = ("replay", "failed", "failed_details")
MAPPED = (Route((RouteTarget("events", '{"a": "body.a"}'),)),)


@dataclass
class Commands:
    """What is deployed, and the kept bodies in memory."""

    bridge: Bridge
    webhooks: list[Delivery] = field(default_factory=list)

    def between(self, source: str, since: datetime, until: datetime) -> Iterator[Delivery]:
        mine = (each for each in self.webhooks if each.source == source)
        return (each for each in mine if since <= each.received_at <= until)

    def count(self, source: str, since: datetime, until: datetime) -> int:
        return sum(1 for _ in self.between(source, since, until))

    def find(self, source: str, received_at: datetime, key: str) -> Delivery | None:
        found = (each for each in self.webhooks if (each.source, each.key) == (source, key))
        return next((each for each in found if each.received_at == received_at), None)

    def store(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Keep the webhooks at AWS instead, and let the commands read them there."""
        for each in self.webhooks:
            self.bridge.kept_bodies.keep(replace(each, kept=each.key), 30)
        for module in _READERS:
            monkeypatch.setattr(f"inlet_bridge.cli.{module}.KeptBodies", KeptBodies)

    def configure(self, name: str = "github", **changes: Any) -> Source:
        """Write a source document."""
        source = replace(samples.source(), name=name, routes=MAPPED, keep_bodies=30)
        source = replace(source, **changes)
        boto3.client("ssm").put_parameter(
            Name=f"/inlet-bridge/dev/sources/{name}",
            Value=source.to_document(),
            Type="String",
            Overwrite=True,
        )
        return source

    def receive(self, delivery_id: str, *, source: str = "github", **changes: Any) -> Delivery:
        """Let a webhook have been received, kept and delivered; its delivery."""
        age = timedelta(minutes=len(self.webhooks))
        webhook = replace(received(delivery_id, source=source), flow="", **changes)
        webhook = replace(webhook, received_at=datetime.now(UTC) - timedelta(hours=2) + age)
        self.webhooks.append(webhook)
        delivery = replace(webhook, flow="events", kept=webhook.key)
        self.bridge.deliveries.delivered(delivery, "flow", f"x:{delivery_id}")
        return delivery

    def fail(self, delivery: Delivery, reason: str = REASON, **others: str) -> None:
        """Let Adobe have rejected a delivery, as the reconciliation records it."""
        values = {
            "state": State.FAILED.value,
            "failed_at": datetime.now(UTC).isoformat(),
            "failure": reason,
            "batch": "01ABC",
            **others,
        }
        entry = open_entry(delivery.key, delivery.received_at, State.FAILED)
        boto3.client("dynamodb").update_item(
            TableName=self.bridge.table,
            Key=key_item((delivery.source, delivery.key)),
            UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in values | entry),
            ExpressionAttributeNames={f"#{name}": name for name in values | entry},
            ExpressionAttributeValues={
                **{f":{name}": {"S": text} for name, text in values.items()},
                **{f":{name}": value for name, value in entry.items()},
            },
        )

    def record(self, delivery: Delivery) -> dict[str, str]:
        """The record of a delivery."""
        item: Any = boto3.client("dynamodb").get_item(
            TableName=self.bridge.table, Key=key_item((delivery.source, delivery.key))
        )["Item"]
        return {name: str(next(iter(value.values()))) for name, value in item.items()}


@contextmanager
def replay_commands(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[Commands]:
    """One whose source `github` keeps bodies, until the block ends."""
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    with deployed_bridge(monkeypatch) as bridge:
        # Its records do not expire before the command looks at them.
        bridge.deliveries = DynamoDbDeliveries(
            boto3.client("dynamodb"), bridge.table, utc_now, timedelta(days=8)
        )
        commands = Commands(bridge)
        commands.configure()
        for module in _READERS:
            monkeypatch.setattr(f"inlet_bridge.cli.{module}.KeptBodies", lambda _deployed: commands)
        yield commands


def run(*arguments: str, status: int = 0, answer: str = "") -> str:
    """Return the output of a command."""
    result = CliRunner().invoke(
        app, list(arguments), input=answer, env={"NO_COLOR": "1", "COLUMNS": "300"}
    )
    assert result.exit_code == status, result.output
    return " ".join(result.output.split())


def run_json(*arguments: str, status: int = 0) -> dict[str, Any]:
    """Return the document that a command prints."""
    document: dict[str, Any] = json.loads(run(*arguments, "--json", status=status))
    return document
