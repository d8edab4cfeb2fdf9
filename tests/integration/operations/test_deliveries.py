"""Tests of the commands for a deployed bridge, on a stack of moto: the list of deliveries."""

from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from botocore.paginate import PageIterator

from bridge.delivery.record import OPEN, State
from inlet_bridge.cli.delivery_commands import ListedState
from inlet_bridge.operations.logs.deliveries import LOGGED
from tests.support.bridge_commands import batch, outcome, run, run_lines
from tests.support.moto_deployment import NOW, Bridge, received


def test_deliveries_are_listed_newest_first_with_their_last_outcome(bridge: Bridge) -> None:
    hour = timedelta(hours=1)
    bridge.log("Receiver", outcome("delivered", "old", xaction_id="1:2:3"), ago=5 * hour)
    bridge.log("Receiver", outcome("buffered", "new"), outcome("buffered", "sent"), ago=3 * hour)
    bridge.log("Forwarder", outcome("postponed", "new", reason="503"), ago=2 * hour)
    bridge.log("Forwarder", batch("sent", "other"), batch("foreign", source="stripe"), ago=hour)
    bridge.log("Receiver", outcome("verified", "debug"), outcome("filtered", "x", source="stripe"))

    lines = [line.split() for line in run_lines("deliveries", "github") if "github" in line]

    assert [(words[3], words[4], words[5:]) for words in lines] == [
        ("delivered", "other", ["x-other"]),
        ("delivered", "sent", ["x-sent"]),
        ("buffered", "new", ["503"]),
        ("delivered", "old", ["1:2:3"]),
    ]


def test_listed_deliveries_are_limited_and_since_a_time(bridge: Bridge) -> None:
    for number in range(4):
        ago = timedelta(hours=number, minutes=1)
        bridge.log("Receiver", outcome("delivered", f"d-{number}"), ago=ago)
    since = datetime.now(UTC) - timedelta(hours=2, minutes=30)

    logged = run("deliveries", "github", "--limit", "2")
    assert [name in logged for name in ("d-0", "d-1", "d-2", "d-3")] == [True, True, False, False]
    assert "There are more: --page 2" in logged
    logged = run("deliveries", "github", "--since", f"{since:%Y-%m-%dT%H:%M:%S}")
    assert [name in logged for name in ("d-0", "d-1", "d-2", "d-3")] == [True, True, True, False]


def test_lines_of_a_day_ago_are_found_in_few_requests(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each window is four times as long as the one before."""
    bridge.log("Receiver", outcome("delivered", "d-1"), ago=timedelta(hours=23))
    paginate: Any = PageIterator.__iter__
    searched: list[Any] = []

    def recorded(pages: Any) -> Any:
        searched.append(pages)
        return paginate(pages)

    monkeypatch.setattr(PageIterator, "__iter__", recorded)

    assert "d-1" in run("deliveries", "github")

    assert 0 < len(searched) <= 20


@pytest.mark.parametrize("state", ["buffered", "dead"])
def test_open_deliveries_are_listed_from_the_table(bridge: Bridge, state: str) -> None:
    bridge.deliveries.delivered(received("sent"), "flow", "1:2:3")
    bridge.deliveries.postponed(received("waits"), "the inlet returned 503", NOW)
    bridge.deliveries.postponed(received("waits longer", minutes=-5), "the inlet returned 503", NOW)
    bridge.deliveries.postponed(received("foreign", source="stripe"), "503", NOW)
    bridge.buried("dead")

    logged = run("deliveries", "github", "--state", state)

    assert ("waits" in logged) == (state == "buffered")
    assert ("the inlet returned 400" in logged) == (state == "dead")
    assert "sent" not in logged
    assert "foreign" not in logged
    if state == "buffered":
        assert "the inlet returned 503" in logged
        logged = run("deliveries", "github", "--state", "buffered", "--limit", "1")
        assert "waits longer" not in logged
        assert "There are more: --page 2" in logged


def test_deliveries_are_filtered_by_state(bridge: Bridge) -> None:
    bridge.log("Receiver", outcome("delivered", "first"), outcome("filtered", "second"))

    logged = run("deliveries", "github", "--state", "filtered")

    assert "second" in logged
    assert "first" not in logged


@pytest.mark.usefixtures("bridge")
def test_states_are_offered_that_are_listed() -> None:
    offered = set(get_args(ListedState))

    assert offered == {*OPEN, *LOGGED}
    for state in set(State) - offered:
        assert "is not one of" in run("deliveries", "github", "--state", state, status=2)


@pytest.mark.usefixtures("bridge")
def test_dead_letters_without_a_record_are_pointed_out() -> None:
    assert "`inlet dead-letters list` lists also dead letters without a record" in run(
        "deliveries", "--state", "dead", status=1
    )


def test_source_without_deliveries_is_reported(bridge: Bridge) -> None:
    logged = run("deliveries", "stripe", status=1)

    assert "no deliveries of stripe are logged" in logged
    assert "rejected requests" in logged
    logged = run("deliveries", "stripe", "--state", "dead", status=1)
    assert "no deliveries of stripe are dead" in logged
