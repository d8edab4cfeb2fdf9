"""Tests of the messages that result from one webhook."""

import json
from copy import replace
from typing import Any

import pytest

from bridge.errors import BodyTooLargeError, UnsupportedBodyError
from bridge.messages.body_parsing import MOST_EVENTS
from bridge.messages.documents import document_of
from bridge.messages.fan_out import NO_FLOW, FanOutResult, fan_out, route_again
from bridge.messages.received_event import ReceivedEvent
from bridge.sources.route import Privacy, Route, RouteTarget
from bridge.sources.source import Source
from tests.support import sample_webhooks as samples
from tests.support.fakes import NOON

MAP = '{"a": "body.a"}'


def source(*routes: Route, **changes: Any) -> Source:
    flows = dict.fromkeys(("orders", "profiles", "rest", "events"), samples.flow())
    return replace(samples.source(), routes=routes, flows=flows, **changes)


def received(body: object, event_type: str = "order.paid", **headers: str) -> ReceivedEvent:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return ReceivedEvent("d-1", "id:d-1", event_type, NOON, None, named, content)


def output(fanned_out: FanOutResult) -> list[tuple[str, str]]:
    return [(each.delivery_id, each.flow) for each in fanned_out.deliveries]


ORDERS = Route((RouteTarget("orders", MAP),), when="starts_with(event_type, 'order.')")
BOTH = Route((RouteTarget("orders", MAP), RouteTarget("profiles", MAP)), when="body.vip")


def test_without_conditions_a_webhook_goes_on_as_it_is() -> None:
    """Byte for byte."""
    body = b'{ "a" : 1.50 }'
    [delivery] = fan_out(samples.source(), received(body)).deliveries

    assert (delivery.delivery_id, delivery.flow, delivery.body) == ("d-1", "events", body)


def test_first_route_that_holds_is_taken() -> None:
    routed = source(BOTH, ORDERS, Route((RouteTarget("rest", MAP),)))

    assert output(fan_out(routed, received({"a": 1}))) == [("d-1", "orders")]
    assert output(fan_out(routed, received({"a": 1}, "refund"))) == [("d-1", "rest")]


def test_one_webhook_can_take_several_flows() -> None:
    """Each with an id of its own, so that each ends on its own."""
    fanned_out = fan_out(source(BOTH), received({"vip": True}))

    assert output(fanned_out) == [("d-1/orders", "orders"), ("d-1/profiles", "profiles")]
    assert fanned_out.whole.delivery_id == "d-1"


@pytest.mark.parametrize(
    ("otherwise", "flows", "filtered"),
    [("drop", [], 1), ("dead-letter", [NO_FLOW], 0), ("rest", ["rest"], 0)],
)
def test_unmatched_webhook_follows_the_default_of_the_source(
    otherwise: str, flows: list[str], filtered: int
) -> None:
    fanned_out = fan_out(source(ORDERS, otherwise=otherwise), received({}, "refund"))

    assert [flow for _, flow in output(fanned_out)] == flows
    assert fanned_out.filtered == filtered


@pytest.mark.parametrize("value", [None, False, "", [], {}])
def test_falsy_jmespath_result_does_not_match(value: object) -> None:
    routed = source(Route((RouteTarget("orders", MAP),), when="body.a"), otherwise="drop")

    assert fan_out(routed, received({"a": value})).filtered == 1
    assert output(fan_out(routed, received({"a": 0}))) == [("d-1", "orders")]


def test_condition_that_fails_is_kept_as_a_dead_letter_would_be() -> None:
    """Even where the rest is dropped: it is nobody's decision."""
    routed = source(Route((RouteTarget("orders", MAP),), when="lower(body.a)"), otherwise="drop")

    assert output(fan_out(routed, received({"a": 1}))) == [("d-1", NO_FLOW)]


def test_webhook_of_several_events_is_split() -> None:
    routed = source(
        ORDERS, Route((RouteTarget("rest", MAP),)), split="body.events", item_id="body.id"
    )
    events = [{"id": 7, "a": 1}, {"id": "x", "a": 2}, {"a": 3}, {"id": "", "a": 4}]
    fanned_out = fan_out(routed, received({"events": events}))

    assert output(fanned_out) == [(name, "orders") for name in ("7", "x", "d-1/2", "d-1/3")]
    assert [json.loads(each.body) for each in fanned_out.deliveries] == events


def test_events_are_filtered_one_by_one() -> None:
    routed = source(
        Route((RouteTarget("orders", MAP),), when="body.a"), split="body", otherwise="drop"
    )
    fanned_out = fan_out(routed, received([{"a": 1}, {}, {"a": 2}]))

    assert output(fanned_out) == [("d-1/0", "orders"), ("d-1/2", "orders")]
    assert fanned_out.filtered == 1


def test_no_events_are_nothing_to_send() -> None:
    fanned_out = fan_out(source(ORDERS, split="body"), received([]))

    assert (fanned_out.deliveries, fanned_out.filtered) == ((), 1)


def test_more_events_than_can_be_kept_in_time_are_rejected() -> None:
    """The sender gets a response, rather than a timeout each time."""
    many = source(ORDERS, split="body")

    assert len(fan_out(many, received([{}] * MOST_EVENTS)).deliveries) == MOST_EVENTS
    with pytest.raises(BodyTooLargeError, match="over 5000 events"):
        fan_out(many, received([{}] * (MOST_EVENTS + 1)))


def test_message_that_cannot_be_split_is_kept_whole() -> None:
    fanned_out = fan_out(source(ORDERS, split="body.events"), received({"a": 1}))

    assert output(fanned_out) == [("d-1", NO_FLOW)]


def test_id_is_never_too_long_for_the_table() -> None:
    routed = source(ORDERS, split="body", item_id="body.id")
    fanned_out = fan_out(routed, received([{"id": "x" * 5_000}, {"id": "a\nb"}]))

    assert all(name.startswith("sha256:") for name, _ in output(fanned_out))


def test_headers_that_nothing_reads_are_not_kept() -> None:
    routed = source(
        Route((RouteTarget("orders", MAP),), when='headers."x-topic"'), headers=("x-topic",)
    )
    [delivery] = fan_out(
        routed, received({}, x_topic="orders", authorization="Bearer secret")
    ).deliveries

    assert delivery.headers == {"x-topic": "orders"}


def test_privacy_rules_apply_before_all_other_steps() -> None:
    private = Privacy(drop=("card",), mask=("phone",))
    plain = replace(samples.source(), privacy=private)
    [delivery] = fan_out(plain, received({"card": "4111", "phone": "5", "a": 1})).deliveries

    assert json.loads(delivery.body) == {"phone": "***", "a": 1}


def test_form_becomes_an_object_where_a_map_makes_a_message_of_it() -> None:
    routed = source(Route((RouteTarget("orders", MAP),), when="body.From == '+1'"))
    form = received(b"From=%2B1&Body=hi", content_type="application/x-www-form-urlencoded")
    [delivery] = fan_out(routed, form).deliveries

    assert delivery.body == form.body
    assert document_of(routed, delivery) == {"From": "+1", "Body": "hi"}


@pytest.mark.parametrize(
    ("body", "content_type"),
    [(b"a=b", "application/x-www-form-urlencoded"), (b"[1]", ""), (b'"a"', ""), (b"<a/>", "a/xml")],
)
def test_without_a_map_only_a_json_object_becomes_a_message(body: bytes, content_type: str) -> None:
    """The sender gets the response at once."""
    for configured in (samples.source(), source(Route((RouteTarget("orders"),), when="body.a"))):
        with pytest.raises(UnsupportedBodyError):
            fan_out(configured, received(body, content_type=content_type))


def test_body_beyond_the_inlets_bound_is_rejected() -> None:
    with pytest.raises(BodyTooLargeError):
        fan_out(source(ORDERS), received({"a": "x" * 1_000_000}))


def test_redriven_delivery_without_a_flow_is_routed_anew() -> None:
    """The routes have been changed since."""
    [lost] = fan_out(source(ORDERS), received({"a": 1}, "refund")).deliveries

    assert output(route_again(source(ORDERS), lost)) == [("d-1", NO_FLOW)]
    changed = source(ORDERS, Route((RouteTarget("rest", MAP),)))
    assert output(route_again(changed, lost)) == [("d-1", "rest")]


def test_redriven_webhook_that_could_not_be_split_is_split_anew() -> None:
    body = {"events": [{"a": 1}, {"a": 2}]}
    [lost] = fan_out(source(ORDERS, split="body.wrong"), received(body)).deliveries
    fixed = source(ORDERS, split="body.events")
    [first, second] = route_again(fixed, lost).deliveries

    assert [(each.delivery_id, each.body) for each in (first, second)] == [
        ("d-1/0", b'{"a":1}'),
        ("d-1/1", b'{"a":2}'),
    ]
    assert output(route_again(fixed, replace(first, flow=NO_FLOW))) == [("d-1/0", "orders")]


def test_redriven_webhook_may_be_dropped() -> None:
    [lost] = fan_out(source(ORDERS), received({"a": 1}, "refund")).deliveries

    assert output(route_again(source(BOTH, otherwise="drop"), lost)) == []
