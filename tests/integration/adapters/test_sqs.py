"""The buffer and the dead letters."""

from datetime import timedelta

import boto3
import pytest
from moto import mock_aws

from bridge.adapters.sqs import SqsBuffer, SqsDeadLetters
from bridge.delivery.delivery import Delivery
from bridge.errors import UnavailableError
from tests.fakes import NOON

DELIVERY = Delivery("github", "d-1", "issues", "events", NOON, b'{"a":1}')


@mock_aws
def test_what_is_put_into_the_buffer_comes_out_again() -> None:
    """As it went in."""
    client = boto3.client("sqs")
    url = client.create_queue(QueueName="buffer")["QueueUrl"]

    SqsBuffer(client, url).put(DELIVERY, timedelta(0))

    [message] = client.receive_message(QueueUrl=url)["Messages"]
    assert Delivery.decode(message["Body"]) == DELIVERY


@mock_aws
def test_a_delivery_appears_after_its_delay() -> None:
    """A delay beyond what SQS takes is cut; the forwarder puts off the rest."""
    client = boto3.client("sqs")
    url = client.create_queue(QueueName="buffer")["QueueUrl"]

    SqsBuffer(client, url).put(DELIVERY, timedelta(hours=1))

    assert "Messages" not in client.receive_message(QueueUrl=url)


@mock_aws
def test_a_postponed_message_is_hidden_and_comes_back() -> None:
    """A part of a second is rounded up: too early helps nobody."""
    client = boto3.client("sqs")
    url = client.create_queue(QueueName="buffer")["QueueUrl"]
    buffer = SqsBuffer(client, url)
    buffer.put(DELIVERY, timedelta(0))
    [message] = client.receive_message(QueueUrl=url, VisibilityTimeout=0)["Messages"]

    buffer.postpone(message["ReceiptHandle"], timedelta(milliseconds=300))

    assert "Messages" not in client.receive_message(QueueUrl=url)


@mock_aws
def test_a_dead_letter_is_the_delivery_with_its_reason() -> None:
    """So that it can be redriven as it is."""
    client = boto3.client("sqs")
    url = client.create_queue(QueueName="dead-letters")["QueueUrl"]

    SqsDeadLetters(client, url).put(DELIVERY.encode(), "invalid message")

    [message] = client.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"]
    assert Delivery.decode(message["Body"]) == DELIVERY
    assert message["MessageAttributes"]["reason"]["StringValue"] == "invalid message"


@mock_aws
def test_a_queue_that_is_not_there_is_unavailable() -> None:
    """Botocore's errors do not leave the adapter."""
    client = boto3.client("sqs")
    url = "https://sqs.eu-central-1.amazonaws.com/123456789012/missing"

    with pytest.raises(UnavailableError, match="the buffer cannot be written"):
        SqsBuffer(client, url).put(DELIVERY, timedelta(0))
    with pytest.raises(UnavailableError, match="put off"):
        SqsBuffer(client, url).postpone("receipt", timedelta(seconds=1))
    with pytest.raises(UnavailableError, match="dead-letter"):
        SqsDeadLetters(client, url).put("{}", "reason")
