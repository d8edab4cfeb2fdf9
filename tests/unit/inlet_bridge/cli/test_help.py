"""Tests of the help of all commands, and of what every command has."""

import re
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from bridge.version import VERSION
from inlet_bridge.cli.main import app
from tests.support.sam_template import ROOT

LISTS = (
    ("deliveries",),
    ("dead-letters", "list"),
    ("failed", "list"),
)
WITH_JSON = (
    *LISTS,
    *(("tail",), ("why",), ("audit",), ("status",), ("doctor",), ("plan",), ("apply",)),
    *(("map",), ("ingested",), ("providers",), ("recipes",), ("replay",), ("failed", "replay")),
)


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, [*arguments, "--help"], env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    return result.output


def commands() -> list[tuple[str, ...]]:
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    found: list[tuple[str, ...]] = []
    for name, command in group.commands.items():
        below: dict[str, Any] = getattr(command, "commands", {})
        found += [(name, each) for each in below] or [(name,)]
    return found


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_values_have_names_and_no_python_types(command: tuple[str, ...]) -> None:
    """Such as FILE, not <Wanted>, <datetime> or <list[Path]>."""
    output = run(*command)

    assert re.findall(r"<[A-Za-z][^<>=]*>", output) == []
    assert re.findall(r"\{[a-z_]+\}", output) == []


@pytest.mark.parametrize("command", WITH_JSON, ids=" ".join)
def test_lists_and_states_have_json(command: tuple[str, ...]) -> None:
    assert "--json" in run(*command)


@pytest.mark.parametrize("command", LISTS, ids=" ".join)
def test_lists_have_pages(command: tuple[str, ...]) -> None:
    output = run(*command)

    assert "--limit N" in output
    assert "--page N" in output


def test_version_is_printed() -> None:
    result = CliRunner().invoke(app, ["--version"])

    assert (result.exit_code, result.output) == (0, f"inlet {VERSION}\n")


def test_completion_can_be_installed() -> None:
    assert "--install-completion" in run()


def test_program_is_named_inlet() -> None:
    """`bridge` is a program of iproute2."""
    assert 'inlet = "inlet_bridge.cli.main:app"' in (ROOT / "pyproject.toml").read_text()
    assert "Usage: inlet" in run() or "Usage: root" in run()
