"""Why no route takes an event, for commands that have no preview of it."""

from bridge.delivery.delivery import Delivery
from bridge.sources.route import Route, RouteTarget
from inlet_bridge.mapping.unmet_conditions import missing_type_hint, unmet_conditions
from tests.support import sample_webhooks as samples
from tests.support.fakes import NOON


def test_comparison_with_another_type_and_another_event_are_reasons() -> None:
    when = "event_type == 'isues' && body.number == '7'"
    source = samples.source()._replace(
        routes=(Route((RouteTarget("events"),), when=when),), otherwise="drop"
    )
    body = b'{"number": 7}'
    whole = Delivery("github", "d-1", "id:d-1", "issues", "", NOON, NOON, body)

    compared, other = unmet_conditions(source, whole)
    assert compared.startswith(
        "Routes.0.When compares body.number, which is a number in the sample"
    )
    assert compared.endswith("with '7', a text; write `7`, in backticks, for a number")
    assert other == "event_type is issues; When has 'isues'"


def test_event_without_a_type_is_compared_with_types() -> None:
    def hint(when: str, *event_type: str) -> str:
        routes = (Route((RouteTarget("events"),), when=when),)
        return missing_type_hint(samples.source()._replace(routes=routes, event_type=event_type))

    when = "event_type == 'a' || starts_with(event_type, 'b')"
    assert hint(when, "json:event") == "it has no event type in body.event; When has 'a', 'b'"
    assert hint(when, "header:x-type") == "it has no event type; When has 'a', 'b'"
    assert hint(when, "json:type+json:action") == "it has no event type; When has 'a', 'b'"
    assert not hint("body.a == 'b'", "json:event")
