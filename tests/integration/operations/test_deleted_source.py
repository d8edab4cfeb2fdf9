"""What commands say of a source that was deleted while its webhooks waited, and of what it left."""

from datetime import UTC, datetime, timedelta

import boto3
import pytest

from bridge.delivery.outcomes import DeadClass
from inlet_bridge.operations.deployed import Deployed
from tests.support.bridge_commands import listed, outcome, run
from tests.support.moto_deployment import NOW, OPEN_SHARDS, Bridge, received
from tests.support.replay_commands import Commands

MINUTE = timedelta(minutes=1)
DELETED = "gone is not a source any more: deleted or renamed"
REDRIVE = "`inlet dead-letters redrive --source gone` sends its dead letters"
COMMANDS = (
    ("pause", "gone"),
    ("resume", "gone"),
    ("replay", "gone", "--yes"),
    ("tail", "gone"),
    ("why", "d-9", "--source", "gone"),
    ("deliveries", "gone", "--refused"),
    ("failed", "list", "--source", "gone"),
    ("failed", "replay", "--source", "gone"),
)


def wait(bridge: Bridge, *delivery_ids: str, source: str = "gone") -> None:
    """Record deliveries that wait and were not tried yet."""
    for each in delivery_ids:
        bridge.deliveries.claim(received(each, source=source), NOW)
        bridge.deliveries.buffered(received(each, source=source))


def test_why_of_a_waiting_delivery_says_what_becomes_of_it(bridge: Bridge) -> None:
    wait(bridge, "d-1")

    said = run("why", "d-1", "--source", "gone")
    assert f"deleted {DELETED}" in said
    assert "next attempt within minutes: it becomes a dead letter, unless a source named" in said
    assert REDRIVE in said
    assert "within seconds" not in said


def test_why_without_a_source_finds_a_waiting_delivery_by_the_logs(bridge: Bridge) -> None:
    at = datetime.now(UTC) + MINUTE
    bridge.deliveries.postponed(received("d-1", source="gone"), "the inlet returned 503", at)
    bridge.log("Receiver", outcome("buffered", "d-1", "gone"), ago=MINUTE)

    [found] = listed("why", "d-1")["found"]
    assert found["deleted"] == DELETED
    assert found["next attempt"].startswith(f"{found['next_attempt_at']}: it becomes a dead letter")


def test_why_of_a_dead_letter_without_a_source_names_the_way_out(bridge: Bridge) -> None:
    bridge.buried("d-1", source="gone", kind=DeadClass.UNKNOWN_FLOW)
    bridge.buried("d-2", source="gone", kind=DeadClass.TOO_LARGE)
    lines = [outcome("dead letter", each, "gone") for each in ("d-1", "d-2")]
    bridge.log("Forwarder", *lines, ago=MINUTE)

    again = "deploy a source named gone again"
    assert f"what to do {again}, then `inlet dead-letters redrive --id d-1" in run("why", "d-1")
    assert f"what to do {again}, and remove the reason, then `inlet" in run("why", "d-2")


@pytest.mark.parametrize("reason", ["", "the inlet returned 503"])
@pytest.mark.parametrize("options", [(), ("--state", "buffered")])
def test_lists_name_the_deletion_as_the_reason(
    bridge: Bridge, options: tuple[str, ...], reason: str
) -> None:
    wait(bridge, "d-1")
    if reason:
        bridge.deliveries.postponed(received("d-1", source="gone"), reason, NOW)
    bridge.log("Receiver", outcome("buffered", "d-1", "gone", reason=reason), ago=MINUTE)

    said = run("deliveries", "gone", *options)
    assert f"deleted: {DELETED}" in said
    assert REDRIVE in said


def test_lists_have_the_same_reason_of_what_a_pause_holds(bridge: Bridge) -> None:
    wait(bridge, "d-1", source="github")
    bridge.log("Receiver", outcome("buffered", "d-1"), ago=MINUTE)
    assert "`inlet why ID` shows the next attempt" in run("deliveries", "github")

    run("pause", "github")

    [logged] = listed("deliveries", "github")["deliveries"]
    [waiting] = listed("deliveries", "github", "--state", "buffered")["deliveries"]
    assert logged["detail"] == waiting["reason"]
    assert logged["detail"].startswith("paused: github, since ")


def test_commands_say_that_a_source_was_deleted(commands: Commands) -> None:
    wait(commands.bridge, "d-0", "d-1", "d-2")
    commands.bridge.buried("d-3", source="gone")

    for command in COMMANDS:
        said = run(*command, status=1)

        assert "gone is not a source of inlet-bridge-dev any more: it was deleted or rena" in said
        assert "Waiting, and about to become dead letters: 3 deliveries. Dead letters: 1 " in said
        assert f"Deploy a source named gone again; then {REDRIVE}." in said
        assert "is it" not in said


def test_audit_names_the_way_out_of_what_a_deleted_source_left(bridge: Bridge) -> None:
    bridge.buried("d-1", source="gone")
    bridge.buried("d-2")

    said = run("audit")
    assert f"{DELETED}. Deploy a source named gone again; then {REDRIVE}." in said
    assert "github is not" not in said


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_redrive_says_that_the_deliveries_of_a_deleted_source_die_again(
    bridge: Bridge, options: tuple[str, ...]
) -> None:
    bridge.buried("d-1", source="gone")
    bridge.buried("d-2")

    said = run("dead-letters", "redrive", *options)
    assert "gone is not a source any more: its deliveries become dead letters again. Deploy" in said
    assert "github is not" not in said


def test_name_that_only_the_logs_have_was_a_source(bridge: Bridge) -> None:
    bridge.log("Receiver", outcome("delivered", "d-1", "gone"), ago=MINUTE)

    assert "gone is not a source of inlet-bridge-dev any more" in run("pause", "gone", status=1)
    assert "there is no source gon in inlet-bridge-dev" in run("pause", "gon", status=1)


def test_name_that_a_longer_one_contains_is_no_misspelling(bridge: Bridge) -> None:
    ssm = boto3.client("ssm")
    ssm.put_parameter(
        Name=f"{Deployed('inlet-bridge-dev').prefix}/sources/send-linear", Value="-", Type="String"
    )

    assert "is it" not in run("pause", "linear", status=1)
    assert "is it send-linear?" in run("pause", "send-linea", status=1)


def test_open_deliveries_that_are_not_all_counted_are_at_least_so_many(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inlet_bridge.operations.records.open_counts._ENTRIES_PER_SHARD", 1)
    wait(bridge, *(f"d-{number}" for number in range(OPEN_SHARDS + 1)))

    assert "dead letters: at least " in run("pause", "gone", status=1)


def test_source_without_a_readable_table_is_one_that_never_was(bridge: Bridge) -> None:
    boto3.client("dynamodb").delete_table(TableName=bridge.table)

    assert "there is no source gone" in run("pause", "gone", status=1)
