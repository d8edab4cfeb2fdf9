"""Webhooks of three senders in every state, as receiver and forwarder leave them behind."""

import json
from collections.abc import Callable
from copy import replace
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

import boto3

from bridge.adapters.aws.delivery_items import key_item, open_entry
from bridge.adapters.aws.dynamodb import DynamoDbDeliveries
from bridge.adapters.clock import utc_now
from bridge.delivery.dead_letter import DeadLetterInfo
from bridge.delivery.delivery import Delivery
from bridge.delivery.outcomes import DeadClass
from bridge.delivery.record import State
from bridge.idempotency_keys import id_key
from bridge.sources.route import Route, RouteTarget
from bridge.verification.declaration import declare_scheme
from tests.support import sample_webhooks as samples
from tests.support.moto_deployment import Bridge

SOURCES: Final = ("github", "stripe", "shopify")
KEEP_DAYS: Final = 30
_MAP: Final = json.dumps(
    {"eventType": "event_type", "commerce": {"order": {"purchaseID": "to_string(body.number)"}}}
)

type Alter = Callable[[str], str]


def unchanged(text: str) -> str:
    return text


@dataclass
class InspectedData:
    """Writes webhooks.

    Attributes:
        alter: changes each text that comes from outside before it is written.
        dead, failed, waiting, delivered: the deliveries in these states.
        refused: the request IDs of refused requests.
    """

    bridge: Bridge
    alter: Alter = unchanged
    dead: list[Delivery] = field(default_factory=list)
    failed: list[Delivery] = field(default_factory=list)
    waiting: list[Delivery] = field(default_factory=list)
    delivered: list[Delivery] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Let records be as old as they say."""
        self.bridge.deliveries = DynamoDbDeliveries(
            boto3.client("dynamodb"), self.bridge.table, utc_now, timedelta(days=8)
        )

    def configure(self) -> None:
        """Write the documents of the sources."""
        for name in SOURCES:
            declared = declare_scheme(name, None)
            source = replace(
                samples.source(),
                name=name,
                provider=name,
                scheme=declared.scheme,
                delivery_id=declared.delivery_id,
                event_type=declared.event_type,
                handshakes=declared.handshakes,
                routes=(Route((RouteTarget("events", _MAP),)),),
                keep_bodies=KEEP_DAYS,
            )
            boto3.client("ssm").put_parameter(
                Name=f"/inlet-bridge/dev/sources/{name}",
                Value=source.to_document(),
                Type="String",
                Overwrite=True,
            )

    def all_states(self) -> None:
        """Let each state have a webhook or two, received within the last hour."""
        self.configure()
        for number in range(6):
            self.deliver("github", "push", minutes=50 - 7 * number, number=number)
        for number in range(3):
            self.deliver("stripe", "invoice.paid", minutes=44 - 9 * number, number=10 + number)
        self.deliver("shopify", "orders/create", minutes=21, number=20)
        self.wait("shopify", "orders/updated", "the inlet responded 503", minutes=12, number=21)
        self.die("github", "issues", "the inlet responded 400: schema violation", number=30)
        self.fail("stripe", "charge.failed", "required key [purchaseID] not found", number=31)
        self.refuse("stripe", "401", "the signature does not match", minutes=4)
        self.refuse("github", "413", "the body has 1,048,577 bytes", minutes=3)
        self.refuse("gitlab", "404", "there is no such source", minutes=2)

    def deliver(
        self, source: str, event_type: str, *, minutes: int, number: int, size: int = 0
    ) -> Delivery:
        """Let a webhook have been delivered inline; `size` is that of a random field in bytes."""
        delivery = self._receive(source, event_type, minutes, number, token_hex(size // 2))
        xaction = self.alter(f"1764374{number:06}:{1 + number % 3}:25")
        self.bridge.deliveries.delivered(delivery, self.alter(samples.FLOW_ID), xaction)
        self._log(minutes, "Receiver", self._line("delivered", delivery, xaction_id=xaction))
        self.delivered.append(delivery)
        return delivery

    def wait(
        self, source: str, event_type: str, reason: str, *, minutes: int, number: int
    ) -> Delivery:
        """Let a webhook wait in the buffer after a failed attempt."""
        delivery = self._receive(source, event_type, minutes, number)
        self.bridge.deliveries.buffered(delivery, self.alter(reason))
        self._log(minutes, "Receiver", self._line("buffered", delivery, xaction_id=""))
        after = datetime.now(UTC) + timedelta(minutes=3)
        self.bridge.deliveries.postponed(delivery, self.alter(reason), after)
        line = self._line("postponed", delivery, reason=self.alter(reason), attempts=1)
        self._log(minutes - 1, "Forwarder", line)
        self.bridge.buffer.put(delivery, timedelta(0))
        self.waiting.append(delivery)
        return delivery

    def forward(self, delivery: Delivery) -> None:
        """Let the forwarder have delivered what waits."""
        xaction = self.alter(f"1764375000000:{len(self.delivered)}:25")
        self.bridge.deliveries.delivered_all([(delivery, xaction)], samples.FLOW_ID)
        ids = {"source": delivery.source, "delivery_id": delivery.delivery_id}
        line = {**ids, "xaction_id": xaction, "attempts": 2}
        self._log(
            0,
            "Forwarder",
            {"message": "delivered", "flow_id": samples.FLOW_ID, "deliveries": [line]},
        )
        self.waiting.remove(delivery)
        self.delivered.append(delivery)

    def die(self, source: str, event_type: str, reason: str, *, number: int) -> Delivery:
        """Let a webhook be in the dead-letter queue."""
        delivery = self._receive(source, event_type, 9, number)
        info = DeadLetterInfo(
            DeadClass.INVALID,
            self.alter(reason),
            attempts=3,
            died_at=datetime.now(UTC) - timedelta(minutes=8),
            received_at=delivery.received_at,
        )
        self._log(9, "Receiver", self._line("buffered", delivery, xaction_id=""))
        self.bridge.dead_letters.put(delivery.encode(), info)
        self.bridge.deliveries.dead(delivery, info)
        more = {"class": self.alter(info.kind), "reason": info.reason, "attempts": 3}
        self._log(8, "Forwarder", self._line("dead letter", delivery, **more))
        self.dead.append(delivery)
        return delivery

    def fail(self, source: str, event_type: str, reason: str, *, number: int) -> Delivery:
        """Let Adobe have rejected a delivered message, as the reconciler records it."""
        delivery = self.deliver(source, event_type, minutes=40, number=number)
        self.delivered.remove(delivery)
        values = {
            "state": State.FAILED.value,
            "failed_at": datetime.now(UTC).isoformat(),
            "failure": self.alter(reason),
            "batch": self.alter("01KB5X3F9Z"),
        }
        items: dict[str, Any] = {name: {"S": text} for name, text in values.items()}
        items |= open_entry(delivery.key, delivery.received_at, State.FAILED)
        boto3.client("dynamodb").update_item(
            TableName=self.bridge.table,
            Key=key_item((delivery.source, delivery.key)),
            UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in items),
            ExpressionAttributeNames={f"#{name}": name for name in items},
            ExpressionAttributeValues={f":{name}": value for name, value in items.items()},
        )
        self.failed.append(delivery)
        return delivery

    def refuse(self, source: str, status: str, reason: str, *, minutes: int) -> str:
        """Let a request have been refused; its ID."""
        request_id = self.alter(f"U{minutes:02}xYgKwLiAEJHw=")
        line = {"message": "refused", "source": self.alter(source), "status": status}
        self._log(
            minutes, "Receiver", {**line, "reason": self.alter(reason), "request_id": request_id}
        )
        self.refused.append(request_id)
        return request_id

    def _receive(
        self, source: str, event_type: str, minutes: int, number: int, filling: str = ""
    ) -> Delivery:
        """A webhook with its kept body; nothing is recorded of it yet."""
        at = datetime.now(UTC) - timedelta(minutes=minutes)
        delivery_id = self.alter(str(uuid5(NAMESPACE_URL, f"{source}/{number}")))
        body = {"number": number, "title": self.alter("Two tickets"), "note": self.alter("café")}
        body |= {"filling": filling} if filling else {}
        whole = Delivery(
            source,
            delivery_id,
            id_key(delivery_id),
            self.alter(event_type),
            "",
            at,
            at,
            json.dumps(body).encode(),
            headers={"user-agent": self.alter("Sender/1.0"), "content-type": "application/json"},
            kept=id_key(delivery_id),
        )
        self.bridge.kept_bodies.keep(whole, KEEP_DAYS)
        return replace(whole, flow="events")

    def _line(self, message: str, delivery: Delivery, **others: object) -> dict[str, Any]:
        ids = {"source": delivery.source, "delivery_id": delivery.delivery_id}
        return {"message": message, **ids, **others}

    def _log(self, minutes: int, function: str, line: dict[str, Any]) -> None:
        self.bridge.log(function, line, ago=timedelta(minutes=minutes))
