"""Tests of events that are not webhooks, through the handler of the forwarder."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from bridge.delivery.delivery import Delivery
from bridge.messages.received_event import ReceivedEvent
from bridge.receiving.intake import Intake, IntakeResult
from bridge.sources.configured import ConfiguredSource
from tests.support.delivery_cloud import DeliveryCloud
from tests.support.delivery_queues import EVENTS
from tests.support.uploads_cloud import uploads_cloud
from tests.support.webhook_events import signed


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeliveryCloud]:
    with uploads_cloud(monkeypatch) as cloud:
        yield cloud


def event(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((EVENTS.parent / "intake" / f"{name}.json").read_text())
    return read


def test_eventbridge_event_is_buffered_under_its_own_id(
    cloud: DeliveryCloud,
) -> None:
    assert cloud.take_events(event("eventbridge")) == []
    assert cloud.take_events(event("eventbridge")) == []

    [delivery] = cloud.buffered()
    assert delivery.delivery_id == "17793124-05d4-b198-2fde-7ededc63b103"
    assert delivery.event_type == "Object Created"
    assert delivery.sent_at == datetime(2026, 3, 14, 9, 20, 4, tzinfo=UTC)


def test_event_is_forwarded_to_the_inlet(cloud: DeliveryCloud) -> None:
    cloud.take_events(event("eventbridge"))

    assert cloud.forward_what_waits() == []
    [message] = cloud.adobe.ledger.received
    entity = json.loads(message.content)["body"]["xdmEntity"]
    assert entity["detail"]["object"]["key"] == "orders/1.csv"


def test_other_message_is_buffered_under_its_sqs_message_id(cloud: DeliveryCloud) -> None:
    assert cloud.take_events(event("plain-message")) == []

    [delivery] = cloud.buffered()
    assert (delivery.delivery_id, delivery.body) == ("1", b'{"order":7}')


def test_unexpected_error_at_one_event_does_not_affect_the_others(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = event("plain-message")["Records"]
    poison = records[0] | {"messageId": "poison", "body": "CANARY"}
    accept = Intake.accept

    def broken(
        intake: Intake, configured: ConfiguredSource, received: ReceivedEvent
    ) -> IntakeResult:
        if received.body == b"CANARY":
            raise KeyError("CANARY")
        return accept(intake, configured, received)

    monkeypatch.setattr(Intake, "accept", broken)

    assert cloud.take_events({"Records": [poison, *records]}) == ["poison"]
    assert [delivery.delivery_id for delivery in cloud.buffered()] == ["1"]
    [line] = [line for line in cloud.lines() if line["message"] == "unforeseen"]
    assert (line["error"], line["message_id"]) == ("KeyError", "poison")
    assert "CANARY" not in cloud.log.getvalue()


@pytest.mark.parametrize(
    ("name", "output"),
    [
        ("unreadable", "unreadable: the body is not JSON"),
        ("unknown-source", "unknown flow: the source does not exist"),
    ],
)
def test_unusable_event_is_moved_to_the_dead_letter_queue(
    cloud: DeliveryCloud, name: str, output: str
) -> None:
    assert cloud.take_events(event(name)) == []

    [(text, reason)] = cloud.dead()
    assert reason == output
    [record] = event(name)["Records"]
    assert Delivery.decode(text).body.decode() == record["body"]


def test_webhook_source_rejects_events(cloud: DeliveryCloud) -> None:
    """Otherwise the queue would bypass the verification of signatures."""
    forged = event("unknown-source")
    forged["Records"][0]["messageAttributes"]["source"]["stringValue"] = "github"

    assert cloud.take_events(forged) == []
    [(_, reason)] = cloud.dead()
    assert reason == "unknown flow: the source accepts webhooks, not events"


def test_event_source_rejects_webhooks(cloud: DeliveryCloud) -> None:
    request = signed("github-signed")
    request["pathParameters"]["source"] = "uploads"

    assert cloud.receive(request).status == 401


@pytest.mark.parametrize("operation", ["ssm.GetParameters", "dynamodb.PutItem", "sqs.SendMessage"])
def test_event_stays_in_its_queue_while_aws_is_unavailable(
    cloud: DeliveryCloud, operation: str
) -> None:
    cloud.fail(operation)

    assert cloud.take_events(event("eventbridge")) == ["c80e8021-a70a-42c7-a470-796e1186f753"]


def test_age_of_events_that_stay_is_measured(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQS's own metric omits what was received three times."""

    def broken(*_: object) -> IntakeResult:
        raise RuntimeError

    def hours() -> list[int]:
        lines = (line.get("WaitingAge", []) for line in cloud.lines())
        return [round(age / 3_600) for ages in lines for age in ages]

    old = event("plain-message")
    two_hours_ago = datetime.now(UTC) - timedelta(hours=2)
    old["Records"][0]["attributes"]["SentTimestamp"] = f"{two_hours_ago.timestamp() * 1_000:.0f}"

    cloud.fail("dynamodb.PutItem")
    cloud.take_events(old)
    assert hours() == [2]
    monkeypatch.setattr(Intake, "accept", broken)
    cloud.take_events(old)
    assert hours() == [2, 2]


INVENTED = (
    *("nobody", "UPPER", "../github", "github/paused", "a/b", "", " ", "*", "x" * 10_000),
    *("é" * 2_000, "a\nb", "\x1b[31m", "\ud800", "github ", "github\x00"),
)


def dimensions(lines: list[dict[str, Any]]) -> set[str]:
    """Return the sources that were counted."""
    return {line["source"] for line in lines if "_aws" in line and "source" in line}


def test_unknown_source_names_create_no_metric_and_no_long_log_line(cloud: DeliveryCloud) -> None:
    written = event("unknown-source")
    for number, name in enumerate(INVENTED):
        [template] = written["Records"]
        template["messageId"] = f"m-{number}"
        template["messageAttributes"]["source"]["stringValue"] = name

        assert cloud.take_events(written) == []
        [(text, reason)] = cloud.dead()
        assert reason == "unknown flow: the source does not exist"
        assert Delivery.decode(text).body == b'{"order":8}'
        assert len(text) < 2_000

    assert dimensions(cloud.lines()) == {"(unknown)"}
    assert max(len(line["source"]) for line in cloud.lines() if "source" in line) <= 256


def test_redriven_event_of_an_unknown_source_creates_no_metric(cloud: DeliveryCloud) -> None:
    written = event("unknown-source")
    written["Records"][0]["messageAttributes"]["source"]["stringValue"] = "é" * 3_000
    cloud.take_events(written)
    [(text, _)] = cloud.dead()
    boto3.client("sqs").send_message(QueueUrl=cloud.buffer, MessageBody=text)
    before = len(cloud.lines())

    assert cloud.forward_what_waits() == []
    [(_, reason)] = cloud.dead()
    assert reason == "unknown flow: the source no longer exists"
    assert dimensions(cloud.lines()[before:]) == {"(unknown)"}


def test_every_sample_event_is_used_by_a_test() -> None:
    text = Path(__file__).read_text()

    assert all(f'"{path.stem}"' in text for path in (EVENTS.parent / "intake").iterdir())
