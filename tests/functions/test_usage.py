"""The use of AWS that `inlet cost` assumes, measured with the handlers, the template and moto."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest
from moto.backends import get_backend

from adobe_emulator.faults import AnswerWith, Fault, Service
from bridge.adapters.aws.delivery_items import OPEN_KEYS, SENT_KEY
from bridge.adapters.clock import utc_now
from bridge.telemetry import logger
from functions.provisioner import handler as provisioner
from functions.receiver import handler as receiver
from functions.watch import handler as watch
from functions.watch import wiring as watch_wiring
from inlet_bridge.cost import usage
from tests.support.alarm_evaluation import NAMESPACE, Metrics
from tests.support.delivery_cloud import DeliveryCloud, delivery_cloud
from tests.support.provisioner_cloud import Context
from tests.support.sam_template import resources
from tests.support.webhook_events import signed

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

UUID = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"
EVENT_OVERHEAD = 26
"""Bytes that CloudWatch Logs adds to each event (API reference of `PutLogEvents`)."""
GATEWAY_HEADERS = (
    "Date: Sat, 28 Nov 2026 22:09:14 GMT\r\nContent-Length: 151\r\n"
    "Connection: keep-alive\r\nApigw-Requestid: JKJaXmPLvHcESHA=\r\n"
)
ACCESS = {"requestId": "JKJaXmPLvHcESHA=", "status": "200", "responseLatency": "116"}
"""Values of `$context` for a webhook; a missing one is `-` (API Gateway developer guide)."""


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeliveryCloud]:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "receiver")
    # As Lambda sets it without active tracing.
    monkeypatch.setenv("_X_AMZN_TRACE_ID", f"Root=1-65f1a2b3-{24 * '0'};Parent=1;Sampled=0")
    with delivery_cloud(monkeypatch) as cloud:
        cloud.receive(webhook("warm-up"))
        yield cloud


def webhook(name: str, **given: Any) -> dict[str, Any]:
    return signed("github-signed", headers={"x-github-delivery": name}, **given)


def receive(name: str) -> dict[str, Any]:
    """Invoke the receiver with an ID as long as those of Lambda."""
    context = cast("LambdaContext", Context(15, "receiver", aws_request_id=UUID))
    return receiver.lambda_handler(webhook(name), context)


def log_bytes(cloud: DeliveryCloud, act: Callable[[], object]) -> list[int]:
    """The billed bytes of each line that an action logs."""
    before = len(cloud.log.getvalue())
    act()
    lines = cloud.log.getvalue()[before:].replace(logger.service, "receiver").splitlines()
    return [len(line.encode()) + EVENT_OVERHEAD for line in lines]


def access_bytes() -> int:
    """The billed bytes of a line of API Gateway."""
    written = resources()["WebhookStage"]["Properties"]["AccessLogSettings"]["Format"]
    line = re.sub(r"\$context\.(\w+)", lambda found: ACCESS.get(found[1], "-"), written)
    assert "$" not in line
    return len(line) + EVENT_OVERHEAD


def fail(cloud: DeliveryCloud, times: int | None = 1) -> None:
    cloud.adobe.faults.add(Fault(Service.INLET, effect=AnswerWith(503), times=times))


def test_warm_webhook_logs_one_line_of_few_bytes(
    cloud: DeliveryCloud, capsys: pytest.CaptureFixture[str]
) -> None:
    measured = log_bytes(cloud, lambda: receive(UUID))

    assert len(measured) == 1
    assert "_aws" not in capsys.readouterr().out
    assert measured[0] + access_bytes() <= 600
    assert measured[0] + access_bytes() == pytest.approx(usage.LOG_BYTES, abs=10)


def test_lines_of_a_buffered_webhook_are_in_the_estimate(cloud: DeliveryCloud) -> None:
    fail(cloud)

    accepted = log_bytes(cloud, lambda: receive(UUID))
    forwarded = log_bytes(cloud, cloud.forward_what_waits)
    measured = sum(accepted) + sum(forwarded) + access_bytes()

    assert measured == pytest.approx(usage.LOG_BYTES + usage.BUFFERED_LOG_BYTES, rel=0.05)


def test_bytes_to_the_inlet_and_to_the_sender_are_those_of_the_estimate(
    cloud: DeliveryCloud,
) -> None:
    response = receive(UUID)

    sent = cloud.adobe.ledger.received[-1]
    headers = sum(len(f"{name}: {value}\r\n") for name, value in sent.headers.items())
    line = len(f"POST /collection/{sent.inlet_id} HTTP/1.1\r\n\r\n")
    token = len("Authorization: Bearer \r\n") + usage.TOKEN_BYTES
    around = len(sent.content) - len(webhook(UUID)["body"])
    assert line + headers + token + around == pytest.approx(usage.REQUEST_BYTES, rel=0.05)
    own = sum(len(f"{name}: {value}\r\n") for name, value in response["headers"].items())
    answered = len(f"HTTP/1.1 200 OK\r\n{GATEWAY_HEADERS}\r\n") + own + len(response["body"])
    assert answered == pytest.approx(usage.RESPONSE_BYTES, rel=0.05)


@dataclass
class Writes:
    """Counts write units: one per kB of the larger image, and one per entry of an index.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/capacity-unit-calculations.html
    """

    cloud: DeliveryCloud
    units: int = 0
    items: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.items = self._now()
        session = boto3.DEFAULT_SESSION
        assert session
        for operation in ("PutItem", "UpdateItem", "BatchWriteItem", "DeleteItem"):
            session.events.register(f"after-call.dynamodb.{operation}", self._count)
        self.cloud.restart()

    def _now(self) -> dict[str, dict[str, str]]:
        """From moto, since the roles of the functions may not scan."""
        [regions] = get_backend("dynamodb").values()
        table: Any = regions["eu-central-1"].tables[self.cloud.table]
        return {
            item.range_key.value: {name: str(value.value) for name, value in item.attrs.items()}
            for item in table.all_items()
        }

    def _count(self, **_: object) -> None:
        before, self.items = self.items, self._now()
        for key in before.keys() | self.items.keys():
            old, new = before.get(key, {}), self.items.get(key, {})
            if old != new:
                self.units += ceil(max(map(size, (old, new))) / 1_024)
                entries = [tuple(map(item.get, OPEN_KEYS)) for item in (old, new)]
                if entries[0] != entries[1]:
                    self.units += sum(any(entry) for entry in entries)
                sent = [item[SENT_KEY] for item in (old, new) if SENT_KEY in item]
                self.units += len(sent) if len({*sent}) == len(sent) else 0


def size(item: dict[str, str]) -> int:
    return sum(len(name) + len(value.encode()) for name, value in item.items())


def test_writes_of_a_webhook_are_those_of_the_estimate(cloud: DeliveryCloud) -> None:
    writes = Writes(cloud)
    receive(UUID)

    assert writes.units == usage.WRITES
    fail(cloud)
    receive("buffered")
    cloud.forward_what_waits()
    assert writes.units == 2 * usage.WRITES + usage.BUFFERED_WRITES


def test_writes_of_a_webhook_whose_body_is_kept_are_those_of_the_estimate(
    cloud: DeliveryCloud,
) -> None:
    cloud.configure("github", KeepBodies=7)
    writes = Writes(cloud)
    receive(UUID)

    assert writes.units == usage.WRITES + usage.SENT_WRITES
    [item] = cloud.kept.items()
    stored = len(item["body"]) + usage.KEPT_KEY_BYTES
    estimated = usage.Month(1, len(webhook(UUID)["body"]) / 1_000, keep_days=7).kept_value_bytes
    assert stored <= 1_024
    assert len(item["body"]) <= estimated


def test_month_with_faults_in_every_hour_emits_the_metrics_of_the_estimate(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("inline", "inline"):
        receive(name)
    cloud.receive(webhook("forged", secret="guessed"))
    fail(cloud, times=None)
    receive("buffered")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "forwarder")
    cloud.forward("one")
    cloud.adobe.faults.clear()
    cloud.forward_what_waits()
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "provisioner")
    provisioner.lambda_handler({"action": "drift"}, cast("LambdaContext", Context()))
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "watch")
    monkeypatch.setattr(watch_wiring, "utc_now", lambda: utc_now() + timedelta(minutes=10))
    watch_wiring.watch.cache_clear()
    for look in ("QuietSources", "Unaccounted"):
        watch.lambda_handler({"look": look}, cast("LambdaContext", Context(300, "watch")))

    metrics = Metrics()
    metrics.read(json.dumps(line) for line in cloud.lines())
    emitted = [(name, dict(of)) for space, name, of in metrics.values if space == NAMESPACE]

    # One of each, whatever the function: `service` is a dimension, but has one value.
    assert sorted(name for name, _ in emitted) == sorted(usage.METRICS)
    of_sources = {name for name, dimensions in emitted if "source" in dimensions}
    assert of_sources == usage.SOURCE_METRICS
