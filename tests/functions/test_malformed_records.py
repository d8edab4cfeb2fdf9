"""A malformed queue record does not affect the other records of its batch."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest

from bridge.delivery.delivery import Delivery
from bridge.errors import UnavailableError
from functions.forwarder import handler as forwarder
from tests.support.delivery_cloud import DeliveryCloud
from tests.support.delivery_queues import EVENTS
from tests.support.odd_values import DELETED, oddities
from tests.support.provisioner_cloud import Context
from tests.support.uploads_cloud import uploads_cloud

NO_EVENTS: tuple[Any, ...] = (None, [], "", "x", 5, True, {}, [{}], {"a": 1})
# Each record is a batch of its own, so a few values must suffice.
FEW: tuple[Any, ...] = (DELETED, None, 5, "", "\ud800", "x", [], {}, {"a": None})


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeliveryCloud]:
    with uploads_cloud(monkeypatch) as cloud:
        yield cloud


def context(name: str) -> Any:
    return Context(60, function_name=name)


def unforeseen(cloud: DeliveryCloud) -> list[dict[str, Any]]:
    return [line for line in cloud.lines() if line["level"] == "CRITICAL"]


def record(cloud: DeliveryCloud, number: int) -> dict[str, Any]:
    """Return a record of the buffer, as Lambda passes it."""
    [template] = json.loads((EVENTS / "one.json").read_text())["Records"]
    names = {"messageId": f"m-{number}", "receiptHandle": f"r-{number}"}
    names["eventSourceARN"] = cloud.buffer_arn
    return {**template, **names, "body": delivery(key=f"id:d-{number}").encode()}


def delivery(source: str = "github", key: str = "id:d") -> Delivery:
    now = datetime.now(UTC)
    return Delivery(source, "d", key, "issues", "orders", now, now, b'{"a":1}')


def dead_letters(cloud: DeliveryCloud) -> list[str]:
    """Receive and delete the messages of the dead-letter queue."""
    return [text for text, _ in cloud.take_dead()]


def test_malformed_buffer_record_does_not_affect_the_other_records(cloud: DeliveryCloud) -> None:
    numbers = count(1)
    states: dict[str, set[str]] = {}
    genuine = record(cloud, 0)
    for place, odd in [*oddities(genuine, FEW), *(("record", odd) for odd in FEW[1:])]:
        if isinstance(odd, dict) and odd.get("body") == genuine["body"]:
            odd["body"] = record(cloud, next(numbers))["body"]
        before = len(cloud.adobe.ledger.received)

        answer = forwarder.lambda_handler(
            {"Records": [record(cloud, next(numbers)), odd, record(cloud, next(numbers))]},
            context("forwarder"),
        )

        assert answer == {"batchItemFailures": []}, place
        delivered, dead = len(cloud.adobe.ledger.received) - before, len(dead_letters(cloud))
        assert (delivered, dead) in {(3, 0), (2, 1)}, place
        states.setdefault(place, set()).add("dead" if dead else "delivered")

    assert states.pop("body") == states.pop("record") == {"dead"}
    assert set().union(*states.values()) == {"delivered"}
    assert unforeseen(cloud) == []


def test_unstorable_record_without_an_id_fails_the_whole_batch(
    cloud: DeliveryCloud,
) -> None:
    """Lambda interprets an empty identifier as a failure of the whole batch."""
    cloud.fail("sqs.SendMessage")

    answer = forwarder.lambda_handler({"Records": [record(cloud, 1), {}]}, context("forwarder"))

    assert answer == {"batchItemFailures": [{"itemIdentifier": ""}]}


def test_delivery_with_an_unstorable_key_does_not_affect_the_other_records(
    cloud: DeliveryCloud,
) -> None:
    for source, key in (
        *(("", "d"), ("github", ""), ("x" * 2_040, "d"), ("github", "é" * 513)),
        *(("\ud800", "d"), ("github", "\ud800")),
    ):
        odd = record(cloud, 0)
        odd["body"] = delivery(source, key).encode()

        answer = forwarder.lambda_handler(
            {"Records": [odd, record(cloud, 1)]}, context("forwarder")
        )

        assert answer == {"batchItemFailures": []}
        assert dead_letters(cloud) == [odd["body"]]
    assert len(cloud.adobe.ledger.received) == 1


@pytest.mark.parametrize("event", [*NO_EVENTS, {"Records": None}, {"Records": "x"}])
def test_event_that_is_not_a_batch_fails_so_that_nothing_is_deleted(
    cloud: DeliveryCloud, event: Any
) -> None:
    with pytest.raises(UnavailableError, match="the event is not a batch of a queue"):
        forwarder.lambda_handler(event, context("forwarder"))


def test_empty_batch_succeeds(cloud: DeliveryCloud) -> None:
    answer = forwarder.lambda_handler({"Records": []}, context("forwarder"))

    assert answer == {"batchItemFailures": []}


def intake(name: str) -> dict[str, Any]:
    """Return an event of the queue `Events`."""
    read: dict[str, Any] = json.loads((EVENTS.parent / "intake" / f"{name}.json").read_text())
    return read


def test_malformed_event_record_does_not_affect_the_other_records(cloud: DeliveryCloud) -> None:
    def plain(number: int) -> dict[str, Any]:
        [template] = intake("plain-message")["Records"]
        changed: dict[str, Any] = {**template, "messageId": f"m-{number}"}
        return changed

    numbers, states = count(), dict[str, set[int]]()
    [named] = intake("unknown-source")["Records"]
    named["messageAttributes"]["source"]["stringValue"] = "uploads"
    for place, odd in [*oddities(named, FEW), *(("record", value) for value in FEW[1:])]:
        batch = [plain(next(numbers)), odd, plain(next(numbers))]

        assert cloud.take_events({"Records": batch}) == [], place
        states.setdefault(place, set()).add(len(cloud.take_dead()))
    recorded = {each["delivery_id"] for each in cloud.records()}
    assert {f"id:m-{number}" for number in range(next(numbers))} <= recorded
    assert states.pop("body") == states.pop("record") == {1}
    attributes = {place for place in states if place.startswith("messageAttributes")}
    assert set().union(*(states[place] for place in attributes)) == {0, 1}
    assert set().union(*(states[place] for place in states.keys() - attributes)) == {0}
    assert [line for line in cloud.lines() if line["level"] == "CRITICAL"] == []
