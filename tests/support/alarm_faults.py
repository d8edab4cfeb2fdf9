"""Faults, and the alarms of the template that each is meant to raise."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import boto3

from adobe_emulator.faults import AnswerWith, Fault, Poison, Service
from adobe_emulator.lake import PlannedFailure
from adobe_emulator.resources import Kind
from bridge.adapters.adobe.inlet import HttpInlet
from bridge.receiving.receiver import Receiver
from functions.forwarder.wiring import components
from tests.support.delivery_queues import EVENTS
from tests.support.registrations import OTHER, VENDOR, bringing, deployed, put_path_tokens
from tests.support.watched_cloud import Watched


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
    # The provisioner has read the token before, and goes on with it.
    assert watched.cloud.provisioned.ask(action="status")["ok"]
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


def event_waits_for_an_hour(watched: Watched) -> None:
    """The source of the queue is missing; SQS omits what was received three times from its age."""
    watched.send()
    watched.service("forwarder")
    sent_at = datetime.now(UTC) - timedelta(seconds=3_601)
    written = json.loads((EVENTS.parent / "intake" / "eventbridge.json").read_text())
    for record in written["Records"]:
        record["attributes"]["SentTimestamp"] = f"{sent_at.timestamp() * 1_000:.0f}"
    assert watched.cloud.take_events(written)


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
    "an event waits for an hour": (event_waits_for_an_hour, {"WaitingAgeAlarm"}),
    "events are old": (aws_metric(AGE, ("QueueName", "Events"), 3_601), {"EventsAgeAlarm"}),
    "Lambda throttles": (aws_metric("Throttles", RECEIVER, 1), {"ReceiverThrottlesAlarm"}),
    "the receiver is slow": (aws_metric("Duration", RECEIVER, 9_000), {"ReceiverSlowAlarm"}),
}
