"""Each fault raises the alarms of the template that are meant for it, and no others.

CloudWatch's evaluation is emulated for a day without a fault, hours with it and hours after it. The
metrics of the functions are read from their output. The metrics of AWS are derived from the
responses, their duration and the messages in the queues.
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
from adobe_emulator.lake import PlannedFailure
from adobe_emulator.resources import Kind
from bridge.adapters.adobe.inlet import HttpInlet
from bridge.adapters.clock import utc_now
from bridge.receiving.receiver import Receiver
from functions.forwarder.wiring import components
from functions.provisioner import handler as provisioner
from functions.reconciler import handler as reconciler
from functions.reconciler import wiring as reconciler_wiring
from functions.watch import handler as watch
from functions.watch import wiring as watch_wiring
from tests.support.alarm_evaluation import (
    CHECKS,
    HOUR,
    Metrics,
    Notification,
    Timeline,
    interval,
    properties_of_alarms,
    template_alarms,
)
from tests.support.cloudwatch_alarms import State
from tests.support.delivery_cloud import DeliveryCloud, delivery_cloud
from tests.support.provisioner_cloud import Context
from tests.support.registrations import OTHER, VENDOR, bringing, deployed, put_path_tokens
from tests.support.webhook_events import signed

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

# `tests/support/leak_detection.py` asserts that none of it is logged, whatever the fault.
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
        """Send a webhook that was not sent before, and return the status of the response."""
        self.service("receiver")
        self.number += 1
        headers = {"x-github-delivery": f"alarm-{self.number}", "x-note": "CANARY"}
        sent = signed("github-signed", headers=headers, secret=secret, body=BODY)
        status = self.cloud.receive(sent).status
        self.metrics.add("AWS/Lambda", "Duration", {"FunctionName": "ReceiverFunction"}, 10.0)
        self.metrics.add("AWS/ApiGateway", "5xx", {"ApiId": "WebhookApi"}, float(status >= 500))
        return status

    def forward(self) -> None:
        """Run the forwarder on the buffered messages; a postponed message returns soon."""
        self.service("forwarder")
        errors = 0
        try:
            self.cloud.forward_what_waits()
        except Exception:  # noqa: BLE001 - Lambda takes it
            errors = 1
        self.metrics.add("AWS/Lambda", "Errors", {"FunctionName": "ForwarderFunction"}, errors)

    def forward_one(self) -> None:
        """Run the forwarder on one message that is in no queue."""
        self.service("forwarder")
        self.cloud.forward("one")

    def check_drift(self) -> None:
        self.service("provisioner")
        context = cast("LambdaContext", Context(600))
        assert provisioner.lambda_handler({"action": "drift"}, context)["ok"]

    def run_all_checks(self) -> None:
        """Run the scheduled checks as if ten minutes had passed."""
        self.service("watch")
        self.monkeypatch.setattr(watch_wiring, "utc_now", lambda: utc_now() + timedelta(minutes=10))
        watch_wiring.watch.cache_clear()
        context = cast("LambdaContext", Context(300, function_name="watch"))
        for metric in ("QuietSources", "Unaccounted"):
            watch.lambda_handler({"look": metric}, context)
        self.service("reconciler")
        for built in (reconciler_wiring.batches, reconciler_wiring.reconciler):
            built.cache_clear()
        context = cast("LambdaContext", Context(300, function_name="reconciler"))
        reconciler.lambda_handler({"action": "reconcile"}, context)

    def record_accepted(self, source: str, ago: timedelta) -> None:
        """Store a past data point of the metric `Accepted` in CloudWatch."""
        boto3.client("cloudwatch").put_metric_data(
            Namespace="InletBridge/dev",
            MetricData=[
                {
                    "MetricName": "Accepted",
                    "Dimensions": [{"Name": "source", "Value": source}],
                    "Timestamp": utc_now() - ago,
                    "Value": 1,
                }
            ],
        )

    def collect(self) -> None:
        self.metrics.read(json.dumps(line) for line in self.cloud.lines())
        dead = len(self.cloud.dead())
        for name in ("ApproximateNumberOfMessagesVisible", "NumberOfMessagesSent"):
            self.metrics.add("AWS/SQS", name, {"QueueName": "DeadLetters"}, dead)


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    with delivery_cloud(monkeypatch) as cloud:
        yield Watched(cloud, monkeypatch)


def nothing(watched: Watched) -> None:
    watched.send()


def inlet_unavailable(watched: Watched) -> None:
    watched.cloud.adobe.faults.add(
        Fault(Service.INLET, effect=AnswerWith(HTTPStatus.SERVICE_UNAVAILABLE), times=None)
    )
    assert watched.send() == 202
    for _ in range(6):
        watched.forward_one()


def inlet_throttles(watched: Watched) -> None:
    watched.cloud.adobe.faults.add(
        Fault(Service.INLET, effect=AnswerWith(HTTPStatus.TOO_MANY_REQUESTS), times=None)
    )
    assert watched.send() == 202
    for _ in range(6):
        watched.forward_one()


def no_token(watched: Watched) -> None:
    watched.cloud.forget_token()
    watched.cloud.adobe.faults.add(
        Fault(Service.IMS, effect=AnswerWith(HTTPStatus.BAD_REQUEST), times=None)
    )
    watched.cloud.restart()
    assert watched.send() == 202
    watched.forward()


def inlet_rejects_a_message(watched: Watched) -> None:
    watched.cloud.adobe.faults.poison(Poison("Found"))
    assert watched.send() == 202
    watched.forward()


def adobe_rejects_a_message_later(watched: Watched) -> None:
    watched.cloud.adobe.lake.plan(PlannedFailure("Found", "required key [a] not found"))
    assert watched.send() == 200
    watched.cloud.adobe.clock.advance(timedelta(minutes=30))


def table_unavailable(watched: Watched) -> None:
    watched.send()
    watched.cloud.fail("dynamodb")
    for _ in range(6):
        assert watched.send() == 503


def forged_webhooks(watched: Watched) -> None:
    watched.send()
    for _ in range(101):
        assert watched.send(secret="guessed") == 401


def register(watched: Watched, *secrets: str) -> list[int]:
    """Register secrets with a source that waits for one, and return the statuses."""
    watched.send()
    put_path_tokens()
    deployed(watched.cloud, "asana")
    watched.service("receiver")
    return [watched.cloud.receive(bringing("asana", secret)).status for secret in secrets]


def two_registrations(watched: Watched) -> None:
    assert register(watched, VENDOR, OTHER) == [200, 401]


def repeated_registration(watched: Watched) -> None:
    assert register(watched, VENDOR, VENDOR) == [200, 200]


def no_webhook(watched: Watched) -> None:
    """Send no webhook at all."""


def one_source_is_silent(watched: Watched) -> None:
    watched.cloud.configure("stripe")
    watched.send()
    watched.record_accepted("github", timedelta(hours=2))
    watched.record_accepted("stripe", timedelta(hours=30))


def all_sources_send(watched: Watched) -> None:
    watched.cloud.configure("stripe")
    watched.send()
    for source in ("github", "stripe"):
        watched.record_accepted(source, timedelta(hours=2))
        watched.record_accepted(source, timedelta(hours=30))


def message_is_buffered(watched: Watched) -> None:
    watched.cloud.adobe.faults.add(Fault(Service.INLET, effect=AnswerWith(503)))
    assert watched.send() == 202


def buffer_loses_a_message(watched: Watched) -> None:
    message_is_buffered(watched)
    boto3.client("sqs").purge_queue(QueueUrl=watched.cloud.buffer)


def forwarder_fails(watched: Watched) -> None:
    watched.send()
    watched.monkeypatch.delenv("RETRY_HOURS")
    components.cache_clear()
    watched.cloud.adobe.faults.add(Fault(Service.INLET, effect=AnswerWith(503)))
    watched.send()
    watched.forward()


def webhook_waits_for_an_hour(watched: Watched) -> None:
    """The source is paused; the age that SQS measures begins anew with each message."""
    watched.send()
    pause = "/inlet-bridge/dev/sources/github/paused"
    boto3.client("ssm").put_parameter(Name=pause, Value="1", Type="String")
    watched.cloud.restart()
    watched.cloud.buffer_large(1, age=timedelta(seconds=3_601))
    watched.forward()


def bug_at_one_message(watched: Watched) -> None:
    watched.send()
    watched.cloud.adobe.faults.add(Fault(Service.INLET, effect=AnswerWith(503)))
    watched.send()

    def broken(*_: object) -> None:
        raise RuntimeError

    with watched.monkeypatch.context() as patch:
        patch.setattr(HttpInlet, "send", broken)
        watched.forward()


def bug_in_the_receiver(watched: Watched) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    with watched.monkeypatch.context() as patch:
        patch.setattr(Receiver, "receive", broken)
        assert watched.send() == 503


def flow_is_disabled(watched: Watched) -> None:
    watched.send()
    for flow in watched.cloud.adobe.resources.all(Kind.FLOWS):
        flow.enabled = False


def aws_metric(metric: str, dimension: tuple[str, str], value: float) -> Callable[[Watched], None]:
    """Set a metric that only AWS can emit."""

    def fault(watched: Watched) -> None:
        watched.send()
        namespace = "AWS/SQS" if dimension[0] == "QueueName" else "AWS/Lambda"
        watched.metrics.add(namespace, metric, dict([dimension]), value)

    return fault


AGE = "ApproximateAgeOfOldestMessage"
RECEIVER = ("FunctionName", "ReceiverFunction")
FAULTS: dict[str, tuple[Callable[[Watched], None], set[str]]] = {
    "nothing": (nothing, set()),
    "the inlet is down": (inlet_unavailable, {"InletFailedAlarm"}),
    "the inlet throttles": (inlet_throttles, {"InletThrottledAlarm"}),
    # Nothing is reconciled meanwhile, and the fault lasts for more than nine hours.
    "no token is given": (no_token, {"TokenAlarm", "RejectedByAdobeAlarm"}),
    "a message is refused": (
        inlet_rejects_a_message,
        {"MessagesRefusedAlarm", "DeadLettersAlarm", "NewDeadLettersAlarm"},
    ),
    "the table is away": (
        table_unavailable,
        {"UnavailableAlarm", "ConservationAlarm", "RejectedByAdobeAlarm"},
    ),
    "a message is rejected later": (adobe_rejects_a_message_later, {"RejectedByAdobeAlarm"}),
    "somebody forges": (forged_webhooks, {"RefusedAlarm"}),
    "two register": (two_registrations, {"RegistrationAlarm"}),
    "one registers twice": (repeated_registration, set()),
    "nobody has ever sent": (no_webhook, set()),
    "another source goes quiet": (
        one_source_is_silent,
        {"SilenceAlarm", "MoreSilentSourcesAlarm"},
    ),
    "every source goes on": (all_sources_send, set()),
    "something waits": (message_is_buffered, set()),
    "the buffer loses something": (buffer_loses_a_message, {"ConservationAlarm"}),
    "the forwarder is broken": (forwarder_fails, {"ForwarderErrorsAlarm"}),
    "a message meets a bug": (bug_at_one_message, {"UnforeseenAlarm"}),
    "a request meets a bug": (bug_in_the_receiver, {"UnforeseenAlarm"}),
    "a flow is disabled": (flow_is_disabled, {"DriftAlarm"}),
    "the buffer is old": (aws_metric(AGE, ("QueueName", "Buffer"), 3_601), {"BufferAgeAlarm"}),
    "a webhook waits for an hour": (webhook_waits_for_an_hour, {"WaitingAgeAlarm"}),
    "events are old": (aws_metric(AGE, ("QueueName", "Events"), 3_601), {"EventsAgeAlarm"}),
    "Lambda throttles": (aws_metric("Throttles", RECEIVER, 1), {"ReceiverThrottlesAlarm"}),
    "the receiver is slow": (aws_metric("Duration", RECEIVER, 9_000), {"ReceiverSlowAlarm"}),
}


START, END, LATER = 18 * HOUR, 30 * HOUR, 44 * HOUR
"""When a fault begins and ends, and the last evaluation, in minutes."""


def collected(watched: Watched, fault: Callable[[Watched], None]) -> Metrics:
    """The metrics of a fault and of the checks that run meanwhile."""
    fault(watched)
    watched.cloud.adobe.faults.clear()
    watched.check_drift()
    watched.run_all_checks()
    watched.collect()
    return watched.metrics


def healthy_but(metrics: Metrics, end: int = END) -> Timeline:
    """A stack without a fault, except from `START` to `end`."""
    timeline = Timeline()
    for name in CHECKS:
        timeline.check(interval(name), START, [name])
        timeline.check(END, LATER, [name])
    timeline.repeat(metrics, START, end)
    return timeline


def in_alarm(notifications: list[Notification]) -> list[str]:
    """The alarms that notified of state ALARM, once for each time."""
    assert all(START < each.minute <= END for each in notifications if each.state is State.ALARM), (
        notifications
    )
    return sorted(each.alarm for each in notifications if each.state is State.ALARM)


@pytest.mark.parametrize("name", FAULTS)
def test_fault_raises_its_alarms_once_also_while_a_dead_letter_waits(
    watched: Watched, name: str
) -> None:
    fault, expected = FAULTS[name]
    timeline = healthy_but(collected(watched, fault))

    alone = timeline.notifications(LATER)
    timeline.repeat(one_dead_letter(), HOUR, LATER)
    beside = timeline.notifications(LATER)

    assert in_alarm(alone) == sorted(expected)
    for alarm in expected:  # It ends, at the latest when its points have left the evaluation range.
        ended = [each for each in alone if each.alarm == alarm][-1]
        evaluated = template_alarms()[alarm]
        assert ended.state is State.OK
        assert ended.minute <= END + (evaluated.periods + 2) * evaluated.query.period + HOUR
    standing = [each for each in beside if each.alarm == "DeadLettersAlarm"]
    assert standing[-1] == (HOUR + 1, "DeadLettersAlarm", State.ALARM)
    assert [each for each in beside if each not in standing] == [
        each for each in alone if each.alarm != "DeadLettersAlarm"
    ]


def one_dead_letter() -> Metrics:
    """A dead letter that stays in the queue."""
    metrics = Metrics()
    queue = {"QueueName": "DeadLetters"}
    metrics.add("AWS/SQS", "ApproximateNumberOfMessagesVisible", queue, 1)
    return metrics


def test_one_bug_at_one_message_raises_an_alarm(watched: Watched) -> None:
    metrics = collected(watched, bug_at_one_message)

    # Once only, and checks without a result.
    notifications = healthy_but(metrics, START + 1).notifications(START + HOUR)

    assert in_alarm(notifications) == ["UnforeseenAlarm"]


def test_every_alarm_is_raised_by_some_fault() -> None:
    assert set().union(*(expected for _, expected in FAULTS.values())) == set(
        properties_of_alarms()
    )
