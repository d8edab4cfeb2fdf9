"""Tests of the lists of deliveries and rejected requests, and of `inlet why` and `inlet tail`."""

import json
from collections.abc import Callable, Iterator
from copy import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.logs import newest
from inlet_bridge.operations.logs.tail import LogTail
from tests.support import sample_webhooks as samples
from tests.support.bridge_commands import batch, outcome, run, run_lines
from tests.support.moto_deployment import (
    NOW,
    STACK,
    Bridge,
    deployed_bridge,
    describe_source,
    received,
)

MINUTE = timedelta(minutes=1)
REQUEST = "XyZ1aH2ULiAEJfg="


@pytest.fixture
def bridge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    with deployed_bridge(monkeypatch) as bridge:
        yield bridge


def refused(request_id: str = REQUEST, source: str = "github", **more: Any) -> dict[str, Any]:
    """What the receiver logs of a request that it rejects."""
    line = {"message": "refused", "source": source, "status": 401, "request_id": request_id}
    return {**line, "reason": "no signature matches", **more}


def listed(*arguments: str) -> Any:
    return json.loads("".join(run_lines(*arguments, "--json")))


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


@pytest.mark.parametrize(
    "command",
    [
        ("deliveries", "githob"),
        ("deliveries", "githob", "--json"),
        ("deliveries", "githob", "--state", "dead"),
        ("deliveries", "githob", "--refused"),
        ("tail", "githob"),
        ("pause", "githob"),
        ("resume", "githob"),
    ],
)
@pytest.mark.usefixtures("bridge")
def test_an_unknown_source_is_named_with_those_that_there_are(command: tuple[str, ...]) -> None:
    logged = run(*command, status=1)

    assert "there is no source githob in inlet-bridge-dev" in logged
    assert "The sources are github, stripe." in logged


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
    assert "there is no page 4" in run("deliveries", "--limit", "2", "--page", "4", status=1)


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


def test_why_explains_a_rejected_request(bridge: Bridge) -> None:
    """The response to the sender has the ID of the request, and never the reason."""
    bridge.log("Receiver", refused(), refused("other", reason="too old"), ago=MINUTE)

    logged = run("why", REQUEST)
    assert "refused with 401" in logged
    assert "no signature matches" in logged
    assert "too old" not in logged
    [found] = listed("why", REQUEST)["found"]
    assert (found["status"], found["reason"]) == (401, "no signature matches")
    assert "The secret differs" in found["advice"]
    assert found["more"] == "docs/troubleshooting.md, The sender gets 401"


def test_way_out_of_a_rejection_has_the_name_of_the_parameter_and_never_its_value(
    bridge: Bridge,
) -> None:
    name = "/inlet-bridge/dev/secrets/github"
    boto3.client("ssm").put_parameter(Name=name, Value="CANARY", Type="SecureString")
    describe_source(secrets=(name,))
    bridge.log("Receiver", refused(), refused("gone-1", "gone"), ago=MINUTE)

    logged = run("why", REQUEST)
    assert f"aws ssm put-parameter --type SecureString --overwrite --name {name}" in logged
    assert "docs/troubleshooting.md, The sender gets 401" in logged
    assert "CANARY" not in logged
    assert "The secret differs" in run("why", "gone-1"), "its source was deleted"
    assert "inlet why REQUEST_ID" in run("deliveries", "github", "--refused")


@pytest.mark.parametrize("arguments", [("github",), ("--connection", "webhooks")])
def test_why_names_a_pause_and_the_way_out(
    bridge: Bridge, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "inlet_bridge.operations.configuration.pause._connection_of", lambda _: "webhooks"
    )
    bridge.deliveries.postponed(received("d-1"), "the inlet returned 503", NOW)
    assert "which is due: within minutes" in run("why", "d-1")
    run("pause", *arguments)

    logged = run("why", "d-1")
    assert f"paused {arguments[-1]}, since 20" in logged
    assert f"`inlet resume {' '.join(arguments)}`" in logged
    run("resume", *arguments)
    assert "paused" not in run("why", "d-1")


@pytest.mark.parametrize("arguments", [("github",), ("--connection", "webhooks")])
def test_why_of_a_resumed_delivery_names_the_longest_wait(
    bridge: Bridge, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The forwarder looks at what waited every five minutes."""
    monkeypatch.setattr(
        "inlet_bridge.operations.configuration.pause._connection_of", lambda _: "webhooks"
    )
    bridge.deliveries.claim(received("d-1"), NOW)
    bridge.deliveries.buffered(received("d-1"))
    assert "next attempt within seconds" in run("why", "d-1")
    run("pause", *arguments)
    run("resume", *arguments)

    logged = run("why", "d-1")
    assert "next attempt by 20" in logged
    assert "its pause has ended, and what waited for it is tried within 5 min" in logged
    assert "within seconds" not in logged


def test_why_names_a_settling_flow_and_its_end(bridge: Bridge) -> None:
    until = (datetime.now(UTC) + timedelta(minutes=4)).replace(microsecond=0)
    source = replace(samples.source(), name="github")
    flows = {name: replace(flow, ready_at=until) for name, flow in source.flows.items()}
    document = replace(source, flows=flows).to_document()
    name = "/inlet-bridge/dev/sources/github"
    boto3.client("ssm").put_parameter(Name=name, Value=document, Overwrite=True)
    bridge.deliveries.postponed(received("d-1"), "", NOW)

    logged = run("why", "d-1")

    assert "settling the flow events was created or changed, until" in logged
    assert f"next attempt {until.isoformat()}, when the flow has settled" in logged
    assert "settling" in listed("why", "d-1")["found"][0]


def test_why_shows_the_next_attempt(bridge: Bridge) -> None:
    later = datetime.now(UTC) + timedelta(hours=1)
    bridge.deliveries.postponed(received("d-1"), "the inlet returned 503", later)

    assert f"next attempt {later.isoformat(timespec='seconds')[:16]}" in run("why", "d-1")


def test_tail_prints_each_line_once(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also those that the logs show late, and rejected requests with their reason."""
    bridge.log("Receiver", outcome("delivered", "before"), ago=timedelta(hours=1))
    steps: Iterator[Callable[[], None]] = iter(
        [
            lambda: bridge.log("Receiver", outcome("buffered", "d-1"), refused()),
            lambda: bridge.log("Forwarder", batch("d-1"), ago=timedelta(seconds=5)),
            lambda: bridge.log("Receiver", outcome("delivered", "foreign", "stripe")),
        ]
    )

    def sleep(_: float) -> None:
        step = next(steps, None)
        if step is None:
            raise KeyboardInterrupt
        step()

    monkeypatch.setattr("inlet_bridge.cli.tail.time.sleep", sleep)
    lines = run_lines("tail", "github", "--since", "1m", "--json")

    shown = [json.loads(line) for line in lines]
    assert [each["state"] for each in shown] == ["buffered", "refused", "delivered"]
    assert shown[1]["reason"] == "no signature matches"


def test_tail_remembers_a_minute_only(bridge: Bridge) -> None:
    bridge.log("Receiver", outcome("delivered", "d-1"))
    now = datetime.now(UTC)
    times = iter([now, now + timedelta(minutes=5)])
    log = LogTail(Deployed(STACK), now - MINUTE, lambda: next(times))

    assert len(log.new()) == 1
    assert log.new() == []
    assert log._seen == {}  # noqa: SLF001 - its size is what is bounded
