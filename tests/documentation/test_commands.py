"""docs/commands.md has every command, and the exit statuses are the real ones."""

import re

import pytest
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from inlet_bridge.cli.main import app
from inlet_bridge.cli.up import INTERRUPTED
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from tests.support.sam_template import ROOT

PAGE = (ROOT / "docs" / "commands.md").read_text()


def test_every_command_is_documented() -> None:
    group = get_command(app)
    assert isinstance(group, TyperGroup)

    assert {name for name in group.commands if f"`inlet {name}" not in PAGE} == set()
    named = set(re.findall(r"`inlet ([a-z][a-z-]*)", PAGE)) - {"COMMAND"}
    assert named <= set(group.commands)


def test_exit_statuses_are_documented() -> None:
    table = PAGE.partition("| exit status |")[2].partition("\n\n")[0]
    help_text = " ".join(CliRunner().invoke(app, ["--help"]).output.split())

    assert re.findall(r"^\| (\d+) \|", table, re.MULTILINE) == ["0", "1", "2", str(INTERRUPTED)]
    assert all(f" {status} " in help_text for status in ("0", "1", "2", "130"))


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["--version"], 0),
        (["providers", "github", "--json"], 0),
        (["deliveries"], 1),
        (["plan", "--file", "template.yaml", "nothing"], 1),
        (["deliver"], 2),
        (["deliveries", "--limit", "0"], 2),
        (["deliveries", "--state", "lost"], 2),
        (["map", "github", "no-such-file.json"], 2),
        (["apply", "--parameter", "x"], 2),
        (["send", "github", "--to", "http://127.0.0.1:9"], 2),
    ],
)
def test_commands_end_with_the_documented_status(
    arguments: list[str], status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: object) -> None:
        raise OperationError("AWS cannot be asked")

    monkeypatch.setattr(Deployed, "_client", unreachable)
    monkeypatch.chdir(ROOT)

    assert CliRunner().invoke(app, arguments).exit_code == status
