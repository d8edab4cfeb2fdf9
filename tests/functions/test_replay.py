"""Replayed webhooks through the handlers: what reaches the inlet, and how often."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from bridge.adapters.aws.sqs import SqsBuffer
from bridge.delivery.delivery import Delivery
from bridge.messages.fan_out import FanOutResult, fan_out
from bridge.receiving import intake
from bridge.sources.configured import RESUMED
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.pacing import Pacer
from inlet_bridge.operations.replay.outcomes import Outcome, Tally
from inlet_bridge.operations.replay.reopening import Reopening
from inlet_bridge.operations.replay.replay import Replay, not_since
from inlet_bridge.operations.replay.routing import Routing
from inlet_bridge.operations.replay.run import Run, Selection, new_id
from inlet_bridge.operations.replay.sending import Sending
from inlet_bridge.operations.sources import Configuration
from tests.support.body_requests import JSON, declare, messages, request
from tests.support.delivery_cloud import DeliveryCloud, delivery_cloud
from tests.support.http_requests import send

SPLIT = [{"Flow": "orders", "Map": {"n": "body.n", "at": "received_at"}, "When": "body.n"}]


class Keeper:
    """Keeps the webhooks that the receiver accepts, as the table of kept bodies does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.webhooks: list[Delivery] = []

        def keep(*arguments: Any) -> FanOutResult:
            found = fan_out(*arguments)
            self.webhooks.append(found.whole)
            kept = (replace(each, kept=found.whole.key) for each in found.deliveries)
            return replace(found, deliveries=tuple(kept))

        monkeypatch.setattr(intake, "fan_out", keep)

    def between(self, source: str, since: datetime, until: datetime) -> Iterator[Delivery]:
        return (each for each in self.webhooks if since <= each.received_at <= until)

    def count(self, source: str, since: datetime, until: datetime) -> int:
        return len(self.webhooks)

    def find(self, source: str, received_at: datetime, key: str) -> Delivery | None:
        return next((each for each in self.webhooks if each.key == key), None)


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeliveryCloud]:
    with delivery_cloud(monkeypatch) as cloud:
        yield cloud


@pytest.fixture
def keeper(monkeypatch: pytest.MonkeyPatch) -> Keeper:
    return Keeper(monkeypatch)


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
    )


def replay(cloud: DeliveryCloud, keeper: Keeper, to: str = "", **selection: Any) -> Tally:
    """Replay what was kept of the source."""
    account = deployed(cloud)
    configuration = Configuration(account)
    chosen = Selection(source="hooks", to=to, **selection)
    run = Run(new_id(datetime.now(UTC)), "replay", "stack", chosen, 1_000)
    buffer = SqsBuffer(account.sqs, account.buffer)
    sending = Sending(Reopening(account), buffer, run.run_id, not_since(run), Pacer(1_000))
    destination = configuration.destination(to) if to else None
    routing = Routing(configuration.source("hooks"), to, destination)
    process = Replay(account, run, keeper, routing, sending, None)
    for _ in process.steps():
        pass
    return process.tally


def forward_all(cloud: DeliveryCloud) -> None:
    while cloud.depth()["ready"]:
        cloud.forward_what_waits()


def entities(cloud: DeliveryCloud, first: int = 0) -> list[str]:
    """The bytes of each message's content from a position on, in an order of their own."""
    received = cloud.adobe.ledger.received[first:]
    return sorted(json.dumps(json.loads(each.content), sort_keys=True) for each in received)


@pytest.mark.parametrize(
    "properties",
    [
        {"Routes": [{"Flow": "orders"}]},
        {"Routes": [{"Flow": "orders", "Map": {"n": "body.n", "id": "delivery_id"}}]},
        {"Routes": SPLIT, "Split": "body.items"},
        {"Privacy": {"Hash": ["n"]}},
    ],
    ids=["plain", "mapped", "split", "private"],
)
def test_replayed_messages_are_what_they_were(
    cloud: DeliveryCloud, keeper: Keeper, properties: dict[str, Any]
) -> None:
    """With their `_id` and their timestamps, although they are sent later."""
    declare(cloud, "hooks", **properties)
    bodies = [b'{ "n" : "%d", "items":[{"n":1},{"n":2.50}]}' % number for number in range(3)]
    send(cloud, *(request("hooks", body, JSON) for body in bodies))
    forward_all(cloud)
    before = entities(cloud)
    assert before

    tally = replay(cloud, keeper)
    forward_all(cloud)

    assert entities(cloud, len(before)) == before
    assert tally.outcomes == {Outcome.SENT: len(before)}
    replayed = [each for each in cloud.records() if each.get("replay")]
    assert len(replayed) == len(before)
    assert {each["state"] for each in replayed} == {"delivered"}
    assert all(each["replayed_at"] <= each["delivered_at"] for each in replayed)


def test_replay_uses_a_configuration_that_the_forwarder_has_not_read_yet(
    cloud: DeliveryCloud, keeper: Keeper
) -> None:
    """It caches a source for a minute, and what is replayed is replayed because of a change."""
    declare(cloud, "hooks", Routes=[{"Flow": "orders", "Map": {"old": "body.n"}}])
    send(cloud, request("hooks", b'{"n": 1}', JSON))
    replay(cloud, keeper)
    forward_all(cloud)
    declare(cloud, "hooks", Routes=[{"Flow": "orders", "Map": {"new": "body.n"}}])

    replay(cloud, keeper)
    forward_all(cloud)

    assert [sorted({"old", "new"} & set(each)) for each in messages(cloud)] == [
        ["old"],
        ["old"],
        ["new"],
    ]


def test_webhook_that_waits_is_sent_once(cloud: DeliveryCloud, keeper: Keeper) -> None:
    declare(cloud, "hooks", Delivery="queued")
    send(cloud, request("hooks", b'{"n": 1}', JSON))

    tally = replay(cloud, keeper)
    forward_all(cloud)

    assert tally.outcomes == {Outcome.WAITING: 1}
    assert len(messages(cloud)) == 1


def test_older_copy_in_the_buffer_is_sent_in_place_of_the_replay(
    cloud: DeliveryCloud, keeper: Keeper
) -> None:
    """A forwarder ended after it had sent the delivery to the buffer again."""
    declare(cloud, "hooks", Delivery="queued")
    send(cloud, request("hooks", b'{"n": 1}', JSON))
    [waits] = cloud.buffered()
    copy = replace(waits, sends=1)
    boto3.client("sqs").purge_queue(QueueUrl=cloud.buffer)
    buffer = SqsBuffer(boto3.client("sqs"), cloud.buffer)
    buffer.put(waits, timedelta(0))
    forward_all(cloud)
    buffer.put(copy, timedelta(0))

    replay(cloud, keeper)
    forward_all(cloud)

    assert len(messages(cloud)) == 2
    [record] = cloud.records()
    assert record["replay"]


def test_paused_source_keeps_replayed_webhooks(cloud: DeliveryCloud, keeper: Keeper) -> None:
    declare(cloud, "hooks")
    send(cloud, request("hooks", b'{"n": 1}', JSON))
    name = "/inlet-bridge/dev/sources/hooks/paused"
    boto3.client("ssm").put_parameter(Name=name, Value="now", Type="String")

    replay(cloud, keeper)
    forward_all(cloud)

    assert len(messages(cloud)) == 1
    assert cloud.depth()["later"] == 1
    boto3.client("ssm").put_parameter(Name=name, Value=RESUMED, Type="String", Overwrite=True)


def other_connection(cloud: DeliveryCloud, **properties: Any) -> None:
    answer = cloud.provisioned.send("connection-create", Name="other", **properties)
    assert answer["Status"] == "SUCCESS", answer["Reason"]
    cloud.adobe.settle()


def test_replay_to_a_flow_of_another_connection_keeps_the_message(
    cloud: DeliveryCloud, keeper: Keeper
) -> None:
    declare(cloud, "hooks", Routes=[{"Flow": "orders", "Map": {"n": "body.n"}}])
    send(cloud, request("hooks", b'{"n": 1}', JSON), request("hooks", b'{"n": 2}', JSON))
    other_connection(cloud)
    before = messages(cloud)

    tally = replay(cloud, keeper, to="other/orders")
    forward_all(cloud)

    assert tally.outcomes == {Outcome.SENT: 2}
    sent = cloud.adobe.ledger.received[len(before) :]
    assert sorted(messages(cloud, len(before)), key=str) == sorted(before, key=str)
    flow_id = cloud.provisioned.parameters()[
        "/inlet-bridge/dev/connections/other/flows/orders/flow_id"
    ]
    assert {json.loads(each.content)["header"]["flowId"] for each in sent} == {flow_id}
    records = {each["delivery_id"]: each for each in cloud.records()}
    assert sum(key.startswith("target:other/orders/") for key in records) == 2
    assert {each["state"] for each in records.values()} == {"delivered"}


def test_unknown_flow_is_refused_before_anything_is_sent(
    cloud: DeliveryCloud, keeper: Keeper
) -> None:
    declare(cloud, "hooks")
    send(cloud, request("hooks", b'{"n": 1}', JSON))

    for name in ("orders/none", "none/orders", "orders", "../orders", "orders/orders/x"):
        with pytest.raises(OperationError, match="is not CONNECTION/FLOW") as caught:
            replay(cloud, keeper, to=name)
        assert "orders/orders" in caught.value.hint
    assert cloud.depth() == {"ready": 0, "later": 0, "taken": 0}


def test_connection_that_is_gone_when_the_message_is_sent_makes_a_dead_letter(
    cloud: DeliveryCloud, keeper: Keeper
) -> None:
    declare(cloud, "hooks")
    send(cloud, request("hooks", b'{"n": 1}', JSON))
    other_connection(cloud)
    replay(cloud, keeper, to="other/orders")
    names = [name for name in cloud.provisioned.parameters() if "/connections/other/" in name]
    for name in names:
        boto3.client("ssm").delete_parameter(Name=name)

    forward_all(cloud)

    [(_, why)] = cloud.dead()
    assert "there is no connection with a flow of this name" in why
