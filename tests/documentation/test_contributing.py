"""The recipes of CONTRIBUTING.md name paths, make targets and symbols that exist."""

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.sam_template import ROOT

PAGE = (ROOT / "CONTRIBUTING.md").read_text()
TEXT = re.sub(r"```console\n.*?```", "", PAGE, flags=re.DOTALL)
COMMANDS = re.findall(r"^ *\$ (.+)$", PAGE, re.MULTILINE)
SPANS = re.findall(r"`([^`\n]+)`", TEXT)
RECIPES = {
    "Set up",
    "Run one test",
    "Add a provider",
    "Add a port",
    "Add a property",
    "Make a release",
}
FOLDERS = {path.name for path in ROOT.iterdir()}
# Installed by `make .tools/ready`.
TOOLS = (".venv/", ".tools/")


def is_path(word: str) -> bool:
    return word.split("/", maxsplit=1)[0] in FOLDERS and not word.startswith(TOOLS)


def paths() -> set[str]:
    words = {word for text in (*SPANS, *COMMANDS) for word in text.split()}
    return {word for word in words if is_path(word)}


def symbols() -> set[str]:
    return {span for span in SPANS if re.fullmatch(r"(bridge|inlet_bridge|tests)(\.\w+)+", span)}


def resolve(name: str) -> Any:
    """Import a module, or an attribute of one."""
    try:
        return import_module(name)
    except ModuleNotFoundError:
        module, _, attribute = name.rpartition(".")
        return getattr(import_module(module), attribute)


def test_there_is_a_recipe_for_every_task() -> None:
    assert set(re.findall(r"^## (.+)$", PAGE, re.MULTILINE)) >= RECIPES


@pytest.mark.parametrize("path", sorted(paths()))
def test_path_exists(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("symbol", sorted(symbols()))
def test_symbol_exists(symbol: str) -> None:
    assert resolve(symbol) is not None


def test_paths_and_symbols_are_found() -> None:
    assert "template.yaml" in paths()
    assert "bridge.ports.aws.Buffer" in symbols()


def test_every_make_target_exists() -> None:
    targets = re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
    named = re.findall(r"\bmake ([a-z]+)", " ".join((*SPANS, *COMMANDS)))

    assert named
    assert set(named) <= set(targets)


def test_every_command_is_installed() -> None:
    programs = {
        word for text in (*SPANS, *COMMANDS) for word in text.split() if word.startswith(TOOLS)
    }

    makefile = (ROOT / "Makefile").read_text()

    assert programs
    assert all((ROOT / program).exists() or program in makefile for program in programs)


def test_hooks_run_the_ruff_of_the_project() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    [repository] = config["repos"]
    programs = [hook["entry"].split()[0] for hook in repository["hooks"]]

    assert repository["repo"] == "local"
    assert programs == [".venv/bin/ruff", ".venv/bin/ruff"]
    assert Path(ROOT, programs[0]).exists()


@pytest.mark.parametrize(
    "form", sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml")), ids=lambda form: form.stem
)
def test_issue_form_has_a_name_a_description_and_fields(form: Path) -> None:
    document = yaml.safe_load(form.read_text())

    assert document.keys() >= {"name", "description", "body"}
    ids = [field["id"] for field in document["body"] if field["type"] != "markdown"]
    assert len(ids) == len(set(ids)) > 0
