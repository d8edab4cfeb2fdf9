"""A deployed bridge on moto with webhooks that were received, for the pages of the inspector."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import replace
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import boto3
import pytest

from bridge.adapters.aws.dynamodb import DynamoDbDeliveries
from bridge.delivery.delivery import Delivery
from bridge.idempotency_keys import part_key
from bridge.sources.route import Route, RouteTarget
from bridge.sources.source import Source
from tests.support.replay_commands import Commands, replay_commands

_STACK_SOURCE: Final = "github"


@dataclass
class Inspected:
    """What is deployed, and what was received."""

    commands: Commands
    unmapped: tuple[Route, ...] = (Route((RouteTarget("events"),)),)
    unfitting: tuple[Route, ...] = (Route((RouteTarget("events", '{"a": "sum(body.a)"}'),)),)

    @property
    def deliveries(self) -> DynamoDbDeliveries:
        return self.commands.bridge.deliveries

    def configure(self, **changes: Any) -> Source:
        return self.commands.configure(_STACK_SOURCE, **changes)

    def settle_until(self, until: datetime) -> None:
        source = self.configure()
        flows = {name: replace(flow, ready_at=until) for name, flow in source.flows.items()}
        self.configure(flows=flows)

    def receive(
        self,
        delivery_id: str,
        *,
        source: str = _STACK_SOURCE,
        is_kept: bool = True,
        is_recorded: bool = True,
        is_delivered: bool = True,
        **changes: Any,
    ) -> Delivery:
        """Let a webhook have been received ten minutes ago, and be kept; its delivery."""
        at = datetime.now(UTC) - timedelta(minutes=10)
        values = {"key": f"id:{delivery_id}", "body": b'{"a": 1, "b": "x"}', **changes}
        webhook = Delivery(
            source=source,
            delivery_id=delivery_id,
            event_type=values.pop("event_type", "issues"),
            flow="",
            received_at=at,
            buffered_at=at,
            kept=values["key"],
            **values,
        )
        if is_kept:
            self.commands.bridge.kept_bodies.keep(webhook, 30)
        delivery = webhook._replace(flow="events", kept=webhook.key if is_kept else "")
        if is_recorded and is_delivered:
            self.deliveries.delivered(delivery, "flow", f"x:{delivery_id}")
        return delivery

    def receive_split(self, delivery_id: str, body: bytes, parts: int = 2) -> None:
        """Let a webhook have become several deliveries."""
        whole = self.receive(delivery_id, body=body, is_recorded=False)
        self.deliveries.split(whole._replace(flow=""), parts)
        for position in range(parts):
            name, key = f"{delivery_id}/{position}", part_key(whole.key, position)
            part = whole._replace(delivery_id=name, key=key)
            self.deliveries.delivered(part, "flow", f"x:{name}")

    def fail(self, delivery: Delivery, *reason: str, **others: str) -> None:
        self.commands.fail(delivery, *reason, **others)

    def logged(
        self,
        function: str,
        message: str,
        delivery_id: str,
        *,
        source: str = _STACK_SOURCE,
        at: datetime | None = None,
        **fields: Any,
    ) -> None:
        """Let a function have logged a line about a delivery, by default when it came."""
        ago = datetime.now(UTC) - at if at else timedelta(minutes=10)
        line: Mapping[str, Any] = {"source": source, "delivery_id": delivery_id, **fields}
        self.commands.bridge.log(function, {"message": message, **line}, ago=ago)

    def record(self, delivery: Delivery) -> dict[str, str]:
        return self.commands.record(delivery)

    def stored_secret(self, name: str, value: str) -> None:
        boto3.client("ssm").put_parameter(
            Name=name, Value=value, Type="SecureString", Overwrite=True
        )


@contextmanager
def inspected(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[Inspected]:
    """A bridge whose source `github` keeps bodies, until the block ends."""
    with replay_commands(monkeypatch, folder) as commands:
        yield Inspected(commands)
