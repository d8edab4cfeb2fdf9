"""Tests of the questions before the first deployment."""

import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from devtools.guided import main
from tests.support.sam_template import ROOT

DATASET, SCHEMA = "65f0c1a2b3d4e5f60718293a", "https://ns.adobe.com/acme/schemas/1"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("samconfig.toml", "sources.yaml"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def answering(*answers: str) -> Callable[[str], str]:
    left = list(answers)

    def read(_: str) -> str:
        if not left:
            raise EOFError
        return left.pop(0)

    return read


def overrides(root: Path, section: str) -> str:
    sections = tomllib.loads((root / "samconfig.toml").read_text())
    return str(sections[section]["deploy"]["parameters"]["parameter_overrides"])


def test_answers_are_written_to_the_section_of_the_stage(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (root / "samconfig.toml").read_text()

    assert main("dev", root, answering(DATASET, SCHEMA)) == 0

    assert overrides(root, "dev-sources") == f"Stage=dev DatasetId={DATASET} SchemaId={SCHEMA}"
    after = (root / "samconfig.toml").read_text()
    assert after.replace(f" DatasetId={DATASET} SchemaId={SCHEMA}", "") == before
    shown = capsys.readouterr().out
    assert "ID of the dataset that receives the webhooks (24 hex digits" in shown
    assert "The $id of the dataset's XDM schema" in shown


def test_nothing_is_asked_that_has_a_value(root: Path) -> None:
    main("prod", root, answering(DATASET, SCHEMA))

    assert main("prod", root, answering()) == 0
    assert overrides(root, "prod-sources").count("DatasetId") == 1


def test_answer_that_the_template_does_not_allow_is_asked_again(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`sam deploy --guided` accepts an empty DatasetId."""
    answers = answering("", "nonsense", DATASET.upper(), DATASET, f"{SCHEMA} x", SCHEMA)

    assert main("dev", root, answers) == 0

    shown = capsys.readouterr().out
    assert shown.count("must be a dataset id, 24 lower-case hex digits") == 3
    assert shown.count("must not contain spaces or quotes") == 1


def test_interrupted_questions_write_nothing(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (root / "samconfig.toml").read_text()

    assert main("dev", root, answering(DATASET)) == 1

    assert (root / "samconfig.toml").read_text() == before
    assert "Nothing was written or deployed." in capsys.readouterr().err


def test_unknown_stage_is_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main("test", root, answering()) == 1
    assert "samconfig.toml has no section test-sources" in capsys.readouterr().err
