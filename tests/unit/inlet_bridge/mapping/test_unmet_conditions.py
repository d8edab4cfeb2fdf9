"""Why no route takes an event, for commands that have no preview of it."""

from bridge.delivery.delivery import Delivery
from bridge.sources.route import Route, RouteTarget
from inlet_bridge.mapping.unmet_conditions import unmet_conditions
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
