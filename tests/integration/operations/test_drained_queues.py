"""Which queues are drained: of events too, and none that a deployment uses."""

import json
from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.client import BaseClient

from inlet_bridge.operations.queues.retained_queue import RetainedQueue
from tests.support.former_queues import Former, attributes_of, depth, run
from tests.support.moto_deployment import Bridge, received, texts

EVENT = json.dumps({"id": "e-1", "source": "aws.s3", "detail-type": "Object Created"})


@pytest.fixture
def given_up(former: Former, monkeypatch: pytest.MonkeyPatch) -> None:
    """An event that SQS gave up; moto does not return the attribute with its queue."""
    take = RetainedQueue.take

    def with_origin(queue: RetainedQueue) -> list[Any]:
        arn = "arn:aws:sqs:eu-central-1:123456789012:inlet-bridge-dev-Events-0LD"
        return [{**each, "Attributes": {"DeadLetterQueueSourceArn": arn}} for each in take(queue)]

    monkeypatch.setattr(RetainedQueue, "take", with_origin)
    former.put(former.dead_letters, EVENT)


@pytest.mark.usefixtures("given_up")
def test_event_that_sqs_gave_up_moves_to_the_queue_of_events(
    bridge: Bridge, former: Former
) -> None:
    assert "1 moved" in run(former.dead_letters)

    assert texts(bridge.events_url) == [EVENT]


@pytest.mark.usefixtures("bridge", "given_up")
def test_event_that_sqs_gave_up_stays_with_the_reason_without_a_queue_of_events(
    former: Former,
) -> None:
    ssm = boto3.client("ssm")
    found = ssm.get_parameters_by_path(Path="/inlet-bridge/dev/queues")["Parameters"]
    ssm.delete_parameters(Names=[each["Name"] for each in found])

    said = run(former.dead_letters, status=1)

    assert "0 moved, 0 already delivered, 1 stay. Of what stays, events: 1." in said
    assert "Deploy sources.yaml with EventSourceName" in said
    assert "no message of the bridge" not in said
    assert depth(former.dead_letters) == 1


def test_names_of_stacks_may_have_the_words_of_the_queues(
    bridge: Bridge, former: Former, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A buffered webhook that SQS gave up is no event because its stack is named so."""
    take, names = RetainedQueue.take, "arn:aws:sqs:eu-central-1:123456789012:all-Events-dev"

    def with_origin(queue: RetainedQueue) -> list[Any]:
        origin = {"DeadLetterQueueSourceArn": f"{names}-Buffer-0LD"}
        return [{**each, "Attributes": origin} for each in take(queue)]

    sqs = boto3.client("sqs")
    buffer, dead_letters = (
        sqs.create_queue(QueueName=f"all-Events-dev-{kind}-0LD")["QueueUrl"]
        for kind in ("Buffer", "DeadLetters")
    )
    former.put(buffer, received("d-1").encode())
    former.put(dead_letters, received("d-2").encode(), **{"class": "expired"})

    said = run(buffer)
    assert "1 moved" in said
    assert "all-Events-dev-Buffer-0LD is not named after inlet-bridge-dev, whose sources" in said
    monkeypatch.setattr(RetainedQueue, "take", with_origin)
    assert "1 moved" in run(dead_letters)

    assert [each.delivery_id for each in bridge.waiting()] == ["d-1"]
    assert texts(bridge.events_url) == []
    assert depth(bridge.dead_letters_url) == 1


def test_events_move_with_their_attributes(bridge: Bridge, former: Former) -> None:
    former.put(former.events, EVENT, source="uploads")

    said = run(former.events)
    assert "1 moved" in said
    assert "is not named after" not in said

    assert texts(bridge.events_url) == [EVENT]
    assert attributes_of(bridge.events_url) == {"source": "uploads"}


def test_queue_that_is_no_queue_of_a_bridge_is_refused(bridge: Bridge) -> None:
    url = boto3.client("sqs").create_queue(QueueName="orders")["QueueUrl"]

    assert "orders is not a queue of a bridge" in run(url, status=1)
    assert "cannot be read" in run(f"{bridge.buffer_url}-GONE", status=1)


def test_queue_is_found_by_its_name(bridge: Bridge, former: Former) -> None:
    former.put(former.buffer, received("d-1").encode())

    assert "1 moved" in run("inlet-bridge-dev-Buffer-0LD")
    assert len(bridge.waiting()) == 1


@pytest.mark.usefixtures("bridge")
def test_name_that_no_queue_has_is_refused_with_what_is_taken() -> None:
    said = run("inlet-bridge-dev-Buffer", status=1)

    assert "there is no queue inlet-bridge-dev-Buffer" in said
    assert "Give the URL of the queue, or its whole name, which ends in a part that AWS" in said
    assert "is not a queue of a bridge" not in said


@pytest.mark.usefixtures("bridge")
def test_queue_that_only_begins_as_one_of_a_bridge_is_refused() -> None:
    boto3.client("sqs").create_queue(QueueName="inlet-bridge-dev-Buffer")

    said = run("inlet-bridge-dev-Buffer", status=1)

    assert "inlet-bridge-dev-Buffer is not a queue of a bridge" in said
    assert "queues such as STACK-Buffer-1A2B3C, with Buffer, DeadLetters or Events before" in said


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
