"""Tests of the buffer and the dead-letter queue."""

from copy import replace
from datetime import timedelta
from secrets import token_bytes
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from moto import mock_aws

from bridge.adapters.aws.sqs import SqsBuffer, SqsDeadLetters
from bridge.adapters.aws.sqs_records import waiting
from bridge.delivery.dead_letter import DeadLetterInfo
from bridge.delivery.delivery import Delivery
from bridge.delivery.outcomes import DeadClass
from bridge.delivery.queued_message import QueuedMessage
from bridge.errors import UnavailableError
from tests.support.fakes import NOON

DEAD_LETTER = DeadLetterInfo(DeadClass.INVALID, "the inlet returned 400", 3, NOON, NOON)
DELIVERY = Delivery("github", "d-1", "id:d-1", "issues", "events", NOON, NOON, b'{"a":1}')


@mock_aws
def test_buffered_delivery_is_received_unchanged() -> None:
    client = boto3.client("sqs")
    url = client.create_queue(QueueName="buffer")["QueueUrl"]

    SqsBuffer(client, url).put(DELIVERY, timedelta(0))

    [message] = client.receive_message(QueueUrl=url)["Messages"]
    assert Delivery.decode(message["Body"]) == DELIVERY


@mock_aws
def test_delivery_is_visible_after_its_delay() -> None:
    """A delay over the limit of SQS is reduced; the forwarder postpones for the rest."""
    client = boto3.client("sqs")
    url = client.create_queue(QueueName="buffer")["QueueUrl"]

    SqsBuffer(client, url).put(DELIVERY, timedelta(hours=1))

    assert "Messages" not in client.receive_message(QueueUrl=url)


@mock_aws
def test_postponed_message_is_hidden_for_whole_seconds() -> None:
    """Fractions of a second are rounded up, so that it does not return too early."""
    client = boto3.client("sqs")
    url = client.create_queue(QueueName="buffer")["QueueUrl"]
    buffer = SqsBuffer(client, url)
    buffer.put(DELIVERY, timedelta(0))
    [message] = client.receive_message(QueueUrl=url, VisibilityTimeout=0)["Messages"]

    asked: list[int] = []
    client.meta.events.register(
        "provide-client-params.sqs.ChangeMessageVisibility",
        lambda params, **_: asked.append(params["VisibilityTimeout"]),
    )

    buffer.postpone(message["ReceiptHandle"], timedelta(minutes=10, milliseconds=300))

    assert asked == [601]
    assert "Messages" not in client.receive_message(QueueUrl=url)


@mock_aws
def test_dead_letter_is_the_delivery_with_its_reason() -> None:
    """It can be redriven unchanged."""
    client = boto3.client("sqs")
    url = client.create_queue(QueueName="dead-letters")["QueueUrl"]

    SqsDeadLetters(client, url).put(DELIVERY.encode(), DEAD_LETTER)

    [message] = client.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"]
    assert Delivery.decode(message["Body"]) == DELIVERY
    said = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
    assert said == {
        "class": "invalid message",
        "reason": "the inlet returned 400",
        "attempts": "3",
        "died_at": NOON.isoformat(),
        "received_at": NOON.isoformat(),
    }


@mock_aws
def test_missing_queue_is_unavailable() -> None:
    """Errors of botocore do not leave the adapter."""
    client = boto3.client("sqs")
    url = "https://sqs.eu-central-1.amazonaws.com/123456789012/missing"

    with pytest.raises(UnavailableError, match="the buffer cannot be written"):
        SqsBuffer(client, url).put(DELIVERY, timedelta(0))
    with pytest.raises(UnavailableError, match="postponed"):
        SqsBuffer(client, url).postpone("receipt", timedelta(seconds=1))
    with pytest.raises(UnavailableError, match="dead-letter"):
        SqsDeadLetters(client, url).put("{}", DEAD_LETTER)


def test_lambda_record_is_a_buffered_message() -> None:
    """As Lambda passes it (AWS Lambda developer guide, "Using Lambda with Amazon SQS")."""
    record = {
        "messageId": "m-1",
        "receiptHandle": "r-1",
        "body": "text",
        "attributes": {
            "ApproximateReceiveCount": "4",
            "SentTimestamp": str(int(NOON.timestamp() * 1000)),
        },
    }

    assert waiting(record) == QueuedMessage("m-1", "r-1", "text", 4, NOON)


@mock_aws
def test_many_messages_are_sent_in_batches() -> None:
    """At most ten, and not more bytes than SQS accepts in one request."""
    client = boto3.client("sqs")
    url = client.create_queue(QueueName="buffer")["QueueUrl"]
    many = [replace(DELIVERY, delivery_id=f"d-{number}") for number in range(23)]

    SqsBuffer(client, url).put_all(many, timedelta(0))

    found = set()
    while messages := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found |= {Delivery.decode(message["Body"]).delivery_id for message in messages}
    assert found == {f"d-{number}" for number in range(23)}


class UnreliableClient:
    """An SQS client that rejects entries, this many times."""

    def __init__(self, refusals: int) -> None:
        self.refusals = refusals
        self.sent: list[list[str]] = []

    def send_message_batch(self, *, QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        self.sent.append([Delivery.decode(each["MessageBody"]).delivery_id for each in Entries])
        if self.refusals == 0:
            return {}
        self.refusals -= 1
        return {"Failed": [{"Id": Entries[-1]["Id"]}]}


def test_rejected_entries_are_sent_once_more() -> None:
    """Without the accepted ones."""
    client: Any = UnreliableClient(refusals=1)

    SqsBuffer(client, "url").put_all([DELIVERY, replace(DELIVERY, delivery_id="e")], timedelta(0))

    assert client.sent == [["d-1", "e"], ["e"]]


def test_entries_rejected_twice_are_reported() -> None:
    """They must not be acknowledged."""
    client: Any = UnreliableClient(refusals=2)

    with pytest.raises(UnavailableError):
        SqsBuffer(client, "url").put_all([DELIVERY], timedelta(0))


@mock_aws
def test_messages_that_are_sent_again_have_their_own_delays() -> None:
    client = boto3.client("sqs")
    url = client.create_queue(QueueName="buffer")["QueueUrl"]
    asked: list[int] = []
    client.meta.events.register(
        "provide-client-params.sqs.SendMessageBatch",
        lambda params, **_: asked.extend(entry["DelaySeconds"] for entry in params["Entries"]),
    )
    many = [(replace(DELIVERY, delivery_id=f"d-{n}"), timedelta(seconds=n)) for n in range(12)]

    failed = SqsBuffer(client, url).put_each([*many, (DELIVERY, timedelta(hours=1))])

    assert not failed
    assert asked == [*range(12), 300]


def test_positions_of_messages_that_were_rejected_twice_are_returned() -> None:
    client: Any = UnreliableClient(refusals=2)
    many = [(replace(DELIVERY, delivery_id=f"d-{n}"), timedelta(0)) for n in range(12)]

    assert set(SqsBuffer(client, "url").put_each(many)) == {9}


def test_failed_request_ends_the_attempt_to_send_messages_again() -> None:
    """They stay in the queue; each further request would take seconds."""

    class Down:
        calls = 0

        def send_message_batch(self, **_: object) -> dict[str, Any]:
            self.calls += 1
            raise EndpointConnectionError(endpoint_url="https://pretended")

    client: Any = Down()
    many = [(replace(DELIVERY, delivery_id=f"d-{n}"), timedelta(0)) for n in range(12)]

    assert set(SqsBuffer(client, "url").put_each(many)) == set(range(12))
    assert client.calls == 1


def test_message_of_the_largest_body_can_be_sent_again() -> None:
    """What a new message adds is bounded: SQS accepts 1 MiB with all metadata."""
    headers = {f"x-header-{n}": "v" * 1_000 for n in range(10)}
    largest = replace(
        DELIVERY,
        delivery_id="d" * 256,
        key="k" * 1_024,
        event_type="t" * 256,
        body=b'"' + token_bytes(500_000 - 1).hex().encode() + b'"',
        headers=headers,
        attempts=10**9 - 1,
        sends=10**9 - 1,
        not_before=NOON + timedelta(microseconds=1),
    )

    assert len(largest.body) == 1_000_000
    assert len(largest.encode().encode()) < 1_048_576


def test_batch_is_within_the_size_limit_of_sqs() -> None:
    """1 MiB in total."""
    client: Any = UnreliableClient(refusals=0)
    noise = [replace(DELIVERY, body=token_bytes(300_000)) for _ in range(4)]

    SqsBuffer(client, "url").put_all(noise, timedelta(0))

    assert [len(batch) for batch in client.sent] == [2, 2]
