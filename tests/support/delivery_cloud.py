"""Receiver and forwarder with everything around them.

The table and the queues are made from template.yaml, the chain and the sources by the
provisioner, and Adobe is on a socket.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import replace
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import StringIO
from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError

from adobe_emulator.emulator import Adobe
from adobe_emulator.settings import Tenant
from bridge import wiring
from bridge.adapters.http.connections import connections
from bridge.sources.source import Source
from functions.forwarder import handler as forwarder
from functions.forwarder import wiring as forwarder_wiring
from functions.receiver import handler as receiver
from functions.receiver import wiring as receiver_wiring
from tests.support.cloud_snapshot import CloudSnapshot
from tests.support.deliveries_table import all_records, lose_response, throttle
from tests.support.delivery_environment import deployed_parts, logged_to, set_environment
from tests.support.delivery_queues import EVENTS, DeliveryQueues, as_lambda_passes_it
from tests.support.kept_store import KeptStore
from tests.support.provisioner_cloud import Cloud, Context, provisioner_cloud
from tests.support.sender_response import Response
from tests.support.virtual_time import stop_clock
from tests.support.watched_session import AwsCalls
from tests.support.webhook_events import PRESETS, SECRETS

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

_SNAPSHOTS: dict[object, CloudSnapshot] = {}
SOURCE_DOCUMENT = "/inlet-bridge/dev/sources/"
# In the files; a delivery that was received so long ago would be given up.
_RECEIVED_AT = "2026-11-25T20:14:24+00:00"


@dataclass
class DeliveryCloud(DeliveryQueues):
    """Everything around the two functions.

    Attributes:
        log: what the functions wrote, one JSON document per line.
    """

    provisioned: Cloud
    table: str
    kept: KeptStore
    log: StringIO = field(default_factory=StringIO)

    @property
    def calls(self) -> AwsCalls:
        return self.provisioned.calls

    @property
    def adobe(self) -> Adobe:
        return self.provisioned.adobe

    def configure(self, source: str, **properties: Any) -> None:
        """Have the provisioner write down one of the senders of `webhook_events`."""
        secret = f"/inlet-bridge/dev/secrets/{source}"
        boto3.client("ssm").put_parameter(
            Name=secret, Value=SECRETS[source], Type="SecureString", Overwrite=True
        )
        given = {"Name": source, "Provider": PRESETS.get(source, source), "Secrets": [secret]}
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
            record.update(as_lambda_passes_it(taken))
        return self._poll(event, seconds)

    def take_events(self, event: dict[str, Any]) -> list[str]:
        """Invoke the forwarder with messages of a queue of events; those that stay there."""
        context = cast("LambdaContext", Context(60, function_name="forwarder"))
        answer = forwarder.lambda_handler(event, context)
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    def forward_what_waits(self) -> list[int]:
        """Forward what can be taken from the buffer now; the answer is that of `forward`."""
        return self._poll(self.take_ready(), seconds=60)

    def forward_what_is_ready(self) -> bool:
        """The same, if there is anything; whether there was."""
        event = self.take_ready()
        if event["Records"]:
            self._poll(event, seconds=60)
        return bool(event["Records"])

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

    def records(self) -> list[dict[str, str]]:
        """The deliveries table, with the name of the source in the place of its partition."""
        return all_records(self.table)

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
    names = ("Deliveries", "Buffer", "DeadLetters", "KeptBodies", "KeptBodiesBucket", *more)
    key = (seed, names) if sandbox is None and configured else None
    with provisioner_cloud(monkeypatch, sandbox, seed) as provisioned:
        snapshot = _SNAPSHOTS.get(key)
        physical = snapshot.restore(provisioned) if snapshot else deployed_parts(*names)
        cloud = DeliveryCloud(
            physical["Buffer"],
            physical["DeadLetters"],
            provisioned,
            physical["Deliveries"],
            KeptStore(physical["KeptBodies"], physical["KeptBodiesBucket"]),
        )
        set_environment(monkeypatch, cloud, cloud.table, cloud.kept)
        if not snapshot and cloud.adobe.tenant.datasets and configured:
            created = provisioned.send("connection-create", SettlingSeconds="0")
            assert created["Status"] == "SUCCESS", created["Reason"]
            cloud.configure("github")
            cloud.adobe.settle()
            if key:
                _SNAPSHOTS[key] = CloudSnapshot.of(provisioned, physical)
        cloud.restart()
        for wiring in (receiver_wiring, forwarder_wiring):
            stop_clock(wiring.deadline, monkeypatch)
        try:
            with logged_to(cloud.log):
                yield cloud
        finally:
            cloud.restart()
            connections().close()


def _session() -> boto3.Session:
    assert boto3.DEFAULT_SESSION
    return boto3.DEFAULT_SESSION
