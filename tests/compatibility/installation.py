"""A whole installation on moto and the emulated Adobe: each run of it is the same.

Its time stands still unless it is advanced, Adobe has a host name in place of a port, and what is
random otherwise is counted.
"""

import json
import random
import secrets
import socket
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any, Final, cast

import boto3
import pytest
from typer.testing import CliRunner

from adobe_emulator import server
from adobe_emulator.settings import Tenant
from bridge.adapters.http.public_https import Page, PublicHttps
from functions.forwarder import handler as forwarder
from functions.provisioner import wiring as provisioner_wiring
from functions.reconciler import handler as reconciler
from functions.reconciler import wiring as reconciler_wiring
from inlet_bridge.cli import main
from inlet_bridge.operations.queues import dead_letters
from tests.support.delivery_cloud import DeliveryCloud, delivery_cloud
from tests.support.fixed_time import FixedTime, fix_time
from tests.support.provisioner_cloud import Context
from tests.support.vendor_stand_ins import VendorStandIns
from tests.support.virtual_time import stop_clock

ADOBE: Final = "localhost"
EVENTS_QUEUE: Final = "inlet-bridge-dev-sources-Events-1A2B3C4D5E6F"
STACK: Final = "inlet-bridge-dev"
_HTTP: Final = 80
LOGS: Final = ("ReceiverLogs", "ForwarderLogs")


@dataclass
class Installation:
    """An installation.

    Attributes:
        events: the URL of the queue of events.
    """

    cloud: DeliveryCloud
    time: FixedTime
    vendors: VendorStandIns
    events: str

    def pass_time(self, **by: float) -> None:
        """Let time pass at AWS and Adobe; caches are a minute old after it."""
        self.time.advance(timedelta(**by))
        self.cloud.restart()

    def forward(self, rounds: int = 1) -> None:
        """Invoke the forwarder with everything in the buffer, so many times.

        A message that has to wait is in the buffer at once.
        """
        for _ in range(rounds):
            self._invoke(forwarder.lambda_handler, self.cloud.buffer)

    def take_events(self) -> None:
        """Invoke the forwarder with everything in the queue of events."""
        self._invoke(forwarder.lambda_handler, self.events)

    def reconcile(self) -> dict[str, Any]:
        """Invoke the reconciler in a new process."""
        for built in (
            reconciler_wiring.batches,
            reconciler_wiring.copies,
            reconciler_wiring.reconciler,
        ):
            built.cache_clear()
        context: Any = Context(300, function_name="reconciler")
        return reconciler.lambda_handler({"action": "reconcile"}, context)

    def command(self, *arguments: str, answer: str = "") -> tuple[int, str]:
        """Run a command of the operator; its exit status and output."""
        # Moto answers CloudFormation here; the provisioner's answers go to a listener.
        with pytest.MonkeyPatch.context() as patch:
            patch.delenv("AWS_ENDPOINT_URL_CLOUDFORMATION")
            patch.setenv("NO_COLOR", "1")
            patch.setenv("COLUMNS", "300")
            given = [*arguments, "--stack", STACK]
            result = CliRunner().invoke(main.app, given, input=answer)
        assert result.exit_code in (0, 1), result.output
        return result.exit_code, result.stdout

    def json_of(self, *arguments: str) -> Any:
        """What a command prints as JSON."""
        return json.loads(self.command(*arguments, "--json")[1])

    def secret(self, name: str, value: str) -> str:
        """Store an invented secret, as an operator does; its name."""
        full = f"/inlet-bridge/dev/{name}"
        boto3.client("ssm").put_parameter(
            Name=full, Value=value, Type="SecureString", Overwrite=True
        )
        return full

    def applied(self, **resource: Any) -> dict[str, Any]:
        """Apply a connection or a source directly."""
        answer = self.cloud.provisioned.ask(action="apply", **resource)
        assert answer["ok"], answer
        return answer

    @staticmethod
    def _invoke(handler: Callable[..., Any], url: str) -> None:
        sqs, name = boto3.client("sqs"), url.rpartition("/")[2]
        while taken := sqs.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=10,
            MessageAttributeNames=["All"],
            MessageSystemAttributeNames=["ApproximateReceiveCount"],
        ).get("Messages"):
            records = [_record(message, name) for message in taken]
            context = cast("Any", Context(60, function_name="forwarder"))
            answer = handler({"Records": records}, context)
            left = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
            for message in taken:
                if message["MessageId"] not in left:
                    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        show_all(url)


def show_all(url: str) -> None:
    """Let every message of a queue be received at once, also those in flight."""
    from moto.sqs.models import sqs_backends  # noqa: PLC0415 - slow, and only moto knows them.

    backend = sqs_backends["123456789012"]["eu-central-1"]
    queue = backend.queues[url.rpartition("/")[2]]
    for message in list(queue._messages):  # noqa: SLF001
        if message in queue.pending_messages:
            queue.pending_messages.remove(message)
        message.visible_at = 0
        message.delayed_until = 0


@contextmanager
def installation(
    monkeypatch: pytest.MonkeyPatch, at: datetime, tenant: Tenant | None = None, seed: int = 0
) -> Iterator[Installation]:
    """One without connection and source, until the block ends.

    Args:
        monkeypatch: of the test.
        at: its time.
        tenant: of Adobe.
        seed: of the ids at Adobe, and of what is counted in place of random numbers.
    """
    vendors = _vendors(monkeypatch)
    monkeypatch.setattr(dead_letters, "_LONG_POLL_SECONDS", 0)
    _count(monkeypatch, seed)
    _name_adobe(monkeypatch)
    time = fix_time(monkeypatch, at)
    sleep = SimpleNamespace(sleep=lambda seconds: time.advance(timedelta(seconds=seconds)))
    monkeypatch.setattr(provisioner_wiring, "time", sleep)
    stop_clock(reconciler_wiring.deadline, monkeypatch)
    monkeypatch.setattr(reconciler_wiring, "sleep", lambda _: None)
    with (
        TemporaryDirectory() as folder,
        delivery_cloud(monkeypatch, tenant, seed=seed, configured=False, more=LOGS) as cloud,
    ):
        monkeypatch.setenv("XDG_STATE_HOME", folder)
        events = boto3.client("sqs").create_queue(QueueName=EVENTS_QUEUE)["QueueUrl"]
        yield Installation(cloud, time, vendors, events)


def _record(message: Any, queue: str) -> dict[str, Any]:
    """A message as Lambda passes it to a function."""
    attributes = message.get("MessageAttributes", {})
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {
            name: {"dataType": "String", "stringValue": each["StringValue"]}
            for name, each in attributes.items()
        },
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:eu-central-1:123456789012:{queue}",
    }


def _vendors(monkeypatch: pytest.MonkeyPatch) -> VendorStandIns:
    vendors = VendorStandIns()

    def exchange(site: PublicHttps, method: str, url: str, *args: Any, **limits: Any) -> Page:
        host, _, target = url.removeprefix("https://").partition("/")
        given = vendors.serve(host, method, f"/{target}", *args)
        body = b"" if given.document is None else json.dumps(given.document).encode()
        return Page(given.status, body, given.headers)

    monkeypatch.setattr(PublicHttps, "exchange", exchange)
    return vendors


def _count(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Count what is random otherwise."""
    numbers = count(seed * 1_000_000 + 1)
    monkeypatch.setattr(uuid, "uuid4", lambda: uuid.UUID(int=next(numbers), version=4))
    monkeypatch.setattr(secrets, "token_bytes", lambda size=32: next(numbers).to_bytes(size))
    monkeypatch.setattr(secrets, "token_hex", lambda size=32: next(numbers).to_bytes(size).hex())
    monkeypatch.setattr(random, "random", lambda: 0.5)


def _name_adobe(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the emulated Adobe a host name, since its port is another one in each run."""
    ports: list[int] = []
    resolve = socket.getaddrinfo

    def named(bound: socket.socket) -> str:
        ports.append(bound.getsockname()[1])
        return f"http://{ADOBE}"

    def find(host: Any, port: Any, *args: Any, **given: Any) -> Any:
        if host == ADOBE and port == _HTTP:
            return resolve("127.0.0.1", ports[-1], *args, **given)
        return resolve(host, port, *args, **given)

    monkeypatch.setattr(server, "url_of", named)
    monkeypatch.setattr(socket, "getaddrinfo", find)
