"""Replays of what the handlers received, by an operator of the same account."""

from collections.abc import Iterator
from copy import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from bridge.adapters.aws.delivery_items import key_item, open_entry
from bridge.delivery.delivery import Delivery
from bridge.delivery.record import State
from bridge.messages.fan_out import FanOutResult, fan_out
from bridge.receiving import intake
from inlet_bridge.cli.replay import sending_of
from inlet_bridge.operations.configuration.sources import Configuration
from inlet_bridge.operations.replay.kept import Kept
from inlet_bridge.operations.replay.outcomes import Tally
from inlet_bridge.operations.replay.replay import Replay, not_since
from inlet_bridge.operations.replay.routing import Routing
from inlet_bridge.operations.replay.run import Run, Selection, new_id
from tests.support.delivery_cloud import DeliveryCloud


class Keeper:
    """Keeps the webhooks that the receiver accepts, as the table of kept bodies does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.webhooks: list[Delivery] = []

        def keep(*arguments: Any) -> FanOutResult:
            found = fan_out(*arguments)
            self.webhooks.append(found.whole)
            kept = (replace(each, kept=found.whole.key) for each in found.deliveries)
            return found._replace(deliveries=tuple(kept))

        monkeypatch.setattr(intake, "fan_out", keep)

    def between(self, source: str, since: datetime, until: datetime) -> Iterator[Delivery]:
        return (each for each in self.webhooks if since <= each.received_at <= until)

    def count(self, source: str, since: datetime, until: datetime) -> int:
        return len(self.webhooks)

    def find(self, source: str, received_at: datetime, key: str) -> Delivery | None:
        return next((each for each in self.webhooks if each.key == key), None)


def deployed(cloud: DeliveryCloud) -> Any:
    """The operator's view of the same account."""
    return SimpleNamespace(
        stack="inlet-bridge-dev",
        prefix="/inlet-bridge/dev",
        parameters={"RecordDays": "8", "Stage": "dev"},
        deliveries=cloud.table,
        buffer=cloud.buffer,
        sources=["hooks"],
        dynamodb=boto3.client("dynamodb"),
        sqs=boto3.client("sqs"),
        ssm=boto3.client("ssm"),
        s3=boto3.client("s3"),
        kept_bodies=cloud.kept.table,
        kept_bodies_bucket=cloud.kept.bucket,
    )


def replay(cloud: DeliveryCloud, keeper: Kept, to: str = "", **selection: Any) -> Tally:
    """Replay what was kept of the source."""
    account = deployed(cloud)
    configuration = Configuration(account)
    chosen = Selection(source="hooks", to=to, **selection)
    run = Run(new_id(datetime.now(UTC)), "replay", "stack", chosen, 1_000)
    sending = sending_of(account, run, not_since(run), dry_run=False)
    destination = configuration.destination(to) if to else None
    routing = Routing(configuration.source("hooks"), to, destination)
    process = Replay(account, run, keeper, routing, sending, None)
    for _ in process.steps():
        pass
    return process.tally


def forward_all(cloud: DeliveryCloud) -> None:
    while cloud.depth()["ready"]:
        cloud.forward_what_waits()


def entities(cloud: DeliveryCloud, first: int = 0) -> list[bytes]:
    """The bytes of each message from a position on, in an order of their own."""
    return sorted(each.content for each in cloud.adobe.ledger.received[first:])


def fail(cloud: DeliveryCloud, record: dict[str, str]) -> None:
    """Record that Adobe rejected a delivery."""
    key = (record["source"], record["delivery_id"])
    received_at = datetime.fromisoformat(record["received_at"])
    entry = open_entry(record["delivery_id"], received_at, State.FAILED)
    values = {"#state": {"S": State.FAILED}, **{f"#{name}": each for name, each in entry.items()}}
    boto3.client("dynamodb").update_item(
        TableName=cloud.table,
        Key=key_item(key),
        UpdateExpression="SET " + ", ".join(f"{name} = :{name[1:]}" for name in values),
        ExpressionAttributeNames={name: name[1:] for name in values},
        ExpressionAttributeValues={f":{name[1:]}": each for name, each in values.items()},
    )
