"""Every command refuses an empty argument or option in one sentence."""

from collections.abc import Iterator
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner

from inlet_bridge.cli.main import app


def commands(group: Any, *path: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, *path, name)
        else:
            yield (*path, name), command


FOUND = list(commands(typer.main.get_command(app)))
ARGUMENTS = [
    (path, each.name)
    for path, command in FOUND
    for each in command.params
    if each.param_type_name == "argument"
]
OPTIONS = [
    (path, each.opts[0])
    for path, command in FOUND
    for each in command.params
    if each.param_type_name == "option" and not getattr(each, "is_flag", False)
]


@pytest.mark.parametrize("value", ["", " "])
@pytest.mark.parametrize(("path", "name"), ARGUMENTS, ids=str)
def test_empty_argument_is_refused(path: tuple[str, ...], name: str, value: str) -> None:
    result = CliRunner().invoke(app, [*path, *[value] * 3])

    assert result.exit_code == 2, result.output
    assert "Error: " in result.output
    assert "is empty; give a value" in result.output or "extra argument" in result.output


@pytest.mark.parametrize(("path", "option"), OPTIONS, ids=str)
def test_empty_option_is_refused(path: tuple[str, ...], option: str) -> None:
    result = CliRunner().invoke(app, [*path, option, ""])

    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    assert "is empty" in result.output or "Missing argument" in result.output


def test_way_out_is_named() -> None:
    environment = {"COLUMNS": "200"}
    why = CliRunner().invoke(app, ["why", ""], env=environment)
    listed = CliRunner().invoke(app, ["deliveries", ""], env=environment)

    assert "Invalid value for 'ID': is empty; give a value" in " ".join(why.output.split())
    assert "is empty; give a value, or leave it out" in " ".join(listed.output.split())
    erased = CliRunner().invoke(
        app, ["erase", "--where", "body.a", "--source", ""], env=environment
    )
    assert erased.exit_code == 2
    assert "is empty; give a value, or leave it out" in " ".join(erased.output.split())
