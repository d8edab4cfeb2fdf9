"""The beginning of an ID, as people copy it, in place of the whole one."""

from copy import replace
from datetime import timedelta

import pytest

from tests.support.bridge_commands import outcome, refused, run
from tests.support.moto_deployment import Bridge, received
from tests.support.replay_commands import Commands

MINUTE = timedelta(minutes=1)


def test_beginning_of_a_recent_id_is_enough_if_one_begins_so(bridge: Bridge) -> None:
    whole, other = "0b6f3c1e-7033-4f03-b9b0-4951c917a918", "0b6f3c1e-1111-4f03-b9b0-4951c917a918"
    bridge.deliveries.delivered(received(whole), "flow", "1:2:3")
    bridge.log("Receiver", outcome("delivered", whole), refused("Qm1abcdefg="), ago=MINUTE)

    said = run("why", "0b6f3c1e")
    assert f"0b6f3c1e is the beginning of {whole}. delivery github {whole}" in said
    assert "refused with 401" in run("why", "Qm1abc")
    assert "lists whole IDs" in run("why", "0b6f3", status=1), "too short"
    assert "lists whole IDs" in run("why", "0b6f3c1e", "--source", "stripe", status=1)

    bridge.log("Receiver", outcome("filtered", other), ago=MINUTE)
    several = run("why", "0b6f3c1e", status=1)
    assert f"several begin so: {other}, {whole}" in several or f"{whole}, {other}" in several
    assert "Write the whole ID." in several


@pytest.mark.parametrize("command", [("redrive", "--id"), ("drop", "--yes", "--id"), ("show",)])
def test_beginning_of_the_id_of_a_dead_letter_is_answered_with_the_whole_one(
    bridge: Bridge, command: tuple[str, ...]
) -> None:
    bridge.buried("0b6f3c1e-7033")

    logged = run("dead-letters", *command, "0b6f3c1e", status=1)

    assert "there is no dead letter 0b6f3c1e; is it 0b6f3c1e-7033?" in logged
    assert bridge.dead() == {"0b6f3c1e-7033"}


@pytest.mark.parametrize("command", [("show",), ("replay", "--id"), ("drop", "--yes", "--id")])
def test_beginning_of_the_id_of_a_failed_record_is_answered_with_the_whole_one(
    commands: Commands, command: tuple[str, ...]
) -> None:
    commands.fail(commands.receive("0b6f3c1e-7033"))

    logged = run("failed", *command, "0b6f3c1e", status=1)

    assert "there is no failed record 0b6f3c1e; is it 0b6f3c1e-7033?" in logged


DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


@pytest.mark.parametrize("delivery_id", ["", "x" * 300], ids=["of its content", "of a long ID"])
def test_digest_without_its_prefix_is_the_id(bridge: Bridge, delivery_id: str) -> None:
    key = f"id:sha256:{DIGEST}" if delivery_id else f"content:{DIGEST}"
    webhook = replace(received(f"sha256:{DIGEST}"), key=key)
    bridge.deliveries.delivered(webhook, "flow", "1:2:3")

    assert f"delivery github sha256:{DIGEST}" in run("why", DIGEST)
    assert "lists whole IDs" in run("why", DIGEST.upper(), status=1)


def test_digest_without_its_prefix_is_found_in_the_logs(bridge: Bridge) -> None:
    bridge.log("Receiver", outcome("delivered", f"sha256:{DIGEST}", "gone"), ago=MINUTE)

    assert f"sha256:{DIGEST}" in run("why", DIGEST)


@pytest.mark.parametrize("shortened", [DIGEST[:12], f"sha256:{DIGEST[:6]}…", f"{DIGEST[:6]}..."])
def test_beginning_of_a_digest_is_enough(bridge: Bridge, shortened: str) -> None:
    bridge.log("Receiver", outcome("delivered", f"sha256:{DIGEST}"), ago=MINUTE)

    assert f"is the beginning of sha256:{DIGEST}." in run("why", shortened)


@pytest.mark.parametrize("copied", ['"d-1",', " d-1", "`d-1`.", "<d-1>", "'d-1'"])
def test_id_with_what_it_was_copied_with_is_the_id(bridge: Bridge, copied: str) -> None:
    bridge.deliveries.delivered(received("d-1"), "flow", "1:2:3")

    assert "delivery github d-1 " in run("why", copied)


def test_digest_without_its_prefix_selects_a_dead_letter(bridge: Bridge) -> None:
    bridge.buried(f"sha256:{DIGEST}")

    assert f"sha256:{DIGEST}" in run("dead-letters", "show", DIGEST)
    said = run("dead-letters", "show", DIGEST[:9], status=1)
    assert f"is it sha256:{DIGEST}?" in said
    assert "1 moved to the buffer" in run("dead-letters", "redrive", "--id", DIGEST)


def test_digest_without_its_prefix_selects_a_failed_record(commands: Commands) -> None:
    commands.fail(commands.receive(f"sha256:{DIGEST}"))

    assert f"sha256:{DIGEST}" in run("failed", "show", DIGEST)
