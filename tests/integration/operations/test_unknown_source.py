"""Every command that takes the name of a source refuses one that does not exist."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
import typer.main

from inlet_bridge.cli.main import app
from tests.support.moto_deployment import received
from tests.support.replay_commands import Commands, run

_ERASE: Final = ("erase", "--where", "body.a", "--dry-run")
COMMANDS: Final = (
    ("deliveries", "NAME"),
    ("deliveries", "NAME", "--json"),
    ("deliveries", "NAME", "--state", "buffered"),
    ("deliveries", "NAME", "--refused"),
    ("tail", "NAME"),
    ("why", "d-1", "--source", "NAME"),
    ("pause", "NAME"),
    ("resume", "NAME"),
    ("replay", "NAME"),
    ("replay", "NAME", "--yes"),
    ("replay", "NAME", "--id", "d-1"),
    ("replay", "NAME", "--dry-run", "--json"),
    ("failed", "list", "--source", "NAME"),
    ("failed", "list", "--source", "NAME", "--json"),
    ("failed", "show", "d-1", "--source", "NAME"),
    ("failed", "replay", "--source", "NAME"),
    ("failed", "replay", "--source", "NAME", "--id", "d-1"),
    ("failed", "drop", "--source", "NAME", "--yes"),
    ("dead-letters", "list", "--source", "NAME"),
    ("dead-letters", "list", "--source", "NAME", "--json"),
    ("dead-letters", "redrive", "--source", "NAME"),
    ("dead-letters", "redrive", "--source", "NAME", "--id", "d-1"),
    ("dead-letters", "drop", "--source", "NAME", "--yes"),
)
ELSEWHERE: Final = {
    ("erase",): "below: what is stored of a deleted source can be erased",
    ("map",): "reads a file: tests/unit/inlet_bridge/cli/test_map_refusals.py",
    ("secret",): "reads a file: tests/integration/cli/test_secret.py",
    ("send",): "in the local cloud: tests/unit/inlet_bridge/local/test_single_sender.py",
}


@pytest.mark.usefixtures("commands")
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_misspelled_source_is_refused_with_the_likely_one(command: tuple[str, ...]) -> None:
    said = run(*(each.replace("NAME", "githob") for each in command), status=1)

    assert "there is no source githob in inlet-bridge-dev; is it github?" in said
    assert "The sources are github, stripe." in said


@pytest.mark.usefixtures("commands")
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_connection_in_place_of_a_source_is_named_as_such(command: tuple[str, ...]) -> None:
    said = run(*(each.replace("NAME", "webhooks") for each in command), status=1)

    assert "webhooks is a connection, not a source" in said
    assert "there is no source" not in said


def test_id_of_a_delivery_in_place_of_a_source_is_named_as_such(commands: Commands) -> None:
    commands.bridge.deliveries.delivered(received("d-77"), "flow", "1:2:3")

    for command in COMMANDS:
        said = run(*(each.replace("NAME", "d-77") for each in command), status=1)

        assert "d-77 is the ID of a delivery of github, and not the name of a source" in said
        assert (
            "`inlet why d-77` shows what became of it and what to do; `inlet replay github" in said
        )


def test_replay_of_a_delivery_of_another_source_names_that_one(commands: Commands) -> None:
    commands.bridge.deliveries.delivered(received("d-77", source="stripe"), "flow", "1:2:3")

    said = run("replay", "github", "--id", "d-77", status=1)
    assert "d-77 is a delivery of stripe, and not of github" in said
    assert "no webhook d-78 of github is kept" in run("replay", "github", "--id", "d-78", status=1)


@pytest.mark.usefixtures("commands")
def test_erasure_of_a_misspelled_source_names_the_likely_one() -> None:
    said = run(*_ERASE, "--source", "githob")

    assert "no source has this name; is it github?" in said


def test_no_command_that_takes_a_source_is_missing() -> None:
    known = {each[:2] for each in COMMANDS} | {each[:1] for each in COMMANDS} | set(ELSEWHERE)

    assert [path for path in _with_source(typer.main.get_command(app)) if path not in known] == []


def _with_source(group: Any, *path: str) -> Iterator[tuple[str, ...]]:
    """The words of each command with an argument or an option for the name of a source."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _with_source(command, *path, name)
        elif any(
            each.name == "source" and not getattr(each, "is_flag", False) for each in command.params
        ):
            yield (*path, name)
