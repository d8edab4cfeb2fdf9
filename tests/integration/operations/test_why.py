"""Tests of the commands for a deployed bridge, on a stack of moto: the history of a delivery."""

from collections.abc import Iterator
from copy import replace
from datetime import timedelta

import pytest

from bridge.delivery.outcomes import DeadClass
from bridge.idempotency_keys import content_key
from tests.support.bridge_commands import batch, outcome, run
from tests.support.moto_deployment import Bridge, deployed_bridge, received


@pytest.fixture
def bridge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    with deployed_bridge(monkeypatch) as bridge:
        yield bridge


def test_why_prints_the_history_of_a_delivery(bridge: Bridge) -> None:
    bridge.buried("d-1", source="stripe", kind=DeadClass.TOO_LARGE)

    logged = run("why", "d-1")

    assert "stripe d-1" in logged
    assert "it is a dead letter" in logged
    assert "too large" in logged
    assert "the inlet returned 400" in logged


def test_why_finds_a_delivery_of_a_deleted_source_by_its_name(bridge: Bridge) -> None:
    bridge.deliveries.delivered(received("d-1", source="gone"), "flow", "1:2:3")

    assert "see --source" in run("why", "d-1", status=1)
    assert "gone d-1" in run("why", "d-1", "--source", "gone")


def test_why_prints_the_log_of_a_delivery_that_its_content_identifies(bridge: Bridge) -> None:
    by_content = replace(received("d-1"), key=content_key([b"{}"]))
    bridge.deliveries.delivered(by_content, "flow", "1:2:3")
    hour = timedelta(hours=1)
    bridge.log("Receiver", outcome("buffered", "d-1"), outcome("delivered", "d-10"), ago=2 * hour)
    bridge.log("Forwarder", batch("d-0", "d-1"), ago=hour)

    logged = run("why", "d-1")

    assert logged.index("buffered") < logged.index("x-d-1")
    assert "d-0" not in logged
    assert "d-10" not in logged


def test_why_explains_an_unknown_delivery(bridge: Bridge) -> None:
    assert "It was rejected" in run("why", "d-1", status=1)
