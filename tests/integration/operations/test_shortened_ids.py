"""The beginning of an ID, as people copy it, in place of the whole one."""

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
