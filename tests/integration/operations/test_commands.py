"""Tests of the commands for a deployed bridge, on a stack of moto."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import boto3
import pytest
from typer.testing import CliRunner

from bridge.delivery.outcomes import DeadClass
from inlet_bridge.cli.main import app
from tests.support.moto_deployment import NOW, Bridge, deployed_bridge, received, texts


@pytest.fixture
def bridge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    with deployed_bridge(monkeypatch) as bridge:
        yield bridge


def run(*arguments: str, status: int = 0) -> str:
    """Return the output of a command."""
    result = CliRunner().invoke(app, list(arguments), env={"NO_COLOR": "1"})
    assert result.exit_code == status, result.output
    return " ".join(result.output.split())


def test_deliveries_are_listed_newest_first(bridge: Bridge) -> None:
    bridge.deliveries.delivered(received("old"), "flow", "1:2:3")
    bridge.deliveries.postponed(received("new", minutes=5), "the inlet returned 503", NOW)

    logged = run("deliveries", "github")

    assert logged.index("new") < logged.index("old")
    assert "the inlet returned 503" in logged
    assert "1:2:3" in logged


def test_deliveries_are_filtered_by_state(bridge: Bridge) -> None:
    bridge.deliveries.delivered(received("first"), "flow", "1:2:3")
    bridge.deliveries.postponed(received("second"), "the inlet returned 503", NOW)

    logged = run("deliveries", "github", "--state", "buffered")

    assert "second" in logged
    assert "first" not in logged


def test_number_of_listed_deliveries_is_limited_by_default(bridge: Bridge) -> None:
    for number in range(3):
        bridge.deliveries.delivered(received(f"d-{number}", minutes=number), "flow", "x")

    logged = run("deliveries", "github", "--limit", "2")

    assert "d-0" not in logged
    assert "1 more" in logged


def test_source_without_deliveries_is_reported(bridge: Bridge) -> None:
    assert "no deliveries of gitlab are recorded" in run("deliveries", "gitlab", status=1)


def test_why_prints_the_history_of_a_delivery(bridge: Bridge) -> None:
    bridge.buried("d-1", source="stripe", kind=DeadClass.TOO_LARGE)

    logged = run("why", "d-1")

    assert "stripe d-1" in logged
    assert "it is a dead letter" in logged
    assert "too large" in logged
    assert "the inlet returned 400" in logged


def test_why_explains_an_unknown_delivery(bridge: Bridge) -> None:
    assert "It was rejected" in run("why", "d-1", status=1)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [(("github",), "sources/github"), (("--connection", "webhooks"), "connections/webhooks")],
)
def test_pause_is_a_parameter_until_it_is_resumed(
    bridge: Bridge, arguments: tuple[str, ...], name: str
) -> None:
    ssm = boto3.client("ssm")
    parameter = f"/inlet-bridge/dev/{name}/paused"

    assert "is paused" in run("pause", *arguments)
    assert ssm.get_parameter(Name=parameter)
    assert "is resumed" in run("resume", *arguments)
    assert ssm.get_parameters(Names=[parameter])["Parameters"] == []
    assert "was not paused" in run("resume", *arguments)


def test_pause_of_an_unknown_source_is_rejected(bridge: Bridge) -> None:
    assert "there is no source gitlab" in run("pause", "gitlab", status=1)
    assert "there is no connection other" in run("pause", "--connection", "other", status=1)
    assert "either a source or a --connection" in run("pause", status=1)


def test_listed_dead_letters_stay_in_the_queue(bridge: Bridge) -> None:
    bridge.buried("d-2", died_at=NOW + timedelta(hours=1))
    bridge.buried("d-1")

    logged = run("dead-letters", "list")

    assert logged.index("d-1") < logged.index("d-2")
    assert "invalid message" in logged
    assert bridge.dead() == {"d-1", "d-2"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("--source", "stripe"),
        ("--class", "expired"),
        ("--since", "2026-11-20T13:00:00"),
    ],
)
def test_dead_letters_are_filtered(bridge: Bridge, arguments: tuple[str, ...]) -> None:
    bridge.buried(
        "wanted", source="stripe", kind=DeadClass.EXPIRED, died_at=NOW + timedelta(days=1)
    )
    bridge.buried("other")

    logged = run("dead-letters", "list", *arguments)

    assert "wanted" in logged
    assert "other" not in logged
    assert "other" in run("dead-letters", "list", "--until", "2026-11-20T12:00:00")


def test_dead_letter_is_printed_with_its_payload(bridge: Bridge) -> None:
    bridge.buried("d-1")

    assert '"a": "café"' in run("dead-letters", "show", "d-1")


def test_redriven_dead_letter_is_buffered_under_its_own_id(bridge: Bridge) -> None:
    buried = bridge.buried("d-1")
    bridge.buried("d-2")

    logged = run("dead-letters", "redrive", "--id", "d-1", "--rate", "1000")

    assert "1 moved to the buffer" in logged
    [waiting] = bridge.waiting()
    assert replace(waiting, buffered_at=buried.buffered_at, sends=0) == buried
    assert waiting.buffered_at > buried.buffered_at
    assert bridge.dead() == {"d-2"}
    assert "buffered" in run("why", "d-1")


def test_dry_run_changes_nothing(bridge: Bridge) -> None:
    bridge.buried("d-1")

    assert "Nothing was changed" in run("dead-letters", "redrive", "--dry-run")
    assert "Nothing was changed" in run("dead-letters", "drop", "--dry-run")
    assert bridge.dead() == {"d-1"}
    assert bridge.waiting() == []


def test_delivered_message_is_not_redriven(bridge: Bridge) -> None:
    buried = bridge.buried("d-1")
    bridge.deliveries.delivered(buried, "flow", "1:2:3")

    logged = run("dead-letters", "redrive", "--rate", "1000", status=1)

    assert "was delivered meanwhile" in logged
    assert bridge.waiting() == []
    assert bridge.dead() == {"d-1"}


def test_malformed_dead_letter_is_listed_and_can_be_dropped(bridge: Bridge) -> None:
    boto3.client("sqs").send_message(QueueUrl=bridge.dead_letters_url, MessageBody="alien")

    assert "given up" in run("dead-letters", "list")
    assert "cannot be read" in run("dead-letters", "redrive", "--rate", "1000", status=1)
    assert "1 dead letters were deleted" in run("dead-letters", "drop", "--yes")
    assert texts(bridge.dead_letters_url) == []


def test_drop_asks_for_confirmation(bridge: Bridge) -> None:
    bridge.buried("d-1")

    run("dead-letters", "drop", status=1)

    assert bridge.dead() == {"d-1"}


def test_empty_dead_letter_queue_is_not_a_failure(bridge: Bridge) -> None:
    assert "There are no such dead letters" in run("dead-letters", "list")
    assert "There are no such dead letters" in run("dead-letters", "redrive")
    assert "there is no dead letter d-1" in run("dead-letters", "show", "d-1", status=1)


def test_balance_agrees_if_every_delivery_is_accounted_for(bridge: Bridge) -> None:
    bridge.deliveries.delivered(received("d-1"), "flow", "x")
    bridge.deliveries.postponed(received("d-2"), "the inlet returned 503", NOW)
    bridge.buffer.put(received("d-2"), timedelta(0))
    bridge.buried("d-3", source="stripe")

    logged = run("audit")

    assert "all 3 1 1 1 0" in logged
    assert "in the queues 1 1" in logged


def test_balance_reports_unaccounted_deliveries(bridge: Bridge) -> None:
    bridge.deliveries.postponed(received("d-2"), "the inlet returned 503", NOW)

    assert "1 deliveries are recorded as buffered and are not in the buffer" in run(
        "audit", status=1
    )


def test_missing_stack_is_named(bridge: Bridge) -> None:
    logged = run("audit", "--stack", "other", status=1)

    assert "there is no stack other here" in logged
    assert "--stack" in logged
