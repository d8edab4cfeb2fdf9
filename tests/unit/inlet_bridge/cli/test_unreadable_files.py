"""What commands say of files that this user has no permission to see."""

import os
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from inlet_bridge.cli.main import app


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder `closed` that cannot be searched, whoever runs the test."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "closed").mkdir()
    (tmp_path / "closed" / "issue.json").write_text("{}")
    stat = os.stat

    def refusing(path: Any, *arguments: Any, **options: Any) -> os.stat_result:
        if not isinstance(path, int) and str(path).startswith("closed/"):
            raise PermissionError(13, "Permission denied", str(path))
        return stat(path, *arguments, **options)

    monkeypatch.setattr(os, "stat", refusing)


@pytest.mark.parametrize(
    "arguments",
    [
        ("map", "linear", "closed/issue.json"),
        ("map", "closed/issue.json", "linear"),
        ("send", "linear", "--body", "closed/issue.json"),
        ("schema", "from", "closed/issue.json"),
    ],
    ids=" ".join,
)
def test_sample_is_named_without_a_traceback(arguments: tuple[str, ...]) -> None:
    result = CliRunner().invoke(app, arguments)

    assert result.exit_code == 1
    assert result.output.strip() == "Failed: closed/issue.json: permission denied"


def test_option_is_named() -> None:
    result = CliRunner().invoke(app, ["plan", "--file", "closed/s.yaml"], env={"COLUMNS": "200"})

    assert result.exit_code == 2
    assert "'closed/s.yaml' cannot be read: permission denied" in result.output
    assert "does not exist" not in result.output
