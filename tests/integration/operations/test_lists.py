"""Tests of the lists of deliveries and rejected requests, and of `inlet why` and `inlet tail`."""

from datetime import UTC, datetime, timedelta

import pytest

from inlet_bridge.operations.logs import newest
from tests.support.bridge_commands import REQUEST, listed, outcome, refused, run, run_lines
from tests.support.moto_deployment import (
    NOW,
    Bridge,
    received,
)

MINUTE = timedelta(minutes=1)


def test_deliveries_of_all_sources_are_listed(bridge: Bridge) -> None:
    """Two sources may have the same ID."""
    bridge.log("Receiver", outcome("delivered", "d-1", "stripe"), ago=2 * MINUTE)
    bridge.log("Receiver", outcome("buffered", "d-1"), outcome("filtered", "d-2"), ago=MINUTE)

    found = listed("deliveries")
    assert [(each["source"], each["delivery_id"]) for each in found["deliveries"]] == [
        ("github", "d-2"),
        ("github", "d-1"),
        ("stripe", "d-1"),
    ]
    assert found["next_page"] is None


def test_open_deliveries_of_all_sources_are_listed(bridge: Bridge) -> None:
    for source in ("github", "stripe"):
        bridge.deliveries.postponed(received("waits", source=source), "503", NOW)

    found = listed("deliveries", "--state", "buffered")["deliveries"]
    assert {(each["source"], each["reason"]) for each in found} == {
        ("github", "503"),
        ("stripe", "503"),
    }


def test_open_deliveries_are_listed_with_their_source_and_reason(bridge: Bridge) -> None:
    bridge.buried("d-1", source="stripe")

    lines = run_lines("deliveries", "--state", "dead")

    head, row = (next(line for line in lines if word in line) for word in ("Received", "d-1"))
    assert head.split()[:3] == ["Received", "Source", "State"]
    assert "stripe" in row
    assert "invalid message: the inlet returned 400" in row


def test_waiting_deliveries_of_a_paused_source_are_listed_with_the_pause(bridge: Bridge) -> None:
    for name in ("d-1", "d-2"):
        bridge.deliveries.claim(received(name), NOW)
        bridge.deliveries.buffered(received(name))
    before = listed("deliveries", "github", "--state", "buffered")["deliveries"]
    assert all("within 5 min" in each["reason"] for each in before)
    run("pause", "github")

    shown = run("deliveries", "github", "--state", "buffered")
    assert shown.count("paused: github, since 20") == 2
    assert "`inlet resume github`" in shown


def test_a_deleted_source_is_still_listed(bridge: Bridge) -> None:
    """And requests to a source that never was."""
    bridge.log("Receiver", outcome("delivered", "d-1", "gone"), refused(source="never"))

    assert "d-1" in run("deliveries", "gone")
    assert REQUEST in run("deliveries", "never", "--refused")


def test_lists_have_pages(bridge: Bridge) -> None:
    for number in range(5):
        bridge.log("Receiver", outcome("delivered", f"d-{number}"), ago=number * MINUTE)
        bridge.deliveries.postponed(received(f"w-{number}", minutes=-number), "503", NOW)
        bridge.buried(f"x-{number}", died_at=NOW + number * MINUTE)

    for command, name, prefix in (
        (("deliveries",), "deliveries", "d"),
        (("deliveries", "--state", "buffered"), "deliveries", "w"),
        (("dead-letters", "list"), "dead_letters", "x"),
    ):
        pages = [listed(*command, "--limit", "2", "--page", str(page)) for page in (1, 2, 3)]
        ids = [each["delivery_id"] for page in pages for each in page[name]]
        assert ids == [f"{prefix}-{number}" for number in range(5)], command
        assert [page["next_page"] for page in pages] == [2, 3, None]
    assert "There are more: --page 2" in run("deliveries", "--limit", "2")
    beyond = run("deliveries", "--limit", "2", "--page", "4", status=1)
    assert "there is no page 4 --page 1 is the first." in beyond


def test_search_of_too_many_lines_says_how_far_it_came(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    bridge.log("Receiver", outcome("delivered", "d-1"))
    monkeypatch.setattr(newest, "MOST_CALLS", 2)

    assert "searched back to" in run("deliveries")
    assert "d-1" in run("deliveries")
    found = listed("deliveries")
    assert datetime.fromisoformat(found["searched_to"]) < datetime.now(UTC)
    assert "searched back to" in run("deliveries", "stripe", status=1)
    assert "searched back to" in run("deliveries", "--refused", status=1)


def test_list_without_records_is_an_empty_list_as_json(bridge: Bridge) -> None:
    assert listed("deliveries") == {"deliveries": [], "next_page": None}
    assert listed("dead-letters", "list") == {"dead_letters": [], "next_page": None}


def test_rejected_requests_are_listed_with_their_reason(bridge: Bridge) -> None:
    bridge.log("Receiver", refused(), refused("r-2", "stripe", status=404), ago=MINUTE)
    bridge.log("Receiver", {**refused("r-3"), "message": "unavailable", "reason": "SSM is"})

    assert "no signature matches" in run("deliveries", "github", "--refused")
    found = listed("deliveries", "--refused")["refused"]
    assert [each["request_id"] for each in found] == ["r-3", "r-2", REQUEST]
    assert "--refused lists no deliveries" in run(
        "deliveries", "--refused", "--state", "dead", status=2
    )


@pytest.mark.parametrize("command", [("deliveries",), ("deliveries", "--refused"), ("why", "x")])
@pytest.mark.usefixtures("bridge")
def test_what_was_searched_is_named(command: tuple[str, ...]) -> None:
    given = datetime.now(UTC) - timedelta(hours=3)

    logged = run(*command, "--since", given.isoformat(), status=1)

    assert f"The logs since {given:%Y-%m-%d %H:%M:%S} UTC were searched (--since)." in logged
    assert "The logs are searched back to --since (a day)" in run(*command, status=1)
