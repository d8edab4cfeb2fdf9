"""Webhooks with a map, a filter or several targets at the intake."""

import json
from copy import replace

import pytest

from bridge.delivery.counts import Count
from bridge.delivery.record import State
from bridge.errors import (
    UnavailableError,
)
from bridge.receiving.receiver import Receipt
from bridge.sources.route import Route, RouteTarget
from bridge.sources.source import Source
from tests.support import sample_webhooks as samples
from tests.support.fakes import (
    taken,
)
from tests.support.receiver_harness import harness

MAPPED = Route((RouteTarget("events", '{"n": "number(body.number)"}'),), when="body.number")


def test_inline_delivery_sends_the_mapped_entity() -> None:
    here = harness(replace(samples.source(), routes=(MAPPED,)), taken())

    assert here.receive(samples.webhook()).state is State.DELIVERED
    [(_, _, content)] = here.inlet.requests
    assert json.loads(content)["body"]["xdmEntity"] == {"n": 1}


def test_filtered_webhook_is_recorded_and_counted_once() -> None:
    here = harness(replace(samples.source(), routes=(MAPPED,), otherwise="drop"))
    unwanted = samples.webhook(b'{"a":1}')

    assert here.receive(unwanted) == Receipt(State.FILTERED, "d-1")
    assert here.receive(unwanted).state is State.FILTERED
    assert here.deliveries.state("github", "id:d-1") is State.FILTERED
    assert here.counts.counted == {
        ("github", Count.ACCEPTED): 1,
        ("github", Count.FILTERED): 1,
        ("github", Count.DUPLICATE): 1,
    }


def test_webhook_that_cannot_be_mapped_is_buffered() -> None:
    wrong = Route((RouteTarget("events", '{"n": "date(body.title)"}'),))
    here = harness(replace(samples.source(), routes=(wrong,)))

    assert here.receive(samples.webhook()).state is State.BUFFERED
    [(kept, _)] = here.buffer.kept
    assert (kept.flow, kept.body) == ("events", samples.BODY)
    assert here.inlet.requests == []


def test_webhook_without_a_route_is_buffered_without_a_flow() -> None:
    here = harness(replace(samples.source(), routes=(MAPPED,)))

    assert here.receive(samples.webhook(b'{"a":1}')) == Receipt(State.BUFFERED, "d-1")
    assert [kept.flow for kept, _ in here.buffer.kept] == [""]


def test_event_that_is_twice_in_a_webhook_is_accepted_once() -> None:
    everything = Route((RouteTarget("events", '{"n": "body.id"}'),))
    here = harness(
        replace(samples.source(), routes=(everything,), split="body.all", item_id="body.id")
    )
    body = b'{"all": [{"id": "b"}, {"id": "a"}, {"id": "b"}, {"id": "a", "other": true}]}'

    assert here.receive(samples.webhook(body)).state is State.SPLIT
    assert [kept.delivery_id for kept, _ in here.buffer.kept] == ["b", "a", "a"]
    assert here.counts.counted == {
        ("github", Count.ACCEPTED): 3,
        ("github", Count.DUPLICATE): 1,
    }


def several() -> Source:
    """Return a source whose issues go to two flows."""
    targets = (
        RouteTarget("events", '{"n": "body.number"}'),
        RouteTarget("people", '{"t": "body.title"}'),
    )
    flows = {"events": samples.flow(), "people": samples.flow()}
    return replace(samples.source(), routes=(Route(targets),), flows=flows)


def test_several_targets_are_buffered_as_several_deliveries() -> None:
    here = harness(several())

    assert here.receive(samples.webhook()) == Receipt(State.SPLIT, "d-1")
    assert [(kept.delivery_id, kept.flow) for kept, _ in here.buffer.kept] == [
        ("d-1/events", "events"),
        ("d-1/people", "people"),
    ]
    assert here.deliveries.state("github", "id:d-1") is State.SPLIT
    assert here.counts.total(Count.ACCEPTED) == 2
    assert here.counts.total(Count.DELIVERED) == 0
    assert here.receive(samples.webhook()).state is State.SPLIT
    assert len(here.buffer.kept) == 2


def test_failing_split_releases_the_claim() -> None:
    here = harness(several())
    here.buffer.down = True

    with pytest.raises(UnavailableError):
        here.receive(samples.webhook())
    here.buffer.down = False
    assert here.receive(samples.webhook()).state is State.SPLIT


def test_mapped_message_over_the_limit_is_buffered() -> None:
    fat = Route(
        (RouteTarget("events", '{"a": "body.title", "b": "body.title", "c": "body.title"}'),)
    )
    here = harness(replace(samples.source(), routes=(fat,)))
    body = json.dumps({"title": "x" * 400_000}).encode()

    assert here.receive(samples.webhook(body)).state is State.BUFFERED
    assert here.inlet.requests == []
