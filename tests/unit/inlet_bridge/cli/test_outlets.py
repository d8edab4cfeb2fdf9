"""All output of the `inlet` command passes through `plain_text`."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from inlet_bridge.cli.main import app
from tests.support.sam_template import ROOT

FOLDERS = (
    "cli",
    "cost",
    "initialization",
    "inspector",
    "inspector/pages",
    "local",
    "mapping",
    "operations",
    "recipes",
    "schemas",
    "senders",
    "template_editing",
    "template_reading",
)
OUTLETS = {
    "inlet_bridge/cli/styled_text.py",
    "inlet_bridge/cli/console.py",
    "inlet_bridge/cli/error_output.py",
    "inlet_bridge/cli/version.py",
}
PACKAGE = ROOT / "inlet_bridge"
FILES = [path for folder in FOLDERS for path in sorted((PACKAGE / folder).rglob("*.py"))]
# Modules of rich that lay out text and create none.
LAYOUT = {
    *("rich.box.SIMPLE_HEAD", "rich.table.Table", "rich.tree.Tree", "rich.padding.Padding"),
    *("rich.console.Group", "rich.console.RenderableType"),
}
PACKAGES = {"rich", "click", "builtins"}
PRINTERS = {
    "print",
    "input",
    "echo",
    "secho",
    "confirm",
    "prompt",
    "stdout",
    "stderr",
    "print_json",
}
SCENARIOS = (
    ROOT / "tests" / "unit" / "inlet_bridge" / "cli" / "test_hostile_answers.py",
    ROOT / "tests" / "unit" / "inlet_bridge" / "cli" / "test_hostile_files.py",
    ROOT / "tests" / "unit" / "inlet_bridge" / "cli" / "test_hostile_output.py",
    ROOT / "tests" / "integration" / "operations" / "test_hostile_values.py",
    ROOT / "tests" / "integration" / "inspector" / "test_console_command.py",
)


def outlets(source: str) -> Iterator[str]:
    """Return every way to print of a module, except the methods of `screen`."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (each.name for each in names if each.name.split(".")[0] in PACKAGES)
            case ast.ImportFrom(module=str(module), names=names) if module.split(".")[0] == "rich":
                found = (f"{module}.{each.name}" for each in names)
                yield from (name for name in found if name not in LAYOUT)
            case ast.ImportFrom(module="typer" | "sys", names=names):
                yield from {each.name for each in names} & PRINTERS
            case ast.Name(id=name) if name in PRINTERS:
                yield name
            case ast.Attribute(value=ast.Name(id="typer" | "sys" | "console" as of), attr=name):
                yield from (f"{of}.{each}" for each in {name} & PRINTERS)


@pytest.mark.parametrize(
    "source",
    [
        "import rich",
        "from rich import print",
        "from rich.text import Text",
        "from rich.console import Console",
        "from rich.panel import Panel",
        "print('x')",
        "import typer\ntyper.echo('x')",
        "from typer import confirm",
        "import click",
        "import sys\nsys.stdout.write('x')",
        "console.print_json('x')",
    ],
)
def test_another_outlet_is_detected(source: str) -> None:
    assert list(outlets(source))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_no_other_outlet_exists(path: Path) -> None:
    if path.relative_to(ROOT).as_posix() not in OUTLETS:
        assert list(outlets(path.read_text(encoding="utf-8"))) == []


def test_every_command_is_tested_with_hostile_text() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in SCENARIOS)
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    names = {f'"{name}"' for name in group.commands}
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            names |= {f'"{name}", "{each}"' for each in command.commands}

    assert {name for name in names if name not in text} == set()
