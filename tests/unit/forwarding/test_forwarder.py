"""Tests for `bridge.forwarding.forwarder`."""

import json
from copy import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from bridge.delivery.counts import Count
from bridge.delivery.delivery import Delivery
from bridge.delivery.outcomes import DeadClass
from bridge.delivery.record import State
from bridge.forwarding.retry_policy import RetryPolicy
from bridge.ports.adobe import InletResponse
from tests.support import sample_webhooks as samples
from tests.support.delivery_fakes import FakeDeliveries
from tests.support.fakes import (
    NOON,
    FakeDeadLetters,
    FakeInlet,
    FakeParameters,
    FakeTokens,
    items,
    taken,
)
from tests.support.forwarder_harness import harness, ids_of, queued


def test_messages_of_one_flow_share_a_batch() -> None:
    here = harness(None, items({"xactionId": "x:0"}, {"xactionId": "x:1"}))

    assert here.forwarder.forward([queued(0), queued(1, body=b'{"b":2}')]) == []
    [(url, headers, content)] = here.inlet.requests
    assert url == samples.INLET_URL.replace("/collection/", "/collection/batch/")
    assert headers["x-adobe-flow-id"] == samples.FLOW_ID
    entities = [message["body"]["xdmEntity"] for message in json.loads(content)["messages"]]
    assert entities == [json.loads(samples.BODY), {"b": 2}]
    assert here.deliveries.state("github", "id:d-0") is State.DELIVERED
    assert here.deliveries.state("github", "id:d-1") is State.DELIVERED


def test_messages_of_a_207_are_settled_separately() -> None:
    here = harness(
        None,
        items({"xactionId": "x:0"}, {"status": 400, "message": "no"}, {"statusCode": 503}),
    )

    assert ids_of(here.forwarder.forward([queued(0), queued(1), queued(2)])) == ["m-2"]
    assert here.deliveries.state("github", "id:d-0") is State.DELIVERED
    assert here.deliveries.state("github", "id:d-1") is State.DEAD
    [(letter, info)] = here.dead_letters.kept
    assert Delivery.decode(letter).delivery_id == "d-1"
    assert (info.kind, info.reason) == (DeadClass.INVALID, "the inlet returned 400")
    assert (info.attempts, info.died_at, info.received_at) == (1, NOON, NOON)


def test_message_missing_from_the_response_is_sent_alone() -> None:
    here = harness(None, items({"xactionId": "x:0"}), taken("alone-0"), taken("alone-1"))

    assert here.forwarder.forward([queued(0), queued(1)]) == []
    urls = [url for url, _, _ in here.inlet.requests]
    assert urls[1:] == [samples.INLET_URL, samples.INLET_URL]


def test_rejected_batch_is_bisected_to_the_invalid_message() -> None:
    here = harness(
        None,
        InletResponse(400),  # All three.
        items({"xactionId": "x:0"}),
        InletResponse(400),  # The second half.
        InletResponse(400),
        items({"xactionId": "x:2"}),
        InletResponse(400),  # The one at fault, alone.
    )

    assert here.forwarder.forward([queued(0), queued(1), queued(2)]) == []
    states = [here.deliveries.state("github", f"id:d-{number}") for number in range(3)]
    assert states == [State.DELIVERED, State.DEAD, State.DELIVERED]


def test_message_that_causes_a_500_is_postponed_alone() -> None:
    """A 500 may be one message's schema; the others are delivered at once."""
    here = harness(None, InletResponse(500), items({"xactionId": "x:0"}), InletResponse(500))

    assert ids_of(here.forwarder.forward([queued(0), queued(1)])) == ["m-1"]
    assert here.deliveries.state("github", "id:d-0") is State.DELIVERED


def test_500_for_both_halves_postpones_the_batch() -> None:
    here = harness(None, InletResponse(500), InletResponse(500), InletResponse(500))

    messages = [queued(number) for number in range(8)]

    assert len(ids_of(here.forwarder.forward(messages))) == 8
    assert len(here.inlet.requests) == 3


def test_message_near_the_size_limit_is_sent_alone() -> None:
    body = b'{"a":"' + b"x" * 950_000 + b'"}'
    here = harness(None, taken())

    assert here.forwarder.forward([queued(body=body)]) == []
    assert here.inlet.requests[0][0] == samples.INLET_URL


def test_raw_message_has_a_header_only_in_a_batch() -> None:
    raw = samples.source(to=samples.connection(data_type="raw"))
    here = harness(raw, InletResponse(400), taken())

    here.forwarder.forward([queued()])

    batch, alone = (content for _, _, content in here.inlet.requests)
    [message] = json.loads(batch)["messages"]
    assert message["header"]["flowId"] == samples.FLOW_ID
    assert message["body"] == json.loads(samples.BODY)
    assert alone == samples.BODY


def test_settled_delivery_is_not_sent_again() -> None:
    here = harness()
    here.deliveries.delivered(Delivery.decode(queued().text), samples.FLOW_ID, "x:0")

    assert here.forwarder.forward([queued()]) == []
    assert here.inlet.requests == []
    assert here.counts.total(Count.DELIVERED) == 0


def test_duplicates_in_one_batch_are_sent_once() -> None:
    here = harness(None, items({"xactionId": "x:0"}))
    copy = queued()._replace(message_id="m-copy")

    assert ids_of(here.forwarder.forward([queued(), copy])) == ["m-copy"]
    assert here.forwarder.forward([copy]) == []
    assert len(here.inlet.requests) == 1


def test_delivery_claimed_by_a_receiver_waits() -> None:
    here = harness(None, items({"xactionId": "x:0"}))
    again = replace(Delivery.decode(queued().text), received_at=NOON + timedelta(seconds=1))
    here.deliveries.claim(again, NOON + timedelta(seconds=21))

    [message] = here.forwarder.forward([queued()])
    here.clock.advance(22)

    assert message.wait == timedelta(seconds=21)
    assert here.forwarder.forward([queued()]) == []


def test_claim_of_the_delivery_itself_does_not_delay_it() -> None:
    here = harness(None, items({"xactionId": "x:0"}))
    here.deliveries.claim(Delivery.decode(queued().text), NOON + timedelta(seconds=20))

    assert here.forwarder.forward([queued()]) == []


def test_unreadable_records_postpone_the_batch() -> None:
    here = harness()
    here.deliveries.down = True

    assert ids_of(here.forwarder.forward([queued(0), queued(1)])) == ["m-0", "m-1"]
    assert here.inlet.requests == []


class BugError(Exception):
    """What nobody foresaw."""


def fail_once(monkeypatch: pytest.MonkeyPatch, owner: object, name: str) -> None:
    """Have the first call of a method raise."""
    original, calls = getattr(owner, name), count(1)

    def broken(*args: Any, **kwargs: Any) -> Any:
        if next(calls) == 1:
            raise BugError
        return original(*args, **kwargs)

    monkeypatch.setattr(owner, name, broken)


@pytest.mark.parametrize(
    ("owner", "name", "expected"),
    [
        (FakeParameters, "get", ["m-0", "m-2"]),
        (FakeDeliveries, "find", ["m-0", "m-1", "m-2", "m-3"]),
        (FakeDeliveries, "postponed", ["m-2"]),
        (FakeDeliveries, "dead", ["m-1", "m-2"]),
        (FakeDeadLetters, "put", ["m-1", "m-2"]),
        (FakeDeliveries, "delivered_all", ["m-2"]),
        (RetryPolicy, "decide", ["m-2"]),
        (FakeInlet, "send", ["m-0", "m-1", "m-2", "m-3"]),
        (FakeTokens, "current", ["m-0", "m-1", "m-2", "m-3"]),
    ],
)
def test_unforeseen_exception_keeps_only_the_affected_messages(
    monkeypatch: pytest.MonkeyPatch, owner: object, name: str, expected: list[str]
) -> None:
    answers = ({"xactionId": "x:0"}, {"status": 400}, {"status": 503}, {"xactionId": "x:3"})
    here = harness(None, items(*answers[name == "get" :]))
    fail_once(monkeypatch, owner, name)

    assert sorted(ids_of(here.forwarder.forward(map(queued, range(4))))) == expected
    assert (here.deliveries.state("github", "id:d-3") is State.DELIVERED) is (
        "m-3" not in expected and name != "delivered_all"
    )


def test_delivered_messages_are_recorded_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    flows = {"events": samples.flow(), "people": samples.flow(ready_at=NOON)}
    answers = items({"status": 400}), items({"xactionId": "x:0"})
    here = harness(replace(samples.source(), flows=flows), *answers)

    def end(*_: object) -> None:
        raise SystemExit

    monkeypatch.setattr(here.dead_letters, "put", end)
    second = replace(Delivery.decode(queued(1).text), flow="people")
    with pytest.raises(SystemExit):
        here.forwarder.forward([queued(0), queued(1)._replace(text=second.encode())])

    assert here.deliveries.state("github", "id:d-1") is State.DELIVERED


def test_missing_token_postpones_the_batch() -> None:
    """An outage of IMS loses nothing."""
    here = harness()
    here.tokens.down = True

    assert ids_of(here.forwarder.forward([queued(0), queued(1)])) == ["m-0", "m-1"]


def test_duplicate_parts_are_sent_once() -> None:
    here = harness(None, items({"xactionId": "x"}))
    again = queued(0)._replace(message_id="m-again", receipt="r-again")

    assert ids_of(here.forwarder.forward([queued(0), again])) == ["m-again"]
    assert here.forwarder.forward([again]) == []
    assert len(here.inlet.requests) == 1
