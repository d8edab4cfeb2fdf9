"""What commands say of samples that do not exist, and of a source that was forgotten."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from inlet_bridge.cli.main import app

_SAVE = "save the body of a webhook there"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "issue.json").write_text("{}")
    (tmp_path / "more").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("map", "issue.json"),
            "issue.json is a file; the source is named before it: inlet map SOURCE issue.json",
        ),
        (
            ("map", "issue.json", "linear"),
            "issue.json is a file; the source is named before it: inlet map linear issue.json",
        ),
        (("map", "linear"), f"a sample is missing: inlet map linear FILE; {_SAVE}"),
        (("map", "linear"), "prints one. - in place of FILE is standard input"),
        (("map", "linear", "isue.json"), "there is no file isue.json; is it issue.json?"),
        (("map", "linear", "a/b.json"), f"there is no file a/b.json; {_SAVE}"),
        (("map", "linear", "more"), "more is a folder; name a file in it"),
        (("schema", "from", "isue.json"), "there is no file isue.json; is it issue.json?"),
        (("schema", "from", "more"), "more is a folder; name a file in it"),
        (("send", "linear", "--body", "isue.json"), "no file isue.json; is it issue.json?"),
        (("send", "linear", "--body", "x.txt"), f"there is no file x.txt; {_SAVE}"),
    ],
    ids=" ".join,
)
def test_sample_that_does_not_exist_is_named_with_the_way_out(
    arguments: tuple[str, ...], sentence: str
) -> None:
    result = CliRunner().invoke(app, arguments, env={"COLUMNS": "400"})

    assert result.exit_code == 2
    assert sentence in " ".join(result.output.split())


def test_source_is_required() -> None:
    assert "SOURCE" in CliRunner().invoke(app, ["map"]).output
