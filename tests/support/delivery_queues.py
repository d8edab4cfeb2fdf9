"""The buffer and the dead letters of a cloud, on moto."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3

from bridge.delivery.delivery import Delivery

EVENTS = Path(__file__).parents[2] / "events" / "forwarder"


@dataclass
class DeliveryQueues:
    """The queues.

    Attributes:
        buffer: its URL.
        dead_letters: its URL.
    """

    buffer: str
    dead_letters: str

    @property
    def buffer_arn(self) -> str:
        """As Lambda tells it in each record."""
        return f"arn:aws:sqs:eu-central-1:123456789012:{self.buffer.rpartition('/')[2]}"

    @staticmethod
    def put_source_of_queue(arn: str, source: str) -> None:
        """Write the parameter that sources.yaml has for a queue of events."""
        name = f"/inlet-bridge/dev/queues/{arn.rpartition(':')[2]}"
        boto3.client("ssm").put_parameter(Name=name, Value=source, Type="String")

    def buffer_large(
        self, count: int, prefix: str = "large", age: timedelta = timedelta(0)
    ) -> None:
        """Put messages into the buffer of which no two fit one request to the inlet."""
        now = datetime.now(UTC) - age
        for number in range(count):
            issue = {"title": f"Found bug {number}", "body": "x" * 500_000}
            body = json.dumps({"issue": issue}).encode()
            name = f"{prefix}-{number}"
            delivery = Delivery("github", name, f"id:{name}", "issues", "orders", now, now, body)
            boto3.client("sqs").send_message(QueueUrl=self.buffer, MessageBody=delivery.encode())

    def take_ready(self) -> dict[str, Any]:
        """Take what can be taken from the buffer now."""
        event: dict[str, Any] = json.loads((EVENTS / "one.json").read_text())
        [record] = event["Records"]
        event["Records"] = [record | as_lambda_passes_it(taken) for taken in _messages(self.buffer)]
        return event

    def buffered(self) -> list[Delivery]:
        """What can be taken from the buffer now."""
        return [Delivery.decode(message["Body"]) for message in _messages(self.buffer)]

    def dead(self) -> list[tuple[str, str]]:
        """The dead letters: what was buffered, and its class with the reason."""
        return [_letter(message) for message in _messages(self.dead_letters)]

    def take_dead(self) -> list[tuple[str, str]]:
        """The same, and none is left."""
        messages = _messages(self.dead_letters)
        for message in messages:
            boto3.client("sqs").delete_message(
                QueueUrl=self.dead_letters, ReceiptHandle=message["ReceiptHandle"]
            )
        return [_letter(message) for message in messages]

    def depth(self) -> dict[str, int]:
        """How many messages of the buffer can be taken, appear later and are in work."""
        attributes = boto3.client("sqs").get_queue_attributes(
            QueueUrl=self.buffer, AttributeNames=["All"]
        )["Attributes"]
        return {
            "ready": int(attributes["ApproximateNumberOfMessages"]),
            "later": int(attributes["ApproximateNumberOfMessagesDelayed"]),
            "taken": int(attributes["ApproximateNumberOfMessagesNotVisible"]),
        }


def as_lambda_passes_it(message: Any) -> dict[str, str]:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
    }


def _messages(queue: str) -> list[Any]:
    answer = boto3.client("sqs").receive_message(
        QueueUrl=queue, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
    )
    return list(answer.get("Messages", []))


def _letter(message: Any) -> tuple[str, str]:
    return message["Body"], f"{_said(message, 'class')}: {_said(message, 'reason')}"


def _said(message: Any, name: str) -> str:
    return str(message["MessageAttributes"][name]["StringValue"])
