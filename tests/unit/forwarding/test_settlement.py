"""Tests for `bridge.forwarding.settlement`, through the forwarder."""

from copy import replace
from datetime import timedelta

import pytest

from bridge.delivery.counts import Count
from bridge.delivery.outcomes import DeadClass
from bridge.delivery.queued_message import QueuedMessage
from bridge.delivery.record import State
from bridge.errors import UnavailableError
from bridge.ports.adobe import InletResponse
from bridge.sources.route import Route, RouteTarget
from tests.support import sample_webhooks as samples
from tests.support.fakes import (
    NOON,
    items,
)
from tests.support.forwarder_harness import NUMBERED, UNROUTED, harness, ids_of, message, queued


def test_retries_back_off_exponentially() -> None:
    """Full jitter: half of 4 s after the first attempt, half of 16 s after the third."""
    here = harness(None, InletResponse(503))

    postponed = here.forwarder.forward([queued(0, attempt=1), queued(1, attempt=3)])

    assert [message.wait for message in postponed] == [timedelta(seconds=2), timedelta(seconds=8)]
    assert here.dead_letters.kept == []


def test_record_of_a_waiting_webhook_has_the_number_of_attempts() -> None:
    here = harness(None, InletResponse(503))

    here.forwarder.forward([queued(0, attempt=1), queued(1, attempt=3)])

    assert sorted(each.attempts for each in here.deliveries.records.values()) == [1, 3]


def test_retry_after_is_honored() -> None:
    here = harness(None, InletResponse(429, {"retry-after": "120"}))

    [message] = here.forwarder.forward([queued()])

    assert message.wait == timedelta(seconds=120)


def test_unreadable_message_is_a_dead_letter_unchanged() -> None:
    here = harness(None, items({"xactionId": "x:0"}))
    alien = QueuedMessage("m-9", "r-9", "not a delivery", 1, NOON)

    assert here.forwarder.forward([alien, queued()]) == []
    [(letter, info)] = here.dead_letters.kept
    assert letter == "not a delivery"
    assert info.kind is DeadClass.UNREADABLE


def test_unreadable_message_stays_if_the_dead_letter_queue_fails() -> None:
    here = harness()
    here.dead_letters.down = True

    assert ids_of(here.forwarder.forward([QueuedMessage("m-9", "r-9", "x", 1, NOON)])) == ["m-9"]


def test_delivery_past_the_retry_period_expires() -> None:
    here = harness(None, InletResponse(503))
    here.clock.advance(3 * 86_400 + 1)

    assert here.forwarder.forward([queued()]) == []
    [(_, info)] = here.dead_letters.kept
    assert info.kind is DeadClass.EXPIRED
    assert info.reason == "not delivered within 72 h; the inlet returned 503"


def test_delivery_that_was_never_tried_does_not_expire() -> None:
    here = harness(None, items({"xactionId": "x:0"}))
    here.clock.advance(10 * 86_400)

    assert here.forwarder.forward([queued()]) == []
    assert here.deliveries.state("github", "id:d-0") is State.DELIVERED


def test_message_stays_if_the_dead_letter_queue_fails() -> None:
    here = harness(None, items({"status": 400}))
    here.dead_letters.down = True

    assert ids_of(here.forwarder.forward([queued()])) == ["m-0"]


def test_unrecorded_delivered_message_is_not_sent_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = harness(None, items({"xactionId": "x:0"}))

    def fail(*_: object) -> None:
        raise UnavailableError("pretended")

    monkeypatch.setattr(here.deliveries, "delivered", fail)

    assert here.forwarder.forward([queued()]) == []


def test_metrics_count_delivered_and_dead_lettered() -> None:
    here = harness(None, items({"xactionId": "x:0"}, {"status": 400}, {"status": 503}))
    here.forwarder.forward([queued(0), queued(1), queued(2)])

    assert here.counts.counted == {
        ("github", Count.DELIVERED): 1,
        ("github", Count.DEAD_LETTERED): 1,
    }


def test_redriven_dead_letter_with_several_targets_is_split() -> None:
    targets = (*NUMBERED.targets, RouteTarget("people", '{"n": "body.number"}'))
    flows = {"events": samples.flow(), "people": samples.flow()}
    here = harness(replace(samples.source(), routes=(Route(targets),), flows=flows))

    assert here.forwarder.forward([message(UNROUTED)]) == []
    assert [kept.delivery_id for kept, _ in here.buffer.kept] == ["d-1/events", "d-1/people"]
    assert here.deliveries.state("github", "id:d-1") is State.SPLIT
    assert here.counts.total(Count.ACCEPTED) == 1


def test_redriven_dead_letter_that_is_filtered_is_dropped() -> None:
    never = replace(NUMBERED, when="body.never")
    here = harness(replace(samples.source(), routes=(never,), otherwise="drop"))

    assert here.forwarder.forward([message(UNROUTED)]) == []
    assert not here.dead_letters.kept
    assert not here.buffer.kept
    assert here.counts.total(Count.FILTERED) == 1
    assert here.deliveries.state("github", "id:d-1") is State.FILTERED


def test_redriven_dead_letter_that_is_split_counts_its_filtered_events() -> None:
    """Accepted = delivered + filtered: the message itself is counted as one."""
    listed = replace(NUMBERED, when="body.number")
    here = harness(replace(samples.source(), routes=(listed,), otherwise="drop", split="body.all"))
    body = b'{"all": [{"number": 1}, {"number": 2}, {"other": 3}]}'

    assert here.forwarder.forward([message(UNROUTED._replace(body=body))]) == []
    assert len(here.buffer.kept) == 2
    assert here.counts.counted == {
        ("github", Count.ACCEPTED): 2,
        ("github", Count.FILTERED): 1,
    }


def test_message_stays_if_its_parts_cannot_be_buffered() -> None:
    targets = (*NUMBERED.targets, RouteTarget("people", '{"n": "body.number"}'))
    flows = {"events": samples.flow(), "people": samples.flow()}
    here = harness(replace(samples.source(), routes=(Route(targets),), flows=flows))
    here.buffer.down = True

    assert ids_of(here.forwarder.forward([message(UNROUTED)])) == ["m"]
