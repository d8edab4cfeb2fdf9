"""Each fault rings the alarms of the template that are meant for it, and no others.

The metrics that the functions write are read from what they print. Those that AWS keeps itself are
taken from what was answered, how long it took and what lies in the queues.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, cast

import boto3
import pytest

from adobe_emulator.faults import AnswerWith, Fault, Poison, Service
from adobe_emulator.resources import Kind
from bridge.adapters.clock import utc_now
from functions.forwarder.wiring import components
from functions.provisioner import handler as provisioner
from functions.watch import handler as watch
from functions.watch import wiring as watch_wiring
from tests.support.alarm_evaluation import Metrics, alarms_in_alarm
from tests.support.delivery_cloud import DeliveryCloud, delivery_cloud
from tests.support.provisioner_cloud import Context
from tests.support.registrations import OTHER, VENDOR, bringing, deployed, put_path_tokens
from tests.support.sam_template import resources
from tests.support.webhook_events import signed

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

# `tests/support/leak_detection.py` sees that nothing of it is told, whatever the fault.
BODY = json.dumps({"title": "Found CANARY", "by": "canary@example.com"}).encode()


@dataclass
class Watched:
    """A cloud whose metrics are collected."""

    cloud: DeliveryCloud
    monkeypatch: pytest.MonkeyPatch
    metrics: Metrics = field(default_factory=Metrics)
    number: int = 0

    def service(self, name: str) -> None:
        self.monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", name)

    def send(self, secret: str = "") -> int:
        """Send a webhook that was never sent before; the status of the answer."""
        self.service("receiver")
        self.number += 1
        headers = {"x-github-delivery": f"alarm-{self.number}", "x-note": "CANARY"}
        sent = signed("github-signed", headers=headers, secret=secret, body=BODY)
        status = self.cloud.receive(sent).status
        self.metrics.add("AWS/Lambda", "Duration", {"FunctionName": "ReceiverFunction"}, 10.0)
        self.metrics.add("AWS/ApiGateway", "5xx", {"ApiId": "WebhookApi"}, float(status >= 500))
        return status

    def forward(self) -> None:
        """Let the forwarder try what waits; a message that it put off is soon back."""
        self.service("forwarder")
        errors = 0
        try:
            self.cloud.forward_what_waits()
        except Exception:  # noqa: BLE001 - Lambda takes it
            errors = 1
        self.metrics.add("AWS/Lambda", "Errors", {"FunctionName": "ForwarderFunction"}, errors)

    def forward_one(self) -> None:
        """Let the forwarder try one message that lies in no queue."""
        self.service("forwarder")
        self.cloud.forward("one")

    def look_for_drift(self) -> None:
        self.service("provisioner")
        context = cast("LambdaContext", Context(600))
        assert provisioner.lambda_handler({"action": "drift"}, context)["ok"]

    def look_at_everything(self) -> None:
        """The watch, ten minutes later."""
        self.service("watch")
        self.monkeypatch.setattr(watch_wiring, "utc_now", lambda: utc_now() + timedelta(minutes=10))
        watch_wiring.watch.cache_clear()
        context = cast("LambdaContext", Context(300, function_name="watch"))
        for metric in ("QuietSources", "Unaccounted"):
            watch.lambda_handler({"look": metric}, context)

    def heard(self, source: str, ago: timedelta) -> None:
        """What CloudWatch remembers of a webhook that was accepted."""
        dimensions = {"source": source, "service": "receiver"}
        boto3.client("cloudwatch").put_metric_data(
            Namespace="InletBridge/dev",
            MetricData=[
                {
                    "MetricName": "Accepted",
                    "Dimensions": [{"Name": n, "Value": v} for n, v in dimensions.items()],
                    "Timestamp": utc_now() - ago,
                    "Value": 1,
                }
            ],
        )

    def collect(self, out: str) -> None:
        self.metrics.read(out.splitlines())
        self.metrics.read(json.dumps(line) for line in self.cloud.lines())
        self.metrics.add(
            "AWS/SQS",
            "ApproximateNumberOfMessagesVisible",
            {"QueueName": "DeadLetters"},
            len(self.cloud.dead()),
        )


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    with delivery_cloud(monkeypatch) as cloud:
        yield Watched(cloud, monkeypatch)


def nothing(watched: Watched) -> None:
    watched.send()


def the_inlet_is_down(watched: Watched) -> None:
    watched.cloud.adobe.faults.add(
        Fault(Service.INLET, effect=AnswerWith(HTTPStatus.SERVICE_UNAVAILABLE), times=None)
    )
    assert watched.send() == 202
    for _ in range(6):
        watched.forward_one()


def the_inlet_throttles(watched: Watched) -> None:
    watched.cloud.adobe.faults.add(
        Fault(Service.INLET, effect=AnswerWith(HTTPStatus.TOO_MANY_REQUESTS), times=None)
    )
    assert watched.send() == 202
    for _ in range(6):
        watched.forward_one()


def no_token_is_given(watched: Watched) -> None:
    watched.cloud.forget_token()
    watched.cloud.adobe.faults.add(
        Fault(Service.IMS, effect=AnswerWith(HTTPStatus.BAD_REQUEST), times=None)
    )
    watched.cloud.restart()
    assert watched.send() == 202
    watched.forward()


def the_inlet_refuses_a_message(watched: Watched) -> None:
    watched.cloud.adobe.faults.poison(Poison("Found"))
    assert watched.send() == 202
    watched.forward()


def the_table_is_away(watched: Watched) -> None:
    watched.send()
    watched.cloud.fail("dynamodb")
    for _ in range(6):
        assert watched.send() == 503


def somebody_forges(watched: Watched) -> None:
    watched.send()
    for _ in range(101):
        assert watched.send(secret="guessed") == 401


def register(watched: Watched, *secrets: str) -> list[int]:
    """Bring secrets to a source that waits for one; the answers' status."""
    watched.send()
    put_path_tokens()
    deployed(watched.cloud, "asana")
    watched.service("receiver")
    return [watched.cloud.receive(bringing("asana", secret)).status for secret in secrets]


def two_register(watched: Watched) -> None:
    assert register(watched, VENDOR, OTHER) == [200, 401]


def one_registers_twice(watched: Watched) -> None:
    assert register(watched, VENDOR, VENDOR) == [200, 200]


def nobody_has_ever_sent(watched: Watched) -> None:
    """No webhook at all."""


def another_source_goes_quiet(watched: Watched) -> None:
    watched.cloud.configure("stripe")
    watched.send()
    watched.heard("github", timedelta(hours=2))
    watched.heard("stripe", timedelta(hours=30))


def every_source_goes_on(watched: Watched) -> None:
    watched.cloud.configure("stripe")
    watched.send()
    for source in ("github", "stripe"):
        watched.heard(source, timedelta(hours=2))
        watched.heard(source, timedelta(hours=30))


def something_waits(watched: Watched) -> None:
    watched.cloud.adobe.faults.add(Fault(Service.INLET, effect=AnswerWith(503)))
    assert watched.send() == 202


def the_buffer_loses_it(watched: Watched) -> None:
    something_waits(watched)
    boto3.client("sqs").purge_queue(QueueUrl=watched.cloud.buffer)


def the_forwarder_is_broken(watched: Watched) -> None:
    watched.send()
    watched.monkeypatch.delenv("RETRY_HOURS")
    components.cache_clear()
    watched.cloud.adobe.faults.add(Fault(Service.INLET, effect=AnswerWith(503)))
    watched.send()
    watched.forward()


def pretended(metric: str, dimension: tuple[str, str], value: float) -> Callable[[Watched], None]:
    """A metric that only AWS itself can move."""

    def fault(watched: Watched) -> None:
        watched.send()
        namespace = "AWS/SQS" if dimension[0] == "QueueName" else "AWS/Lambda"
        watched.metrics.add(namespace, metric, dict([dimension]), value)

    return fault


AGE = "ApproximateAgeOfOldestMessage"
RECEIVER = ("FunctionName", "ReceiverFunction")
FAULTS: dict[str, tuple[Callable[[Watched], None], set[str]]] = {
    "nothing": (nothing, set()),
    "the inlet is down": (the_inlet_is_down, {"InletFailedAlarm"}),
    "the inlet throttles": (the_inlet_throttles, {"InletThrottledAlarm"}),
    "no token is given": (no_token_is_given, {"TokenAlarm"}),
    "a message is refused": (
        the_inlet_refuses_a_message,
        {"MessagesRefusedAlarm", "DeadLettersAlarm"},
    ),
    "the table is away": (the_table_is_away, {"UnavailableAlarm", "ConservationAlarm"}),
    "somebody forges": (somebody_forges, {"RefusedAlarm"}),
    "two register": (two_register, {"RegistrationAlarm"}),
    "one registers twice": (one_registers_twice, set()),
    "nobody has ever sent": (nobody_has_ever_sent, set()),
    "another source goes quiet": (another_source_goes_quiet, {"SilenceAlarm"}),
    "every source goes on": (every_source_goes_on, set()),
    "something waits": (something_waits, set()),
    "the buffer loses something": (the_buffer_loses_it, {"ConservationAlarm"}),
    "the forwarder is broken": (the_forwarder_is_broken, {"ForwarderErrorsAlarm"}),
    "the buffer is old": (pretended(AGE, ("QueueName", "Buffer"), 3_601), {"BufferAgeAlarm"}),
    "events are old": (pretended(AGE, ("QueueName", "Events"), 3_601), {"EventsAgeAlarm"}),
    "Lambda throttles": (pretended("Throttles", RECEIVER, 1), {"ReceiverThrottlesAlarm"}),
    "the receiver is slow": (pretended("Duration", RECEIVER, 9_000), {"ReceiverSlowAlarm"}),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_rings_its_alarms_and_no_others(
    watched: Watched, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    fault, expected = FAULTS[name]
    fault(watched)
    watched.cloud.adobe.faults.clear()
    watched.look_for_drift()
    watched.look_at_everything()

    watched.collect(capsys.readouterr().out)
    assert alarms_in_alarm(watched.metrics) == expected


def test_a_flow_that_somebody_disabled_rings(
    watched: Watched, capsys: pytest.CaptureFixture[str]
) -> None:
    watched.send()
    for flow in watched.cloud.adobe.resources.all(Kind.FLOWS):
        flow.enabled = False
    watched.look_for_drift()
    watched.look_at_everything()

    watched.collect(capsys.readouterr().out)
    assert alarms_in_alarm(watched.metrics) == {"DriftAlarm"}


def test_a_check_for_drift_that_does_not_run_rings(
    watched: Watched, capsys: pytest.CaptureFixture[str]
) -> None:
    watched.send()
    watched.look_at_everything()

    watched.collect(capsys.readouterr().out)
    assert alarms_in_alarm(watched.metrics) == {"DriftAlarm"}


def test_a_watch_that_does_not_look_rings(
    watched: Watched, capsys: pytest.CaptureFixture[str]
) -> None:
    watched.send()
    watched.look_for_drift()

    watched.collect(capsys.readouterr().out)
    assert alarms_in_alarm(watched.metrics) == {"ConservationAlarm", "SilenceAlarm"}


def test_every_alarm_rings_for_some_fault() -> None:
    alarms = {
        name for name, item in resources().items() if item["Type"] == "AWS::CloudWatch::Alarm"
    }

    assert set().union(*(expected for _, expected in FAULTS.values())) | {"DriftAlarm"} == alarms
