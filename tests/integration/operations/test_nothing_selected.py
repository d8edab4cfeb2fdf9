"""What the commands of dead letters and failed records say if nothing is selected."""

import pytest

from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.queues.dead_letter_filter import Filter
from inlet_bridge.operations.queues.dead_letters import DeadLetters
from tests.support.bridge_commands import run
from tests.support.counted_calls import counted_calls
from tests.support.moto_deployment import Bridge


@pytest.mark.parametrize("command", ["redrive", "drop"])
def test_classes_of_other_letters_are_named(bridge: Bridge, command: str) -> None:
    bridge.buried("d-1")

    nothing = run("dead-letters", command, "--class", "expired")

    assert "There are no such dead letters. There are others: invalid message (1)." in nothing


@pytest.mark.usefixtures("commands")
@pytest.mark.parametrize("command", ["list", "replay", "drop"])
def test_empty_list_says_what_failed_records_are(command: str) -> None:
    nothing = run("failed", command)

    assert "There are no such failed records. They are what Adobe rejected after" in nothing
    assert "`inlet dead-letters list`" in nothing


@pytest.mark.usefixtures("commands")
@pytest.mark.parametrize("command", ["list", "replay", "drop"])
def test_reason_where_nothing_has_failed_is_answered_with_that(command: str) -> None:
    nothing = run("failed", command, "--reason", "zz")

    assert "no such failed records. Nothing is failed, whatever its reason. They are" in nothing


@pytest.mark.usefixtures("commands")
@pytest.mark.parametrize("command", ["list", "redrive", "drop"])
def test_class_where_nothing_is_dead_is_answered_with_that(command: str) -> None:
    nothing = run("dead-letters", command, "--class", "expired")

    assert "There are no such dead letters. Nothing is dead, of whatever class." in nothing


@pytest.mark.usefixtures("commands")
@pytest.mark.parametrize("command", [("show",), ("replay", "--id"), ("drop", "--yes", "--id")])
def test_unknown_id_is_answered_with_the_commands_that_list(command: tuple[str, ...]) -> None:
    logged = run("failed", *command, "sha256:zz", status=1)

    assert "no failed record sha256:zz `inlet failed list` lists them; `inlet why`" in logged


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("list", "--class", "expired"), "There are others: invalid message (25)."),
        (("redrive", "--class", "expired"), "There are others: invalid message (25)."),
        (("show", "order-1"), "no dead letter order-1; several begin so: order-10"),
        (("redrive", "--id", "order-1"), "no dead letter order-1; several begin so: order-10"),
    ],
)
def test_queue_is_read_once_if_nothing_is_selected(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    for number in range(10, 35):
        bridge.buried(f"order-{number}")
    with counted_calls(monkeypatch) as calls:
        letters = DeadLetters(Deployed("inlet-bridge-dev")).letters(Filter(kind="expired"))
    assert letters == []
    once = calls["ReceiveMessage"]

    with counted_calls(monkeypatch) as calls:
        printed = run("dead-letters", *arguments, status=1 if "order-1" in arguments else 0)

    assert said in printed
    assert calls["ReceiveMessage"] == once
