"""Events that are not webhooks, through the forwarder's handler."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest

from bridge.delivery.delivery import Delivery
from bridge.messages.received_event import ReceivedEvent
from bridge.receiving.intake import Intake, IntakeResult
from bridge.sources.directory import ConfiguredSource
from tests.support.delivery_cloud import EVENTS, DeliveryCloud, delivery_cloud
from tests.support.webhook_events import signed

QUEUE = "arn:aws:sqs:eu-central-1:123456789012:inlet-bridge-dev-Events-1A2B3C4D5E6F"


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeliveryCloud]:
    """With a source `uploads` that takes events."""
    monkeypatch.setenv("EVENT_SOURCE", "uploads")
    monkeypatch.setenv("EVENTS_QUEUE_ARN", QUEUE)
    with delivery_cloud(monkeypatch) as cloud:
        source = {"Name": "uploads", "Verification": "iam", "Connection": "orders"}
        assert cloud.provisioned.ask(action="apply", source=source)["ok"]
        yield cloud


def event(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((EVENTS.parent / "intake" / f"{name}.json").read_text())
    return read


def test_an_event_of_eventbridge_waits_in_the_buffer_under_its_own_id(
    cloud: DeliveryCloud,
) -> None:
    assert cloud.take_events(event("eventbridge")) == []
    assert cloud.take_events(event("eventbridge")) == []

    [delivery] = cloud.buffered()
    assert delivery.delivery_id == "17793124-05d4-b198-2fde-7ededc63b103"
    assert delivery.event_type == "Object Created"
    assert delivery.sent_at == datetime(2026, 3, 14, 9, 20, 4, tzinfo=UTC)


def test_an_event_takes_the_same_way_to_the_inlet(cloud: DeliveryCloud) -> None:
    cloud.take_events(event("eventbridge"))

    assert cloud.forward_what_waits() == []
    [message] = cloud.adobe.ledger.received
    entity = json.loads(message.content)["body"]["xdmEntity"]
    assert entity["detail"]["object"]["key"] == "orders/1.csv"


def test_any_other_message_goes_under_the_id_that_sqs_gave_it(cloud: DeliveryCloud) -> None:
    assert cloud.take_events(event("plain-message")) == []

    [delivery] = cloud.buffered()
    assert (delivery.delivery_id, delivery.body) == ("1", b'{"order":7}')


def test_a_bug_at_one_event_leaves_it_in_its_queue_and_the_others_are_taken(
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
    ("name", "told"),
    [
        ("unreadable", "unreadable: the body is not JSON: JSONDecodeError"),
        ("unknown-source", "unknown flow: the source does not exist"),
    ],
)
def test_what_cannot_be_taken_is_a_dead_letter(cloud: DeliveryCloud, name: str, told: str) -> None:
    assert cloud.take_events(event(name)) == []

    [(text, reason)] = cloud.dead()
    assert reason == told
    [record] = event(name)["Records"]
    assert Delivery.decode(text).body.decode() == record["body"]


def test_a_source_of_webhooks_takes_no_events(cloud: DeliveryCloud) -> None:
    """Else the queue would be a way around the signature."""
    forged = event("unknown-source")
    forged["Records"][0]["messageAttributes"]["source"]["stringValue"] = "github"

    assert cloud.take_events(forged) == []
    [(_, reason)] = cloud.dead()
    assert reason == "unknown flow: the source accepts webhooks, not events"


def test_a_source_of_events_takes_no_webhooks(cloud: DeliveryCloud) -> None:
    request = signed("github-signed")
    request["pathParameters"]["source"] = "uploads"

    assert cloud.receive(request).status == 401


@pytest.mark.parametrize("operation", ["ssm.GetParameters", "dynamodb.PutItem", "sqs.SendMessage"])
def test_while_aws_does_not_answer_the_event_stays_in_its_queue(
    cloud: DeliveryCloud, operation: str
) -> None:
    cloud.fail(operation)

    assert cloud.take_events(event("eventbridge")) == ["c80e8021-a70a-42c7-a470-796e1186f753"]


INVENTED = (
    *("nobody", "UPPER", "../github", "github/paused", "a/b", "", " ", "*", "x" * 10_000),
    *("é" * 2_000, "a\nb", "\x1b[31m", "\ud800", "github ", "github\x00"),
)


def dimensions(out: str) -> set[str]:
    """The sources that were counted."""
    lines = [json.loads(line) for line in out.splitlines() if '"_aws"' in line]
    return {line["source"] for line in lines if "source" in line}


def test_invented_names_make_no_metric_and_no_long_line_and_nothing_is_lost(
    cloud: DeliveryCloud, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
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

    assert dimensions(capsys.readouterr().out) == {"(unknown)"}
    assert max(len(line["source"]) for line in cloud.lines() if "source" in line) <= 256


def test_a_redriven_event_of_an_invented_name_makes_no_metric_either(
    cloud: DeliveryCloud, capsys: pytest.CaptureFixture[str]
) -> None:
    written = event("unknown-source")
    written["Records"][0]["messageAttributes"]["source"]["stringValue"] = "é" * 3_000
    cloud.take_events(written)
    [(text, _)] = cloud.dead()
    boto3.client("sqs").send_message(QueueUrl=cloud.buffer, MessageBody=text)
    capsys.readouterr()

    assert cloud.forward_what_waits() == []
    [(_, reason)] = cloud.dead()
    assert reason == "unknown flow: the source no longer exists"
    assert dimensions(capsys.readouterr().out) == {"(unknown)"}


def test_every_event_is_used_by_a_test() -> None:
    text = Path(__file__).read_text()

    assert all(f'"{path.stem}"' in text for path in (EVENTS.parent / "intake").iterdir())
