"""Samples from standard input, and samples that are empty."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from inlet_bridge.cli.main import app
from tests.support.linear_map import ISSUE, TEMPLATE

EMPTY = 'For a webhook without a body, write {"headers": {}, "body": ""}.'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sources.yaml").write_text(TEMPLATE)
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "empty.json").write_text("\n")


def _run(*arguments: str, given: str = "") -> Any:
    return CliRunner().invoke(app, arguments, input=given, env={"COLUMNS": "300"})


def test_map_reads_standard_input() -> None:
    result = _run("map", "linear", "-", given=json.dumps(ISSUE))

    assert result.exit_code == 0, result.output
    assert result.output.startswith("standard input  Issue+create\n  ✓ events")


def test_schema_is_made_of_standard_input() -> None:
    result = _run("schema", "from", "-", "--tenant", "acme", given='{"a": 1}')

    assert result.exit_code == 0, result.output
    assert "Name: webhooks" in result.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("map", "linear", "-", "-"),
        ("map", "linear", "-", "--watch"),
        ("send", "linear", "--to", "http://127.0.0.1:9", "--secret-file", "-", "--body", "-"),
    ],
    ids=" ".join,
)
def test_standard_input_is_taken_once(arguments: tuple[str, ...]) -> None:
    result = _run(*arguments)

    assert result.exit_code == 2
    assert "read once" in result.output


@pytest.mark.parametrize(("file", "name"), [("empty.json", "empty.json"), ("-", "standard input")])
def test_empty_sample_is_not_sent(file: str, name: str) -> None:
    to = ("--to", "http://127.0.0.1:9/webhooks/it", "--secret-file", "secret")
    result = _run("send", "linear", *to, "--body", file)

    assert result.exit_code == 1
    assert f"Failed: {name} is empty\n{EMPTY}" in result.output
    (Path.cwd() / "none.json").write_text('{"headers": {}, "body": ""}')
    assert "is empty" not in _run("send", "linear", *to, "--body", "none.json").output
    assert "the body is empty" in _run("map", "linear", file).output


def test_endless_standard_input_is_not_read_to_its_end() -> None:
    result = _run("map", "linear", "-", given=" " * 10_485_761)

    assert "Failed: standard input is larger than a webhook" in result.output


@pytest.mark.parametrize("body", ["null", "[]", "{}"])
def test_body_without_fields_is_mapped(body: str) -> None:
    assert "○ 1 event is filtered" in _run("map", "linear", "-", given=body).output
