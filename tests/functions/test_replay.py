"""Replayed webhooks through the handlers: what reaches the inlet, and how often."""

from copy import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from bridge.adapters.aws.sqs import SqsBuffer
from bridge.sources.configured import RESUMED
from inlet_bridge.cli.replay import sending_of
from inlet_bridge.operations.bodies.kept_bodies import KeptBodies
from inlet_bridge.operations.configuration.sources import Configuration
from inlet_bridge.operations.replay.failed import FailedRecords
from inlet_bridge.operations.replay.failed_replay import FailedReplay, still_failed
from inlet_bridge.operations.replay.outcomes import Outcome
from inlet_bridge.operations.replay.run import Run, Selection, new_id
from tests.support.body_requests import JSON, declare, messages, request
from tests.support.delivery_cloud import DeliveryCloud
from tests.support.http_requests import send
from tests.support.replayed_cloud import Keeper, deployed, entities, fail, forward_all, replay

SPLIT = [{"Flow": "orders", "Map": {"n": "body.n", "at": "received_at"}, "When": "body.n"}]


@pytest.fixture
def keeper(monkeypatch: pytest.MonkeyPatch) -> Keeper:
    return Keeper(monkeypatch)


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
    assert sum(sum(each.get("Replayed", ())) for each in cloud.lines()) == len(before)
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


def test_kept_webhooks_are_read_and_only_what_failed_is_sent(cloud: DeliveryCloud) -> None:
    """With the bodies that the receiver keeps, through the table."""
    declare(cloud, "hooks", KeepBodies="7", Routes=[{"Flow": "orders", "Map": {"n": "body.n"}}])
    bodies = [b'{"n": %d, "x": "%s"}' % (number, b"x" * 9_000 * number) for number in range(3)]
    send(cloud, *(request("hooks", body, JSON) for body in bodies))
    before = entities(cloud)
    account = deployed(cloud)
    kept = KeptBodies(account)

    tally = replay(cloud, kept)
    forward_all(cloud)

    assert tally.outcomes == {Outcome.SENT: 3}
    assert entities(cloud, 3) == before
    failed = next(each for each in cloud.records() if each["delivery_id"].startswith("content:"))
    fail(cloud, failed)
    count = len(cloud.adobe.ledger.received)
    run = Run(new_id(datetime.now(UTC)), "failed", "stack", Selection(), 1_000)
    process = FailedReplay(
        run,
        FailedRecords(account),
        kept,
        Configuration(account),
        sending_of(account, run, still_failed(run), dry_run=False),
        None,
    )

    assert list(process.steps()) == [1]
    forward_all(cloud)

    assert process.tally.outcomes == {Outcome.SENT: 1}
    [sent] = entities(cloud, count)
    assert sent in before
