"""Tests of redriving events that never reached a function, on a stack of moto."""

from typing import Any

import boto3
import pytest
from botocore.client import BaseClient

from tests.support.bridge_commands import run
from tests.support.moto_deployment import Bridge, texts


def test_event_that_eventbridge_could_not_deliver_is_redriven_to_the_queue_of_events(
    bridge: Bridge,
) -> None:
    event = '{"id":"e-1","detail-type":"Object Created","source":"aws.s3","detail":{}}'
    attributes = {
        "RULE_ARN": "arn:aws:events:eu-central-1:123456789012:rule/inlet-bridge-dev-EventRule-1",
        "TARGET_ARN": "arn:aws:sqs:eu-central-1:123456789012:inlet-bridge-dev-Events-1",
        "ERROR_CODE": "NO_PERMISSIONS",
        "ERROR_MESSAGE": "not authorized to perform sqs:SendMessage",
    }
    boto3.client("sqs").send_message(
        QueueUrl=bridge.dead_letters_url,
        MessageBody=event,
        MessageAttributes={
            name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
        },
    )

    listed = run("dead-letters", "list")
    logged = run("dead-letters", "redrive", "--rate", "1000")

    assert "undelivered" in listed
    assert "1 to the queue of events" in logged
    assert texts(bridge.events_url) == [event]
    assert texts(bridge.dead_letters_url) == []
    assert bridge.waiting() == []


def test_event_is_redriven_to_its_own_queue_if_there_are_several(bridge: Bridge) -> None:
    sqs, name = boto3.client("sqs"), "team-sources-Events-2B3C4D5E6F7A"
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    parameter = f"/inlet-bridge/dev/queues/{name}"
    boto3.client("ssm").put_parameter(Name=parameter, Value="orders", Type="String")
    place = "eu-central-1:123456789012"
    attributes = {
        "RULE_ARN": f"arn:aws:events:{place}:rule/inlet-bridge-dev-orders",
        "TARGET_ARN": f"arn:aws:sqs:{place}:{name}",
    }
    sqs.send_message(
        QueueUrl=bridge.dead_letters_url,
        MessageBody='{"id":"e-1"}',
        MessageAttributes={
            key: {"DataType": "String", "StringValue": value} for key, value in attributes.items()
        },
    )

    assert "1 to the queue of events" in run("dead-letters", "redrive", "--rate", "1000")
    assert texts(url) == ['{"id":"e-1"}']
    assert texts(bridge.events_url) == []


def test_event_that_sqs_moved_is_redriven_with_its_attributes(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    sqs = boto3.client("sqs")
    arn = sqs.get_queue_attributes(QueueUrl=bridge.events_url, AttributeNames=["QueueArn"])
    call = BaseClient._make_api_call  # type: ignore[attr-defined] # noqa: SLF001

    def as_sqs(self: BaseClient, operation: str, given: dict[str, Any]) -> Any:
        """Moto does not return the queue from which SQS has moved a message."""
        answer = call(self, operation, given)
        if "DeadLetterQueueSourceArn" in given.get("MessageSystemAttributeNames", []):
            for message in answer.get("Messages", []):
                message["Attributes"]["DeadLetterQueueSourceArn"] = arn["Attributes"]["QueueArn"]
        return answer

    monkeypatch.setattr(BaseClient, "_make_api_call", as_sqs)
    sqs.send_message(
        QueueUrl=bridge.dead_letters_url,
        MessageBody='{"a":1}',
        MessageAttributes={"source": {"DataType": "String", "StringValue": "uploads"}},
    )

    assert "given up" in run("dead-letters", "list")
    assert "1 to the queue of events" in run("dead-letters", "redrive", "--rate", "1000")
    answer: Any = sqs.receive_message(QueueUrl=bridge.events_url, MessageAttributeNames=["All"])
    [message] = answer["Messages"]
    assert message["Body"] == '{"a":1}'
    assert message["MessageAttributes"]["source"]["StringValue"] == "uploads"
