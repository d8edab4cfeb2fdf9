"""Queues that a deleted deployment left."""

from dataclasses import dataclass
from typing import Any

import boto3
from typer.testing import CliRunner

from inlet_bridge.cli.main import app
from tests.support.moto_deployment import Bridge


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


def former_queues(bridge: Bridge) -> Former:
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
