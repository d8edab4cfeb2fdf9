"""A deployed bridge on moto: the template's own queues and table, in a stack."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from copy import replace
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

import boto3
import pytest
from moto import mock_aws

from bridge.adapters.aws.dynamodb import DynamoDbDeliveries
from bridge.adapters.aws.dynamodb_attempts import DynamoDbAttempts
from bridge.adapters.aws.kept_bodies import DynamoDbKeptBodies
from bridge.adapters.aws.kept_objects import S3KeptObjects
from bridge.adapters.aws.sqs import SqsBuffer, SqsDeadLetters
from bridge.delivery import partitions
from bridge.delivery.dead_letter import DeadLetterInfo
from bridge.delivery.delivery import Delivery
from bridge.delivery.outcomes import DeadClass
from bridge.sources.source import Source
from inlet_bridge.operations.queues import dead_letters
from tests.support import sample_webhooks
from tests.support.faster_moto import make_faster
from tests.support.kept_store import KeptStore
from tests.support.log_groups import matches
from tests.support.moto_state import MotoState
from tests.support.sam_template import part

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
STACK = "inlet-bridge-dev"
EVENTS_QUEUE = f"{STACK}-sources-Events-1A2B3C4D5E6F"
"""Of the stack of sources.yaml."""
OPEN_SHARDS = 4
"""Instead of 64: each takes a query, for which moto needs ten milliseconds."""


@dataclass
class Bridge:
    """What is deployed, and what the functions would have done."""

    buffer: SqsBuffer
    buffer_url: str
    dead_letters: SqsDeadLetters
    dead_letters_url: str
    deliveries: DynamoDbDeliveries
    table: str
    events_url: str
    logs: dict[str, str]
    kept: KeptStore
    kept_bodies: DynamoDbKeptBodies

    def log(self, function: str, *lines: dict[str, Any], ago: timedelta = timedelta(0)) -> None:
        """Let `Receiver` or `Forwarder` have logged lines, now or some time ago."""
        client: Any = boto3.client("logs")
        group = self.logs[function]
        with suppress(client.exceptions.ResourceAlreadyExistsException):
            client.create_log_stream(logGroupName=group, logStreamName="one")
        at = int((datetime.now(UTC) - ago).timestamp() * 1_000)
        events: list[Any] = [
            {
                "timestamp": at,
                "message": json.dumps({"level": "INFO", **line}, separators=(",", ":")),
            }
            for line in lines
        ]
        client.put_log_events(logGroupName=group, logStreamName="one", logEvents=events)

    def buried(
        self,
        delivery_id: str,
        *,
        source: str = "github",
        kind: DeadClass = DeadClass.INVALID,
        died_at: datetime = NOW,
        changes: Mapping[str, Any] = MappingProxyType({}),
    ) -> Delivery:
        """A dead letter, and its record; `changes` are of the delivery."""
        delivery = replace(received(delivery_id, source=source), **changes)
        info = DeadLetterInfo(kind, "the inlet returned 400", 3, died_at, delivery.received_at)
        self.dead_letters.put(delivery.encode(), info)
        self.deliveries.dead(delivery, info)
        return delivery

    def attempts_may_begin(self, delivery: Delivery) -> bool:
        """Whether a forwarder would send a copy of a delivery."""
        attempts = DynamoDbAttempts(
            boto3.client("dynamodb"), self.table, lambda: NOW, timedelta(days=8)
        )
        return attempts.begin(delivery, NOW + timedelta(seconds=60))

    def waiting(self) -> list[Delivery]:
        """What is in the buffer."""
        return [Delivery.decode(text) for text in texts(self.buffer_url)]

    def dead(self) -> set[str]:
        """The delivery ids in the dead-letter queue."""
        return {Delivery.decode(text).delivery_id for text in texts(self.dead_letters_url)}


class _TextPattern:
    """The pattern of a log filter; moto's own knows no terms that must not be in a line."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern

    def matches(self, message: str) -> bool:
        return matches(self._pattern or "", message)


def received(delivery_id: str, *, source: str = "github", minutes: int = 0) -> Delivery:
    at = NOW - timedelta(days=3) + timedelta(minutes=minutes)
    return Delivery(
        source, delivery_id, f"id:{delivery_id}", "issues", "events", at, at, b'{"a":"caf\xc3\xa9"}'
    )


def describe_source(name: str = "github", **changes: Any) -> Source:
    """Write the document of a source."""
    source = replace(sample_webhooks.source(), name=name, **changes)
    boto3.client("ssm").put_parameter(
        Name=f"/inlet-bridge/dev/sources/{name}",
        Value=source.to_document(),
        Type="String",
        Overwrite=True,
    )
    return source


def texts(url: str) -> list[str]:
    """Everything in a queue that can be seen."""
    answer: Any = boto3.client("sqs").receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0
    )
    return [message["Body"] for message in answer.get("Messages", [])]


class _Deployed(NamedTuple):
    """What `_deploy` did.

    Attributes:
        ids: the physical ids by logical id.
        events: the URL of the queue of events.
    """

    state: MotoState
    ids: dict[str, str]
    events: str


_deployed: list[_Deployed] = []
"""By the first test of this process."""


def _restored() -> tuple[dict[str, str], str]:
    _deployed[0].state.restore()
    return dict(_deployed[0].ids), _deployed[0].events


def _deploy() -> tuple[dict[str, str], str]:
    template = part(
        *("Buffer", "DeadLetters", "Deliveries", "ReceiverLogs", "ForwarderLogs"),
        *("KeptBodies", "KeptBodiesBucket"),
    )
    cloudformation = boto3.client("cloudformation")
    cloudformation.create_stack(
        StackName=STACK,
        TemplateBody=json.dumps(template),
        Parameters=[{"ParameterKey": "Stage", "ParameterValue": "dev"}],
    )
    ids = {
        one["LogicalResourceId"]: one["PhysicalResourceId"]
        for one in cloudformation.describe_stack_resources(StackName=STACK)["StackResources"]
    }
    ssm = boto3.client("ssm")
    events = boto3.client("sqs").create_queue(QueueName=EVENTS_QUEUE)["QueueUrl"]
    for name in (
        *("sources/github", "sources/stripe", "connections/webhooks/base_connection_id"),
        f"queues/{EVENTS_QUEUE}",
    ):
        ssm.put_parameter(Name=f"/inlet-bridge/dev/{name}", Value="x", Type="String")
    _deployed.append(_Deployed(MotoState.now(), ids, events))
    return dict(ids), events


@contextmanager
def deployed_bridge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    """One with two sources and a connection `webhooks`, until the block ends."""
    monkeypatch.setattr(dead_letters, "_LONG_POLL_SECONDS", 0)
    monkeypatch.setattr(partitions, "OPEN_SHARDS", OPEN_SHARDS)
    monkeypatch.setattr("moto.logs.models.EventMessageFilter", _TextPattern)
    make_faster()
    with mock_aws():
        ids, events = _restored() if _deployed else _deploy()
        yield Bridge(
            SqsBuffer(boto3.client("sqs"), ids["Buffer"]),
            ids["Buffer"],
            SqsDeadLetters(boto3.client("sqs"), ids["DeadLetters"]),
            ids["DeadLetters"],
            DynamoDbDeliveries(
                boto3.client("dynamodb"), ids["Deliveries"], lambda: NOW, timedelta(days=8)
            ),
            ids["Deliveries"],
            events,
            {name: ids[f"{name}Logs"] for name in ("Receiver", "Forwarder")},
            KeptStore(ids["KeptBodies"], ids["KeptBodiesBucket"]),
            DynamoDbKeptBodies(
                boto3.client("dynamodb"),
                ids["KeptBodies"],
                lambda: S3KeptObjects(boto3.client("s3"), ids["KeptBodiesBucket"]),
            ),
        )
