"""Tests for `bridge.forwarding.resolution`, through the forwarder."""

import json
from copy import replace
from datetime import timedelta
from typing import Any

import pytest

from bridge.delivery.delivery import Delivery
from bridge.delivery.outcomes import DeadClass
from bridge.delivery.record import State
from bridge.sources.cache import PAUSE_DELAY
from bridge.sources.route import Route, RouteTarget
from tests.support import sample_webhooks as samples
from tests.support.fakes import (
    NOON,
    items,
)
from tests.support.forwarder_harness import NUMBERED, UNROUTED, harness, ids_of, message, queued


def test_flow_that_is_not_ready_waits() -> None:
    ready_at = NOON + timedelta(seconds=77)
    here = harness(samples.source(through=samples.flow(ready_at)))

    [message] = here.forwarder.forward([queued()])

    assert message.wait == timedelta(seconds=77)
    assert here.inlet.requests == []


def test_deleted_source_is_a_dead_letter() -> None:
    here = harness()
    del here.parameters.values[samples.DOCUMENT_NAME]

    assert here.forwarder.forward([queued()]) == []
    assert here.dead_letters.kept[0][1].kind is DeadClass.UNKNOWN_FLOW


@pytest.mark.parametrize("what", ["sources/github", "connections/webhooks"])
def test_paused_source_or_connection_waits(what: str) -> None:
    here = harness(None, items({"xactionId": "x:0"}))
    here.parameters.values[f"/inlet-bridge/test/{what}/paused"] = NOON.isoformat()

    [message] = here.forwarder.forward([queued()])
    del here.parameters.values[f"/inlet-bridge/test/{what}/paused"]
    here.clock.advance(PAUSE_DELAY.total_seconds())

    assert message.wait == PAUSE_DELAY
    assert here.inlet.requests == []
    assert here.forwarder.forward([queued()]) == []


def test_unreadable_parameters_postpone() -> None:
    here = harness()
    here.parameters.down = True

    assert ids_of(here.forwarder.forward([queued()])) == ["m-0"]


def test_delivery_is_mapped_by_the_current_routes() -> None:
    here = harness(replace(samples.source(), routes=(NUMBERED,)), items({"xactionId": "x"}))

    assert here.forwarder.forward([queued(0)]) == []
    [(_, _, content)] = here.inlet.requests
    assert json.loads(content)["messages"][0]["body"]["xdmEntity"] == {"n": 1}


def test_delivery_that_cannot_be_mapped_is_a_dead_letter() -> None:
    here = harness(replace(samples.source(), routes=(NUMBERED,)), items({"xactionId": "x"}))

    assert here.forwarder.forward([queued(0, body=b'{"number":"x"}'), queued(1)]) == []
    [(text, info)] = here.dead_letters.kept
    assert Delivery.decode(text).body == b'{"number":"x"}'
    assert info.kind is DeadClass.INVALID
    accepted = "it takes a number, or a text that is one, such as '12.50'"
    assert info.reason == f"n: number() cannot convert what it is given; {accepted}"
    assert here.deliveries.state("github", "id:d-1") is State.DELIVERED


def test_delivery_without_a_route_is_a_dead_letter() -> None:
    never = replace(NUMBERED, when="body.never")
    here = harness(replace(samples.source(), routes=(never,)))

    assert here.forwarder.forward([message(UNROUTED)]) == []
    [(_, info)] = here.dead_letters.kept
    assert (info.kind, info.reason) == (DeadClass.NO_ROUTE, "no route of the source matches")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"split": "body.number"}, "Split: body.number is an integer, not a list"),
        ({"routes": (replace(NUMBERED, when="lower(body.number)"),)}, "Routes.0.When: lower"),
    ],
)
def test_dead_letter_says_why_it_could_not_be_routed(changes: dict[str, Any], reason: str) -> None:
    here = harness(replace(samples.source(), **{"routes": (NUMBERED,), **changes}))

    assert here.forwarder.forward([message(UNROUTED)]) == []
    [(_, info)] = here.dead_letters.kept
    assert info.kind is DeadClass.NO_ROUTE
    assert info.reason.startswith(reason)


def test_redriven_dead_letter_is_routed_again() -> None:
    here = harness(replace(samples.source(), routes=(NUMBERED,)), items({"xactionId": "x"}))

    assert here.forwarder.forward([message(UNROUTED)]) == []
    assert here.deliveries.state("github", "id:d-1") is State.DELIVERED


def test_mapped_message_over_the_limit_is_a_dead_letter() -> None:
    fat = Route((RouteTarget("events", '{"a": "body.t", "b": "body.t", "c": "body.t"}'),))
    here = harness(replace(samples.source(), routes=(fat,)))
    body = json.dumps({"t": "x" * 400_000}).encode()

    assert here.forwarder.forward([queued(0, body=body)]) == []
    [(_, info)] = here.dead_letters.kept
    assert info.kind is DeadClass.TOO_LARGE
