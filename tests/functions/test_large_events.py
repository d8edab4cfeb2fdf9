"""What the queue of events accepts fits every later message: of the buffer and of dead letters."""

import json
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from datetime import UTC, datetime
from functools import cache
from random import Random
from string import ascii_letters
from typing import Any, Final

import boto3
import pytest
from botocore.exceptions import ClientError

from bridge.delivery.delivery import Delivery
from tests.support.delivery_cloud import DeliveryCloud
from tests.support.delivery_queues import EVENTS
from tests.support.sam_template import source_resources
from tests.support.uploads_cloud import uploads_cloud

LARGEST: Final = 1_048_576
"""Bytes of a message with its attributes (Amazon SQS Developer Guide, "Message quotas")."""
ROUTE: Final = {"When": "headers.note != 'never'", "Flow": "orders", "Map": {"n": "body.n"}}

WITHOUT: Final = (
    "the message attributes are too large to be kept with the body, a redrive routes it without"
    " them"
)


def accepted_bytes() -> int:
    """The largest message that the queue of events accepts."""
    return int(source_resources()["Events"]["Properties"].get("MaximumMessageSize", LARGEST))


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeliveryCloud]:
    with uploads_cloud(monkeypatch) as cloud:
        session = boto3.DEFAULT_SESSION
        assert session
        session.events.register(
            "provide-client-params.sqs.SendMessage", lambda params, **_: refuse_larger(params)
        )
        session.events.register(
            "provide-client-params.sqs.SendMessageBatch",
            lambda params, **_: refuse_larger(*params["Entries"]),
        )
        cloud.restart()
        yield cloud


def refuse_larger(*messages: Mapping[str, Any]) -> None:
    """As SQS; moto counts characters, and no attributes."""
    texts = [message["MessageBody"] for message in messages]
    for message in messages:
        for name, value in message.get("MessageAttributes", {}).items():
            texts.append(name + value["DataType"] + value["StringValue"])
    if len("".join(texts).encode()) > LARGEST:
        raise ClientError({"Error": {"Code": "InvalidParameterValue"}}, "SendMessage")


def taken(body: str, **attributes: str) -> dict[str, Any]:
    """One message of the queue of events."""
    event = json.loads((EVENTS.parent / "intake" / "plain-message.json").read_text())
    [record] = event["Records"]
    kind = record["messageAttributes"].pop("kind")
    record["body"] = body
    for name, text in attributes.items():
        record["messageAttributes"][name] = {**deepcopy(kind), "stringValue": text}
    return dict(event)


@cache
def noise(count: int) -> str:
    """Letters that no compression makes short enough."""
    return "".join(Random(7).choices(ascii_letters + "0123456789+/_-.,:;", k=count))  # noqa: S311


@pytest.mark.parametrize(
    ("body_of", "source", "reason"),
    [
        (lambda: noise(accepted_bytes() - 17), "unknown", "unknown flow: the source does not"),
        (lambda: noise(accepted_bytes()), "", "unreadable: the "),
        (lambda: '{"n":1}'.ljust(accepted_bytes()), "", "unreadable: the message would be over"),
    ],
)
def test_largest_event_can_be_dead_lettered_and_sent_again(
    cloud: DeliveryCloud, body_of: Callable[[], str], source: str, reason: str
) -> None:
    body = body_of()
    attributes = {"source": source} if source else {}

    assert cloud.take_events(taken(body, **attributes)) == []

    [(text, said)] = cloud.dead()
    assert said.startswith(reason)
    letter = Delivery.decode(text)
    assert letter.body.decode() == body
    now = datetime.now(UTC)
    again = letter._replace(attempts=10**8, sends=10**8, not_before=now, replay="r" * 64)
    refuse_larger({"MessageBody": again.encode()})


@pytest.mark.parametrize(
    ("character", "is_kept"), [("\x7f", False), ("é", False), ('"', False), ("a", True)]
)
def test_attributes_that_grow_in_the_buffer_do_not_hold_up_the_event(
    cloud: DeliveryCloud, character: str, *, is_kept: bool
) -> None:
    """JSON writes U+007F as six bytes."""
    source = {"Name": "uploads", "Verification": "iam", "Connection": "orders", "Routes": [ROUTE]}
    assert cloud.provisioned.ask(action="apply", source=source)["ok"]
    cloud.restart()
    attribute = character * (200_000 // len(character.encode()))
    body = json.dumps({"n": 1, "a": noise(accepted_bytes() - 200_100)})

    assert cloud.take_events(taken(body, note=attribute)) == []

    [(text, reason)] = cloud.dead()
    known = "unreadable: the message attributes are over 32768 bytes as JSON"
    assert reason == (known if is_kept else f"{known}; {WITHOUT}")
    letter = Delivery.decode(text)
    assert letter.body.decode() == body
    assert ("note" in letter.headers) is is_kept


def test_event_with_the_largest_attributes_is_buffered(cloud: DeliveryCloud) -> None:
    source = {"Name": "uploads", "Verification": "iam", "Connection": "orders", "Routes": [ROUTE]}
    assert cloud.provisioned.ask(action="apply", source=source)["ok"]
    cloud.restart()
    attribute = "\x7f" * 5_400
    body = json.dumps({"n": 1, "a": noise(accepted_bytes() - 5_450)})

    assert cloud.take_events(taken(body, note=attribute)) == []

    [delivery] = cloud.buffered()
    assert delivery.headers == {"note": attribute}
    assert delivery.body.decode() == body


def test_attribute_that_is_written_twice_is_counted_twice(cloud: DeliveryCloud) -> None:
    """The type of a body is needed to read it, and a route may read it, too."""
    route = {"When": "headers.\"content-type\" != 'a'", "Flow": "orders", "Map": {"n": "'1'"}}
    source = {"Name": "uploads", "Verification": "iam", "Connection": "orders", "Routes": [route]}
    assert cloud.provisioned.ask(action="apply", source=source)["ok"]
    cloud.restart()
    kind = "text/plain; charset=latin1; x=" + "\x7f" * 5_380
    body = f"a={noise(accepted_bytes() - 5_500)}"

    assert cloud.take_events(taken(body, **{"content-type": kind})) == []

    [(text, reason)] = cloud.dead()
    assert reason == f"unreadable: the message attributes are over 32768 bytes as JSON; {WITHOUT}"
    assert Delivery.decode(text).body.decode() == body
