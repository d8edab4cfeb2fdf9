"""Tests of `inlet drain`: queues of a deleted stack, and a new deployment of the stage on moto."""

import json
from collections.abc import Iterator
from copy import replace
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.client import BaseClient
from typer.testing import CliRunner

from bridge.delivery.delivery import Delivery
from inlet_bridge.cli.main import app
from inlet_bridge.operations.queues import retained_queue
from inlet_bridge.operations.queues.retained_queue import RetainedQueue
from tests.support.moto_deployment import NOW, Bridge, deployed_bridge, received, texts

EVENT = json.dumps({"id": "e-1", "source": "aws.s3", "detail-type": "Object Created"})

BUFFERED = ["deliveries", "github", "--state", "buffered"]


@dataclass
class Former:
    """The queues and the table that a deleted stack of the stage left."""

    buffer: str
    dead_letters: str
    events: str
    table: str

    def put(self, url: str, body: str, **attributes: str) -> None:
        boto3.client("sqs").send_message(
            QueueUrl=url,
            MessageBody=body,
            MessageAttributes={
                name: {"DataType": "String", "StringValue": value}
                for name, value in attributes.items()
            },
        )


@pytest.fixture
def bridge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    monkeypatch.setattr(retained_queue, "_LONG_POLL_SECONDS", 0)
    with deployed_bridge(monkeypatch) as bridge:
        yield bridge


@pytest.fixture
def former(bridge: Bridge) -> Former:
    sqs, dynamodb = boto3.client("sqs"), boto3.client("dynamodb")
    new = dynamodb.describe_table(TableName=bridge.table)["Table"]
    dynamodb.create_table(
        TableName="inlet-bridge-dev-Deliveries-0LD",
        KeySchema=new["KeySchema"],
        AttributeDefinitions=[
            each
            for each in new["AttributeDefinitions"]
            if each["AttributeName"] in {key["AttributeName"] for key in new["KeySchema"]}
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    buffer, dead_letters, events = (
        sqs.create_queue(QueueName=f"inlet-bridge-dev-{kind}-0LD")["QueueUrl"]
        for kind in ("Buffer", "DeadLetters", "Events")
    )
    return Former(buffer, dead_letters, events, "inlet-bridge-dev-Deliveries-0LD")


def run(*arguments: str, status: int = 0) -> str:
    """Return the output of `inlet drain`."""
    result = CliRunner().invoke(app, ["drain", *arguments], env={"NO_COLOR": "1"})
    assert result.exit_code == status, result.output
    return " ".join(result.output.split())


def depth(url: str) -> int:
    """Number of visible messages."""
    name = "ApproximateNumberOfMessages"
    answer: Any = boto3.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
    return int(answer["Attributes"][name])


def attributes_of(url: str) -> dict[str, str]:
    answer: Any = boto3.client("sqs").receive_message(
        QueueUrl=url, MessageAttributeNames=["All"], VisibilityTimeout=0
    )
    [message] = answer["Messages"]
    return {name: each["StringValue"] for name, each in message["MessageAttributes"].items()}


def test_buffered_webhooks_move_to_the_new_deployment(bridge: Bridge, former: Former) -> None:
    """As messages that may exist twice, whose retry period begins again."""
    for number in range(25):
        former.put(former.buffer, replace(received(f"d-{number}"), attempts=7).encode())

    assert "25 moved, 0 already delivered, 0 stay" in run(former.buffer)

    assert depth(former.buffer) == 0
    assert depth(bridge.buffer_url) == 25
    some = bridge.waiting()
    assert {(each.attempts, each.sends) for each in some} == {(0, 1)}
    assert all(each.buffered_at > NOW for each in some)
    [found] = bridge.deliveries.find([some[0]]).values()
    assert found.state == "buffered"


def test_moved_webhooks_are_listed_as_buffered(bridge: Bridge, former: Former) -> None:
    former.put(former.buffer, received("d-1").encode())
    run(former.buffer)

    listed = CliRunner().invoke(app, BUFFERED, env={"NO_COLOR": "1"})
    assert listed.exit_code == 0, listed.output
    assert "d-1" in listed.output


def test_dry_run_changes_nothing(bridge: Bridge, former: Former) -> None:
    former.put(former.buffer, received("d-1").encode())

    assert "1 would be moved" in run(former.buffer, "--dry-run")

    assert depth(former.buffer) == 1
    assert bridge.waiting() == []
    assert bridge.deliveries.find([received("d-1")]) == {}


def test_interrupted_run_loses_nothing_and_is_marked_for_one_delivery(
    bridge: Bridge, former: Former, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection ends after a batch was sent and before it was deleted."""
    former.put(former.buffer, received("d-1").encode())
    with monkeypatch.context() as patch:
        patch.setattr(RetainedQueue, "delete", lambda _, messages: _stop(list(messages)))
        result = CliRunner().invoke(app, ["drain", former.buffer])
        assert isinstance(result.exception, KeyboardInterrupt | SystemExit)
    assert depth(former.buffer) == 1

    run(former.buffer)

    copies = bridge.waiting()
    assert [each.delivery_id for each in copies] == ["d-1", "d-1"]
    # The forwarder reserves such a delivery in the table before it sends it.
    assert all(each.sends for each in copies)


def _stop(messages: list[object]) -> None:
    if messages:
        raise KeyboardInterrupt


def test_message_that_was_delivered_after_an_interrupted_run_is_not_moved_again(
    bridge: Bridge, former: Former
) -> None:
    former.put(former.buffer, received("d-1").encode())
    bridge.deliveries.delivered(received("d-1"), "flow", "1:2:3")

    assert "0 moved, 1 already delivered" in run(former.buffer)

    assert depth(former.buffer) == depth(bridge.buffer_url) == 0


def test_message_that_the_old_table_has_as_delivered_is_not_moved(
    bridge: Bridge, former: Former
) -> None:
    """The stack was deleted between the delivery and the deletion of the message."""
    client = boto3.client("dynamodb")
    bridge.deliveries.delivered(received("d-1"), "flow", "1:2:3")
    [item] = client.scan(TableName=bridge.table)["Items"]
    client.put_item(TableName=former.table, Item=item)
    client.delete_item(
        TableName=bridge.table, Key={name: item[name] for name in ("source", "delivery_id")}
    )
    former.put(former.buffer, received("d-1").encode())
    former.put(former.buffer, received("d-2").encode())

    assert "1 moved, 1 already delivered" in run(former.buffer, "--records", former.table)

    assert [each.delivery_id for each in bridge.waiting()] == ["d-2"]


def test_foreign_message_stays_and_is_counted(bridge: Bridge, former: Former) -> None:
    former.put(former.buffer, "an order of another application")
    former.put(former.buffer, received("d-1").encode())

    assert "1 moved, 0 already delivered, 1 stay" in run(former.buffer, status=1)

    assert texts(former.buffer) == ["an order of another application"]
    assert [each.delivery_id for each in bridge.waiting()] == ["d-1"]


def test_dead_letters_move_with_their_class_and_reason(bridge: Bridge, former: Former) -> None:
    former.put(
        former.dead_letters, received("d-1").encode(), **{"class": "expired", "reason": "503"}
    )
    former.put(former.dead_letters, "foreign")

    assert "1 moved, 0 already delivered, 1 stay" in run(former.dead_letters, status=1)

    assert bridge.dead() == {"d-1"}
    assert attributes_of(bridge.dead_letters_url) == {"class": "expired", "reason": "503"}


def test_event_that_sqs_gave_up_moves_to_the_queue_of_events(
    bridge: Bridge, former: Former, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Moto does not return the attribute with the queue that it comes from."""
    take = RetainedQueue.take

    def with_origin(queue: RetainedQueue) -> list[Any]:
        arn = "arn:aws:sqs:eu-central-1:123456789012:inlet-bridge-dev-Events-0LD"
        return [{**each, "Attributes": {"DeadLetterQueueSourceArn": arn}} for each in take(queue)]

    monkeypatch.setattr(RetainedQueue, "take", with_origin)
    former.put(former.dead_letters, EVENT)

    assert "1 moved" in run(former.dead_letters)

    assert texts(bridge.events_url) == [EVENT]


def test_events_move_with_their_attributes(bridge: Bridge, former: Former) -> None:
    former.put(former.events, EVENT, source="uploads")

    assert "1 moved" in run(former.events)

    assert texts(bridge.events_url) == [EVENT]
    assert attributes_of(bridge.events_url) == {"source": "uploads"}


def test_queue_that_is_no_queue_of_a_bridge_is_refused(bridge: Bridge) -> None:
    url = boto3.client("sqs").create_queue(QueueName="orders")["QueueUrl"]

    assert "orders is not a queue of a bridge" in run(url, status=1)
    assert "cannot be read" in run(f"{bridge.buffer_url}-GONE", status=1)


def test_queue_of_the_deployment_itself_is_refused(bridge: Bridge) -> None:
    bridge.buffer.put(received("d-1"), timedelta(0))

    assert "is in use by a deployment" in run(bridge.buffer_url, status=1)
    assert len(bridge.waiting()) == 1


@pytest.mark.parametrize("kind", ["buffer", "dead_letters", "events"])
def test_queue_of_another_deployment_is_refused(
    bridge: Bridge, former: Former, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Its forwarder still reads the buffer and the queue of events."""
    sqs: Any = boto3.client("sqs")
    answer = sqs.get_queue_attributes(QueueUrl=former.dead_letters, AttributeNames=["QueueArn"])
    policy = {"deadLetterTargetArn": answer["Attributes"]["QueueArn"], "maxReceiveCount": 1_000}
    for url in (former.buffer, former.events):
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": json.dumps(policy)})
    former.put(getattr(former, kind), received("d-1").encode())
    call = BaseClient._make_api_call  # type: ignore[attr-defined] # noqa: SLF001

    def as_read(self: BaseClient, operation: str, given: dict[str, Any]) -> Any:
        if operation == "ListEventSourceMappings":
            name = given["EventSourceArn"].rpartition(":")[2]
            read = name in {url.rpartition("/")[2] for url in (former.buffer, former.events)}
            return {"EventSourceMappings": [{"UUID": "1"}] if read else []}
        return call(self, operation, given)

    monkeypatch.setattr(BaseClient, "_make_api_call", as_read)

    assert "is in use by a deployment" in run(getattr(former, kind), status=1)
    assert depth(getattr(former, kind)) == 1


def test_redriven_dead_letter_of_a_new_table_has_a_complete_record(
    bridge: Bridge, former: Former
) -> None:
    former.put(former.dead_letters, received("d-1").encode(), **{"class": "expired"})
    run(former.dead_letters)

    redriven = CliRunner().invoke(app, ["dead-letters", "redrive"])
    assert redriven.exit_code == 0, redriven.output

    listed = CliRunner().invoke(app, BUFFERED, env={"NO_COLOR": "1"})
    assert "d-1" in listed.output, listed.output
    [waiting] = bridge.waiting()
    assert isinstance(waiting, Delivery)
