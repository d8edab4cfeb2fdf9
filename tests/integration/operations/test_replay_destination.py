"""Tests of `inlet replay --id` with `--to` on a stack of moto."""

import pytest

from bridge.sources.connection import Destination
from bridge.sources.route import Route, RouteTarget
from inlet_bridge.operations.configuration.sources import Configuration
from tests.support.replay_commands import Commands, run


@pytest.mark.parametrize("own", ["events", "orders"])
@pytest.mark.parametrize("flow", ["orders", "returns"])
def test_one_delivery_of_several_selects_the_message_of_its_event_to_another_flow(
    commands: Commands, monkeypatch: pytest.MonkeyPatch, own: str, flow: str
) -> None:
    source = commands.configure()
    flows = dict.fromkeys(("events", "orders"), source.flows["events"])
    routes = (Route((RouteTarget("events"), RouteTarget("orders"))),)
    source = commands.configure(flows=flows, routes=routes)
    other = Destination(source.connection, source.flows["events"])
    monkeypatch.setattr(Configuration, "destination", lambda *_: other)
    commands.bridge.deliveries.split(commands.receive("d-0"), 2)

    run("replay", "github", "--id", f"d-0/{own}", "--to", f"other/{flow}")

    [message] = commands.bridge.waiting()
    assert message.flow == f"other/{flow}"
