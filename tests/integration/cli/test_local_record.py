"""Tests of the state that `inlet send` prints for a provider that gets no receipt."""

from collections.abc import Iterator

import pytest

from bridge.delivery.record import State
from inlet_bridge.cli import local_record as module
from inlet_bridge.cli.local_record import local_record
from tests.support.moto_deployment import STACK, Bridge, deployed_bridge


@pytest.fixture
def bridge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    with deployed_bridge(monkeypatch) as bridge:
        monkeypatch.setattr(module, "running_variables", lambda: {"BRIDGE_STACK": STACK})
        monkeypatch.setattr(module, "use", lambda variables: variables["BRIDGE_STACK"])
        yield bridge


def test_state_is_that_of_the_record(bridge: Bridge) -> None:
    bridge.buried("d-1")

    found = local_record("github", "d-1")
    assert found
    assert found.state is State.DEAD
    assert local_record("stripe", "d-1") is None
    assert local_record("github", "d-2") is None


@pytest.mark.usefixtures("bridge")
def test_what_cannot_be_read_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "use", lambda _: "another")
    assert local_record("github", "d-1") is None

    monkeypatch.setattr(module, "running_variables", dict)
    assert local_record("github", "d-1") is None
