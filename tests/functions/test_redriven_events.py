"""An event that a function moved to the dead-letter queue is, after a redrive, what it was."""

import json
from collections.abc import Iterator
from random import Random
from string import ascii_letters, digits
from typing import Any

import boto3
import pytest

from bridge.delivery.delivery import Delivery
from tests.support.delivery_cloud import DeliveryCloud
from tests.support.delivery_queues import EVENTS
from tests.support.uploads_cloud import uploads_cloud

ROUTES = [
    {
        "When": "headers.kind == 'order'",
        "Flow": "orders",
        "Map": {"n": "body.n", "kind": "headers.kind", "id": 'headers."message-id"'},
    }
]


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeliveryCloud]:
    with uploads_cloud(monkeypatch) as cloud:
        yield cloud


def configure(cloud: DeliveryCloud, name: str, **properties: Any) -> None:
    source = {"Name": name, "Verification": "iam", "Connection": "orders", **properties}
    assert cloud.provisioned.ask(action="apply", source=source)["ok"]
    cloud.restart()


def taken(body: str, sample: str = "plain-message", **attributes: str) -> dict[str, Any]:
    """One message of the queue of events."""
    event: dict[str, Any] = json.loads((EVENTS.parent / "intake" / f"{sample}.json").read_text())
    [record] = event["Records"]
    record["body"] = body or record["body"]
    for name, text in attributes.items():
        record["messageAttributes"][name] = {"stringValue": text, "dataType": "String"}
    return event


def redrive(cloud: DeliveryCloud) -> None:
    """Move the only dead letter to the buffer and forward it."""
    [(text, _)] = cloud.take_dead()
    boto3.client("sqs").send_message(QueueUrl=cloud.buffer, MessageBody=text)
    assert cloud.forward_what_waits() == []


def sent(cloud: DeliveryCloud) -> list[Any]:
    return [json.loads(each.content)["body"]["xdmEntity"] for each in cloud.adobe.ledger.received]


def test_redriven_event_is_routed_by_its_attributes(cloud: DeliveryCloud) -> None:
    assert cloud.take_events(taken('{"n":7}', source="later", Kind="order")) == []
    configure(cloud, "later", Routes=ROUTES, Otherwise="drop")

    redrive(cloud)

    assert sent(cloud) == [{"n": 7, "kind": "order", "id": "1"}]


def test_redriven_body_is_read_by_its_content_type(cloud: DeliveryCloud) -> None:
    message = taken(
        "n=%E4", source="later", **{"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert cloud.take_events(message) == []
    configure(cloud, "later", Charset="latin1", Routes=ROUTES, Otherwise="drop")

    redrive(cloud)

    assert sent(cloud) == [{"n": "ä", "kind": "order", "id": "1"}]


def test_redriven_event_has_its_type_and_its_time(cloud: DeliveryCloud) -> None:
    event_map = {"type": "event_type"}
    routes = [{"When": "event_type == 'Object Created'", "Flow": "orders", "Map": event_map}]
    assert cloud.take_events(taken("", "eventbridge", source="later")) == []
    configure(cloud, "later", Routes=routes, Otherwise="drop")

    redrive(cloud)

    assert sent(cloud) == [{"type": "Object Created"}]


def test_redriven_event_of_a_webhook_source_is_rejected_again(cloud: DeliveryCloud) -> None:
    """A redrive would bypass the verification of signatures."""
    assert cloud.take_events(taken('{"n":7}', source="github")) == []

    redrive(cloud)

    [(_, reason)] = cloud.dead()
    assert reason == "unknown flow: the source accepts webhooks, not events"
    assert sent(cloud) == []


def test_letter_of_an_earlier_version_is_routed_without_attributes(cloud: DeliveryCloud) -> None:
    assert cloud.take_events(taken('{"n":7}', source="later")) == []
    [(text, _)] = cloud.take_dead()
    earlier = Delivery.decode(text)._replace(headers={}, content_type="", content_encoding="")
    configure(cloud, "later", Routes=[{"Flow": "orders", "Map": {"n": "body.n"}}])

    boto3.client("sqs").send_message(QueueUrl=cloud.buffer, MessageBody=earlier.encode())

    assert cloud.forward_what_waits() == []
    assert sent(cloud) == [{"n": 7}]


def test_attributes_that_fit_no_message_are_named_in_the_reason(cloud: DeliveryCloud) -> None:
    noise = "".join(Random(7).choices(ascii_letters + digits + "+/_-.,:;", k=800_000))  # noqa: S311
    message = taken(json.dumps({"n": noise}), source="later", a="é" * 90_000)

    assert cloud.take_events(message) == []

    [(text, reason)] = cloud.dead()
    assert reason.endswith("too large to be kept with the body, a redrive routes it without them")
    assert Delivery.decode(text).headers == {}
