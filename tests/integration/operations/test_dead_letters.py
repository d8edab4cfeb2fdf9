"""Tests of the commands for a deployed bridge, on a stack of moto: dead letters."""

import gzip
from copy import replace
from datetime import timedelta

import boto3
import pytest

from bridge.adapters.aws.delivery_items import key_item
from bridge.delivery.delivery import Delivery
from bridge.delivery.outcomes import DeadClass
from inlet_bridge.operations.records.table import Records
from tests.support.bridge_commands import run
from tests.support.moto_deployment import NOW, Bridge, texts


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


def test_dead_letter_is_printed_readably_whatever_its_form(bridge: Bridge) -> None:
    """Its bytes are those that the sender sent."""
    packed = gzip.compress('{"a":"café"}'.encode("cp1252"))
    typed = "application/json; charset=windows-1252"
    changes = {"body": packed, "kind": "received", "content_type": typed}
    bridge.buried("d-1", changes=changes)

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


def test_redrive_ends_while_the_cause_remains(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a forwarder does that is faster than the command."""
    bridge.buried("d-1")
    revive = Records.revive

    def revive_and_bury(records: Records, delivery: Delivery) -> bool:
        revived = revive(records, delivery)
        bridge.buried("d-1")
        return revived

    monkeypatch.setattr(Records, "revive", revive_and_bury)

    logged = run("dead-letters", "redrive", "--rate", "1000", status=1)

    assert "1 moved to the buffer, 0 stay dead letters." in logged
    assert "1 became a dead letter again: the cause is not removed." in logged
    assert "1 × invalid message: the inlet returned 400" in logged
    assert bridge.dead() == {"d-1"}
    assert len(bridge.waiting()) == 1


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

    assert "was delivered or erased meanwhile" in logged
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

    said = run("dead-letters", "drop", status=1)

    assert "permanently? [y/N]: Nobody can be asked here: answer with --yes." in said
    assert bridge.dead() == {"d-1"}


def test_empty_dead_letter_queue_is_not_a_failure(bridge: Bridge) -> None:
    assert "There are no such dead letters" in run("dead-letters", "list")
    assert "There are no such dead letters" in run("dead-letters", "redrive")
    assert "There are others" not in run("dead-letters", "redrive", "--class", "expired")
    missing = run("dead-letters", "show", "d-1", status=1)
    assert "there is no dead letter d-1 `inlet dead-letters list` lists them" in missing
    assert "`inlet why` shows any delivery." in missing


def test_dropped_dead_letter_is_not_open_any_more(bridge: Bridge) -> None:
    bridge.buried("d-1")

    run("dead-letters", "drop", "--yes")

    assert "no deliveries of github are dead" in run(
        "deliveries", "github", "--state", "dead", status=1
    )
    assert "github d-1" in run("why", "d-1")


def test_redriven_delivery_whose_record_has_expired_can_be_read(bridge: Bridge) -> None:
    buried = bridge.buried("d-1")
    boto3.client("dynamodb").delete_item(
        TableName=bridge.table, Key=key_item((buried.source, buried.key))
    )

    run("dead-letters", "redrive", "--rate", "1000")

    assert "d-1" in run("deliveries", "github", "--state", "buffered")


@pytest.mark.parametrize("command", [("redrive", "--id"), ("drop", "--yes", "--id"), ("show",)])
def test_source_in_place_of_an_id_is_pointed_out(bridge: Bridge, command: tuple[str, ...]) -> None:
    bridge.buried("d-1", source="stripe")

    logged = run("dead-letters", *command, "stripe", status=1)

    assert "stripe is the name of a source, and not the ID of a delivery" in logged
    assert "--source stripe" in logged
    assert bridge.dead() == {"d-1"}


@pytest.mark.parametrize("command", [("redrive",), ("drop", "--yes")])
def test_id_in_place_of_a_source_is_pointed_out(bridge: Bridge, command: tuple[str, ...]) -> None:
    bridge.buried("d-1", source="stripe")

    logged = run("dead-letters", *command, "--source", "d-1", status=1)

    assert "d-1 is the ID of a delivery of stripe, and not the name of a source" in logged
    assert "`inlet why d-1` shows what became of it and what to do" in logged
    assert bridge.dead() == {"d-1"}
    assert "is it stripe?" in run("dead-letters", *command, "--source", "strpe", status=1)


def test_why_of_a_source_names_the_command_that_lists_its_deliveries(bridge: Bridge) -> None:
    logged = run("why", "stripe", status=1)

    assert bridge.dead() == set()
    assert "stripe is the name of a source" in logged
    assert "`inlet deliveries stripe` lists its deliveries" in logged
