"""One webhook, and what it comes to."""

import json
from dataclasses import replace
from typing import Any

import pytest

from bridge.errors import BodyTooLargeError, UnsupportedBodyError
from bridge.messages.fan_out import MOST_EVENTS, NO_FLOW, Dispatched, dispatch, reroute
from bridge.messages.received_event import Arrival
from bridge.sources.route import Leg, Privacy, Route
from bridge.sources.source import Source
from tests.support import sample_webhooks as samples
from tests.support.fakes import NOON

MAP = '{"a": "body.a"}'


def source(*routes: Route, **changes: Any) -> Source:
    flows = dict.fromkeys(("orders", "profiles", "rest", "events"), samples.flow())
    return replace(samples.source(), routes=routes, flows=flows, **changes)


def arrival(body: object, event_type: str = "order.paid", **headers: str) -> Arrival:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Arrival("d-1", "id:d-1", event_type, NOON, None, named, content)


def told(dispatched: Dispatched) -> list[tuple[str, str]]:
    return [(each.delivery_id, each.flow) for each in dispatched.deliveries]


ORDERS = Route((Leg("orders", MAP),), when="starts_with(event_type, 'order.')")
BOTH = Route((Leg("orders", MAP), Leg("profiles", MAP)), when="body.vip")


def test_without_conditions_a_webhook_goes_on_as_it_is() -> None:
    """Byte for byte."""
    body = b'{ "a" : 1.50 }'
    [delivery] = dispatch(samples.source(), arrival(body)).deliveries

    assert (delivery.delivery_id, delivery.flow, delivery.body) == ("d-1", "events", body)


def test_the_first_route_that_holds_is_taken() -> None:
    routed = source(BOTH, ORDERS, Route((Leg("rest", MAP),)))

    assert told(dispatch(routed, arrival({"a": 1}))) == [("d-1", "orders")]
    assert told(dispatch(routed, arrival({"a": 1}, "refund"))) == [("d-1", "rest")]


def test_one_webhook_can_take_several_flows() -> None:
    """Each with an id of its own, so that each ends on its own."""
    dispatched = dispatch(source(BOTH), arrival({"vip": True}))

    assert told(dispatched) == [("d-1/orders", "orders"), ("d-1/profiles", "profiles")]
    assert dispatched.whole.delivery_id == "d-1"


@pytest.mark.parametrize(
    ("otherwise", "flows", "filtered"),
    [("drop", [], 1), ("dead-letter", [NO_FLOW], 0), ("rest", ["rest"], 0)],
)
def test_what_no_route_takes_goes_where_the_source_says(
    otherwise: str, flows: list[str], filtered: int
) -> None:
    dispatched = dispatch(source(ORDERS, otherwise=otherwise), arrival({}, "refund"))

    assert [flow for _, flow in told(dispatched)] == flows
    assert dispatched.filtered == filtered


@pytest.mark.parametrize("value", [None, False, "", [], {}])
def test_what_is_nothing_to_jmespath_does_not_hold(value: object) -> None:
    routed = source(Route((Leg("orders", MAP),), when="body.a"), otherwise="drop")

    assert dispatch(routed, arrival({"a": value})).filtered == 1
    assert told(dispatch(routed, arrival({"a": 0}))) == [("d-1", "orders")]


def test_a_condition_that_fails_is_kept_as_a_dead_letter_would_be() -> None:
    """Even where the rest is dropped: it is nobody's decision."""
    routed = source(Route((Leg("orders", MAP),), when="lower(body.a)"), otherwise="drop")

    assert told(dispatch(routed, arrival({"a": 1}))) == [("d-1", NO_FLOW)]


def test_a_webhook_of_several_events_is_split() -> None:
    routed = source(ORDERS, Route((Leg("rest", MAP),)), split="body.events", item_id="body.id")
    events = [{"id": 7, "a": 1}, {"id": "x", "a": 2}, {"a": 3}, {"id": "", "a": 4}]
    dispatched = dispatch(routed, arrival({"events": events}))

    assert told(dispatched) == [(name, "orders") for name in ("7", "x", "d-1/2", "d-1/3")]
    assert [json.loads(each.body) for each in dispatched.deliveries] == events


def test_events_are_filtered_one_by_one() -> None:
    routed = source(Route((Leg("orders", MAP),), when="body.a"), split="body", otherwise="drop")
    dispatched = dispatch(routed, arrival([{"a": 1}, {}, {"a": 2}]))

    assert told(dispatched) == [("d-1/0", "orders"), ("d-1/2", "orders")]
    assert dispatched.filtered == 1


def test_no_events_are_nothing_to_send() -> None:
    dispatched = dispatch(source(ORDERS, split="body"), arrival([]))

    assert (dispatched.deliveries, dispatched.filtered) == ((), 1)


def test_more_events_than_can_be_kept_in_time_are_refused() -> None:
    """The sender is told, rather than let to time out each time."""
    many = source(ORDERS, split="body")

    assert len(dispatch(many, arrival([{}] * MOST_EVENTS)).deliveries) == MOST_EVENTS
    with pytest.raises(BodyTooLargeError, match="over 5000 events"):
        dispatch(many, arrival([{}] * (MOST_EVENTS + 1)))


def test_what_cannot_be_split_is_kept_whole() -> None:
    dispatched = dispatch(source(ORDERS, split="body.events"), arrival({"a": 1}))

    assert told(dispatched) == [("d-1", NO_FLOW)]


def test_an_id_is_never_too_long_for_the_table() -> None:
    routed = source(ORDERS, split="body", item_id="body.id")
    dispatched = dispatch(routed, arrival([{"id": "x" * 5_000}, {"id": "a\nb"}]))

    assert all(name.startswith("sha256:") for name, _ in told(dispatched))


def test_headers_that_nothing_reads_are_not_kept() -> None:
    routed = source(Route((Leg("orders", MAP),), when='headers."x-topic"'), headers=("x-topic",))
    [delivery] = dispatch(
        routed, arrival({}, x_topic="orders", authorization="Bearer secret")
    ).deliveries

    assert delivery.headers == {"x-topic": "orders"}


def test_what_is_private_is_gone_before_anything_else_sees_it() -> None:
    private = Privacy(drop=("card",), mask=("phone",))
    plain = replace(samples.source(), privacy=private)
    [delivery] = dispatch(plain, arrival({"card": "4111", "phone": "5", "a": 1})).deliveries

    assert json.loads(delivery.body) == {"phone": "***", "a": 1}


def test_a_form_becomes_an_object_where_a_map_makes_a_message_of_it() -> None:
    routed = source(Route((Leg("orders", MAP),), when="body.From == '+1'"))
    form = arrival(b"From=%2B1&Body=hi", content_type="application/x-www-form-urlencoded")
    [delivery] = dispatch(routed, form).deliveries

    assert json.loads(delivery.body) == {"From": "+1", "Body": "hi"}


@pytest.mark.parametrize(
    ("body", "content_type"),
    [(b"a=b", "application/x-www-form-urlencoded"), (b"[1]", ""), (b'"a"', ""), (b"<a/>", "a/xml")],
)
def test_without_a_map_only_a_json_object_becomes_a_message(body: bytes, content_type: str) -> None:
    """The sender is told at once."""
    for configured in (samples.source(), source(Route((Leg("orders"),), when="body.a"))):
        with pytest.raises(UnsupportedBodyError):
            dispatch(configured, arrival(body, content_type=content_type))


def test_a_body_beyond_the_inlets_bound_is_refused() -> None:
    with pytest.raises(BodyTooLargeError):
        dispatch(source(ORDERS), arrival({"a": "x" * 1_000_000}))


def test_a_redriven_delivery_without_a_flow_is_routed_anew() -> None:
    """The routes have been mended since."""
    [lost] = dispatch(source(ORDERS), arrival({"a": 1}, "refund")).deliveries

    assert told(reroute(source(ORDERS), lost)) == [("d-1", NO_FLOW)]
    mended = source(ORDERS, Route((Leg("rest", MAP),)), split="body")
    assert told(reroute(mended, lost)) == [("d-1", "rest")]
    assert told(reroute(source(BOTH, otherwise="drop"), lost)) == []
