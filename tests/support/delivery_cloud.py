"""Receiver and forwarder with everything around them.

The table and the queues are made from template.yaml, the chain and the sources by the
provisioner, and Adobe is on a socket.
"""

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import replace
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError

from adobe_emulator.emulator import Adobe
from adobe_emulator.settings import Tenant
from bridge import wiring
from bridge.adapters.http.connections import connections
from bridge.deduplication import source_of
from bridge.delivery.delivery import Delivery
from bridge.sources.source import Source
from bridge.telemetry import logger
from functions.forwarder import handler as forwarder
from functions.forwarder import wiring as forwarder_wiring
from functions.receiver import handler as receiver
from functions.receiver import wiring as receiver_wiring
from tests.support.deliveries_table import lose_response, throttle
from tests.support.kept_store import KeptStore
from tests.support.provisioner_cloud import Cloud, Context, provisioner_cloud
from tests.support.sam_template import part, template
from tests.support.virtual_time import stop_clock
from tests.support.waiting import eventually
from tests.support.webhook_events import PRESETS, SECRETS

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

EVENTS = Path(__file__).parents[2] / "events" / "forwarder"
SOURCE_DOCUMENT = "/inlet-bridge/dev/sources/"

# In the files; a delivery that was received so long ago would be given up.
_RECEIVED_AT = "2026-11-25T20:14:24+00:00"


@dataclass(frozen=True)
class Response:
    """The response to the sender."""

    status: int
    headers: dict[str, str]
    body: str

    @property
    def document(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(self.body)
        return read


@dataclass
class DeliveryCloud:
    """Everything around the two functions.

    Attributes:
        log: what the functions wrote, one JSON document per line.
        waits: for how many seconds the forwarder hid messages, in their order.
        delays: for how many seconds it delayed messages that it sent again.
    """

    provisioned: Cloud
    buffer: str
    dead_letters: str
    table: str
    kept: KeptStore
    log: StringIO = field(default_factory=StringIO)
    waits: list[int] = field(default_factory=list)
    delays: list[int] = field(default_factory=list)

    @property
    def adobe(self) -> Adobe:
        return self.provisioned.adobe

    @property
    def buffer_arn(self) -> str:
        """As Lambda tells it in each record."""
        return f"arn:aws:sqs:eu-central-1:123456789012:{self.buffer.rpartition('/')[2]}"

    @staticmethod
    def put_source_of_queue(arn: str, source: str) -> None:
        """Write the parameter that sources.yaml has for a queue of events."""
        name = f"/inlet-bridge/dev/queues/{arn.rpartition(':')[2]}"
        boto3.client("ssm").put_parameter(Name=name, Value=source, Type="String")

    def configure(self, source: str, **properties: Any) -> None:
        """Have the provisioner write down one of the senders of `webhook_events`."""
        secret = f"/inlet-bridge/dev/secrets/{source}"
        boto3.client("ssm").put_parameter(
            Name=secret, Value=SECRETS[source], Type="SecureString", Overwrite=True
        )
        given: dict[str, Any] = {
            "Name": source,
            "Provider": PRESETS.get(source, source),
            "Secrets": [secret],
        }
        answer = self.provisioned.send("source-create", **{**given, **properties})
        assert answer["Status"] == "SUCCESS", answer["Reason"]

    def change(self, source: str, *, inlet_url: str = "", ready_at: datetime | None = None) -> None:
        """Change what only the provisioner changes, in a source's document."""
        ssm, name = boto3.client("ssm"), SOURCE_DOCUMENT + source
        written = Source.from_document(ssm.get_parameter(Name=name)["Parameter"]["Value"])
        connection = written.connection
        if inlet_url:
            connection = replace(connection, inlet_url=inlet_url)
        flows = {
            flow: replace(kept, ready_at=ready_at or kept.ready_at)
            for flow, kept in written.flows.items()
        }
        changed = replace(written, connection=connection, flows=flows)
        ssm.put_parameter(Name=name, Value=changed.to_document(), Overwrite=True)

    def fail(self, operation: str) -> None:
        """Have an operation such as `sqs.SendMessage` never answer from now on."""

        def refuse(**_: object) -> None:
            raise EndpointConnectionError(endpoint_url="https://pretended")

        _session().events.register(f"before-call.{operation}", refuse)
        self.restart()

    def throttle(self, operation: str, times: int) -> None:
        """Have DynamoDB throttle the next calls of an operation such as `UpdateItem`."""
        throttle(_session(), operation, times)
        self.restart()

    def lose_response(self, operation: str) -> None:
        """Have DynamoDB do the next operation such as `PutItem`, and its response be lost."""
        lose_response(_session(), operation)
        self.restart()

    @staticmethod
    def restart() -> None:
        """Have the next invocation start anew, in a container of its own."""
        receiver_wiring.receiver.cache_clear()
        receiver_wiring.provider_sites.cache_clear()
        wiring.kept_bodies.cache_clear()
        forwarder_wiring.components.cache_clear()

    def forget_token(self) -> None:
        """Delete the token that the provisioner got, which all functions share."""
        boto3.client("ssm").delete_parameters(Names=["/inlet-bridge/dev/tokens/token"])

    def receive(self, event: dict[str, Any]) -> Response:
        """Invoke the receiver."""
        answer = receiver.lambda_handler(
            event, cast("LambdaContext", Context(15, function_name="receiver"))
        )
        return Response(answer["statusCode"], answer["headers"], answer["body"])

    def forward(self, name: str, *, seconds: float = 60) -> list[int]:
        """Put the messages of an event of `events/forwarder/` into the buffer and forward them.

        Returns:
            The positions of the messages that stay in the buffer.
        """
        event = json.loads((EVENTS / f"{name}.json").read_text())
        sqs = boto3.client("sqs")
        for record in event["Records"]:
            text = record["body"].replace(_RECEIVED_AT, datetime.now(UTC).isoformat())
            sqs.send_message(QueueUrl=self.buffer, MessageBody=text)
            [taken] = sqs.receive_message(QueueUrl=self.buffer)["Messages"]
            record.update(_as_lambda_passes_it(taken))
        return self._poll(event, seconds)

    def take_events(self, event: dict[str, Any]) -> list[str]:
        """Invoke the forwarder with messages of a queue of events; those that stay there."""
        context = cast("LambdaContext", Context(60, function_name="forwarder"))
        answer = forwarder.lambda_handler(event, context)
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

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

    def forward_what_waits(self) -> list[int]:
        """Forward what can be taken from the buffer now; the answer is that of `forward`."""
        return self._poll(self._ready(), seconds=60)

    def forward_what_is_ready(self) -> bool:
        """The same, if there is anything; whether there was."""
        event = self._ready()
        if event["Records"]:
            self._poll(event, seconds=60)
        return bool(event["Records"])

    def _ready(self) -> dict[str, Any]:
        """Take what can be taken from the buffer now."""
        event: dict[str, Any] = json.loads((EVENTS / "one.json").read_text())
        [record] = event["Records"]
        event["Records"] = [
            record | _as_lambda_passes_it(taken) for taken in _messages(self.buffer)
        ]
        return event

    def _poll(self, event: dict[str, Any], seconds: float) -> list[int]:
        """Invoke the forwarder and delete what its answer does not name, as Lambda's poller."""
        for record in event["Records"]:
            record["eventSourceARN"] = self.buffer_arn
        context = cast("LambdaContext", Context(seconds, function_name="forwarder"))
        answer = forwarder.lambda_handler(event, context)
        failed = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
        sqs = boto3.client("sqs")
        for record in event["Records"]:
            if record["messageId"] not in failed:
                sqs.delete_message(QueueUrl=self.buffer, ReceiptHandle=record["receiptHandle"])
        ids = [record["messageId"] for record in event["Records"]]
        return sorted(ids.index(message) for message in failed)

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

    def records(self) -> list[dict[str, str]]:
        """The deliveries table, with the name of the source in the place of its partition."""
        pages = boto3.client("dynamodb").get_paginator("scan").paginate(TableName=self.table)
        items = [item for page in pages for item in page["Items"]]
        texts = [
            {name: str(next(iter(value.values()))) for name, value in item.items()}
            for item in items
        ]
        return [each | {"source": source_of(each["source"])} for each in texts]

    def lines(self) -> list[dict[str, Any]]:
        """The log so far."""
        return [json.loads(line) for line in self.log.getvalue().splitlines()]


@contextmanager
def delivery_cloud(
    monkeypatch: pytest.MonkeyPatch,
    sandbox: Tenant | None = None,
    *,
    seed: int = 0,
    configured: bool = True,
    more: Sequence[str] = (),
) -> Iterator[DeliveryCloud]:
    """A cloud of its own, with a settled connection and a source `github`, until the block ends.

    In an empty sandbox there is neither.

    Args:
        monkeypatch: of the test.
        sandbox: of Adobe, if it is not the usual one.
        seed: of the ids at Adobe.
        configured: False for a cloud without connection and source.
        more: logical ids of further resources of the template.
    """
    with provisioner_cloud(monkeypatch, sandbox, seed) as provisioned:
        physical = _deployed(
            *("Deliveries", "Buffer", "DeadLetters", "KeptBodies", "KeptBodiesBucket"), *more
        )
        cloud = DeliveryCloud(
            provisioned,
            physical["Buffer"],
            physical["DeadLetters"],
            physical["Deliveries"],
            KeptStore(physical["KeptBodies"], physical["KeptBodiesBucket"]),
        )
        monkeypatch.setenv("KEPT_BODIES_TABLE", cloud.kept.table)
        monkeypatch.setenv("KEPT_BODIES_BUCKET", cloud.kept.bucket)
        monkeypatch.setenv("BUFFER_QUEUE_URL", cloud.buffer)
        monkeypatch.setenv("DEAD_LETTER_QUEUE_URL", cloud.dead_letters)
        monkeypatch.setenv("DELIVERIES_TABLE", cloud.table)
        for name, parameter in {
            "RECORD_DAYS": "RecordDays",
            "RETRY_HOURS": "RetryHours",
            "INLET_MESSAGES_PER_SECOND": "InletMessagesPerSecond",
            "FORWARDER_CONCURRENCY": "ForwarderConcurrency",
            "SILENCE_HOURS": "SilenceHours",
        }.items():
            monkeypatch.setenv(name, str(template()["Parameters"][parameter]["Default"]))
        monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "InletBridge/dev")
        if cloud.adobe.tenant.datasets and configured:
            created = provisioned.send("connection-create", SettlingSeconds="0")
            assert created["Status"] == "SUCCESS", created["Reason"]
            cloud.configure("github")
            cloud.adobe.settle()
        cloud.restart()
        _session().events.register(
            "provide-client-params.sqs.ChangeMessageVisibility",
            lambda params, **_: cloud.waits.append(params["VisibilityTimeout"]),
        )
        _session().events.register(
            "provide-client-params.sqs.SendMessageBatch",
            lambda params, **_: cloud.delays.extend(
                entry["DelaySeconds"] for entry in params["Entries"]
            ),
        )
        for wiring in (receiver_wiring, forwarder_wiring):
            stop_clock(wiring.deadline, monkeypatch)
        handler = logging.StreamHandler(cloud.log)
        logger.addHandler(handler)
        handler.setFormatter(logger.registered_formatter)
        try:
            yield cloud
        finally:
            logging.getLogger(logger.service).removeHandler(handler)
            cloud.restart()
            connections().close()


def await_condition(condition: Callable[[], object]) -> None:
    """Wait until a condition is true."""
    assert eventually(lambda: bool(condition()), every=0.01)


def _session() -> boto3.Session:
    session = boto3.DEFAULT_SESSION
    assert session
    return session


def _deployed(*names: str) -> dict[str, str]:
    """Physical ids by logical id of resources that CloudFormation made from the template."""
    # Which moto answers; what is configured takes the answers of custom resources.
    endpoint = "https://cloudformation.eu-central-1.amazonaws.com"
    stacks = boto3.client("cloudformation", endpoint_url=endpoint)
    body = json.dumps(part(*names))
    stacks.create_stack(StackName="inlet-bridge-dev", TemplateBody=body)
    made = stacks.describe_stack_resources(StackName="inlet-bridge-dev")["StackResources"]
    return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in made}


def _as_lambda_passes_it(message: Any) -> dict[str, str]:
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
