"""The commands for a deployed bridge, on a stack of moto's."""

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
    """What a command says."""
    result = CliRunner().invoke(app, list(arguments), env={"NO_COLOR": "1"})
    assert result.exit_code == status, result.output
    return " ".join(result.output.split())


def test_deliveries_are_listed_the_newest_first(bridge: Bridge) -> None:
    bridge.deliveries.delivered(received("old"), "flow", "1:2:3")
    bridge.deliveries.postponed(received("new", minutes=5), "the inlet returned 503", NOW)

    told = run("deliveries", "github")

    assert told.index("new") < told.index("old")
    assert "the inlet returned 503" in told
    assert "1:2:3" in told


def test_deliveries_of_one_state(bridge: Bridge) -> None:
    bridge.deliveries.delivered(received("first"), "flow", "1:2:3")
    bridge.deliveries.postponed(received("second"), "the inlet returned 503", NOW)

    told = run("deliveries", "github", "--state", "buffered")

    assert "second" in told
    assert "first" not in told


def test_only_the_newest_deliveries_are_listed_unless_more_are_asked_for(bridge: Bridge) -> None:
    for number in range(3):
        bridge.deliveries.delivered(received(f"d-{number}", minutes=number), "flow", "x")

    told = run("deliveries", "github", "--limit", "2")

    assert "d-0" not in told
    assert "1 more" in told


def test_a_source_without_deliveries_is_said_to_have_none(bridge: Bridge) -> None:
    assert "no deliveries of gitlab are recorded" in run("deliveries", "gitlab", status=1)


def test_why_tells_the_story_of_a_delivery_of_any_source(bridge: Bridge) -> None:
    bridge.buried("d-1", source="stripe", kind=DeadClass.TOO_LARGE)

    told = run("why", "d-1")

    assert "stripe d-1" in told
    assert "it is a dead letter" in told
    assert "too large" in told
    assert "the inlet returned 400" in told


def test_why_says_what_an_unknown_delivery_may_be(bridge: Bridge) -> None:
    assert "It was rejected" in run("why", "d-1", status=1)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [(("github",), "sources/github"), (("--connection", "webhooks"), "connections/webhooks")],
)
def test_a_pause_is_a_parameter_for_as_long_as_it_lasts(
    bridge: Bridge, arguments: tuple[str, ...], name: str
) -> None:
    ssm = boto3.client("ssm")
    parameter = f"/inlet-bridge/dev/{name}/paused"

    assert "is paused" in run("pause", *arguments)
    assert ssm.get_parameter(Name=parameter)
    assert "is resumed" in run("resume", *arguments)
    assert ssm.get_parameters(Names=[parameter])["Parameters"] == []
    assert "was not paused" in run("resume", *arguments)


def test_what_does_not_exist_cannot_be_paused(bridge: Bridge) -> None:
    assert "there is no source gitlab" in run("pause", "gitlab", status=1)
    assert "there is no connection other" in run("pause", "--connection", "other", status=1)
    assert "either a source or a --connection" in run("pause", status=1)


def test_dead_letters_are_listed_and_stay(bridge: Bridge) -> None:
    bridge.buried("d-2", died_at=NOW + timedelta(hours=1))
    bridge.buried("d-1")

    told = run("dead-letters", "list")

    assert told.index("d-1") < told.index("d-2")
    assert "invalid message" in told
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

    told = run("dead-letters", "list", *arguments)

    assert "wanted" in told
    assert "other" not in told
    assert "other" in run("dead-letters", "list", "--until", "2026-11-20T12:00:00")


def test_a_dead_letter_is_shown_with_its_payload(bridge: Bridge) -> None:
    bridge.buried("d-1")

    assert '"a": "café"' in run("dead-letters", "show", "d-1")


def test_a_redriven_letter_waits_again_under_its_own_id(bridge: Bridge) -> None:
    buried = bridge.buried("d-1")
    bridge.buried("d-2")

    told = run("dead-letters", "redrive", "--id", "d-1", "--rate", "1000")

    assert "1 moved to the buffer" in told
    [waiting] = bridge.waiting()
    assert replace(waiting, buffered_at=buried.buffered_at) == buried
    assert waiting.buffered_at > buried.buffered_at
    assert bridge.dead() == {"d-2"}
    assert "buffered" in run("why", "d-1")


def test_a_dry_run_changes_nothing(bridge: Bridge) -> None:
    bridge.buried("d-1")

    assert "Nothing was changed" in run("dead-letters", "redrive", "--dry-run")
    assert "Nothing was changed" in run("dead-letters", "drop", "--dry-run")
    assert bridge.dead() == {"d-1"}
    assert bridge.waiting() == []


def test_what_was_delivered_meanwhile_is_not_redriven(bridge: Bridge) -> None:
    buried = bridge.buried("d-1")
    bridge.deliveries.delivered(buried, "flow", "1:2:3")

    told = run("dead-letters", "redrive", "--rate", "1000", status=1)

    assert "was delivered meanwhile" in told
    assert bridge.waiting() == []
    assert bridge.dead() == {"d-1"}


def test_what_cannot_be_read_is_listed_and_can_be_dropped(bridge: Bridge) -> None:
    boto3.client("sqs").send_message(QueueUrl=bridge.dead_letters_url, MessageBody="alien")

    assert "given up" in run("dead-letters", "list")
    assert "cannot be read" in run("dead-letters", "redrive", "--rate", "1000", status=1)
    assert "1 dead letters were deleted" in run("dead-letters", "drop", "--yes")
    assert texts(bridge.dead_letters_url) == []


def test_dropping_asks_first(bridge: Bridge) -> None:
    bridge.buried("d-1")

    run("dead-letters", "drop", status=1)

    assert bridge.dead() == {"d-1"}


def test_that_there_are_no_dead_letters_is_no_failure(bridge: Bridge) -> None:
    assert "There are no such dead letters" in run("dead-letters", "list")
    assert "There are no such dead letters" in run("dead-letters", "redrive")
    assert "there is no dead letter d-1" in run("dead-letters", "show", "d-1", status=1)


def test_the_books_agree_when_all_is_somewhere(bridge: Bridge) -> None:
    bridge.deliveries.delivered(received("d-1"), "flow", "x")
    bridge.deliveries.postponed(received("d-2"), "the inlet returned 503", NOW)
    bridge.buffer.put(received("d-2"), timedelta(0))
    bridge.buried("d-3", source="stripe")

    told = run("audit")

    assert "all 3 1 1 1 0" in told
    assert "in the queues 1 1" in told


def test_the_books_show_what_is_nowhere(bridge: Bridge) -> None:
    bridge.deliveries.postponed(received("d-2"), "the inlet returned 503", NOW)

    assert "1 deliveries are recorded as buffered and are not in the buffer" in run(
        "audit", status=1
    )


def test_a_stack_that_is_not_there_is_named(bridge: Bridge) -> None:
    told = run("audit", "--stack", "other", status=1)

    assert "there is no stack other here" in told
    assert "--stack" in told
