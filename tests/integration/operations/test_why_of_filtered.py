"""Tests of `inlet why` on a stack of moto: deliveries that no route took."""

from copy import replace

from bridge.sources.route import Route, RouteTarget
from bridge.verification.catalogue import PRESETS
from tests.support.bridge_commands import listed, run
from tests.support.moto_deployment import Bridge, describe_source, received


def test_why_names_the_event_types_that_routes_select_for_a_filtered_delivery(
    bridge: Bridge,
) -> None:
    route = Route((RouteTarget("events"),), when="event_type == 'isues' || event_type == 'push'")
    describe_source(routes=(route,))
    bridge.deliveries.filtered(received("d-1"))

    assert "event_type is issues; When has 'isues'" in " ".join(run("why", "d-1").split())
    [found] = listed("why", "d-1")["found"]
    assert found["reason"] == "event_type is issues; When has 'isues'"


def test_why_names_the_event_types_for_a_filtered_delivery_without_one(bridge: Bridge) -> None:
    route = Route((RouteTarget("events"),), when="event_type == 'issues'")
    describe_source(routes=(route,), event_type=("json:type",))
    bridge.deliveries.filtered(replace(received("d-1"), event_type=""))

    [found] = listed("why", "d-1")["found"]
    assert found["reason"] == "it has no event type in body.type; When has 'issues'"


def test_why_of_an_incomplete_handshake_suggests_no_route(bridge: Bridge) -> None:
    zoom = PRESETS["zoom"]
    describe_source(
        "github", provider="zoom", event_type=zoom.event_type, handshakes=zoom.handshakes
    )
    event = replace(received("d-1"), event_type="endpoint.url_validation", kept="id:d-1")
    bridge.deliveries.filtered(event)

    said = " ".join(run("why", "d-1").split())

    assert "it is a handshake of zoom, which needs no route, but lacks payload.plainToken" in said
    assert "once a route takes it" not in said
