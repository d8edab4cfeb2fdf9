"""Tests of the calls of `sam`, with a program in its place."""

import sys
from pathlib import Path

import pytest

from inlet_bridge.local import sam
from inlet_bridge.local.cloud import Cloud

CLOUD = Cloud("http://127.0.0.1:9", "testing", "testing")
LEAVES_A_FOLDER = f"""\
#!{sys.executable}
import tempfile
print(tempfile.mkdtemp())
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a run whose `sam` leaves a temporary folder behind, as the real one does."""
    program = tmp_path / "bin" / "sam"
    program.parent.mkdir()
    program.write_text(LEAVES_A_FOLDER)
    program.chmod(0o700)
    monkeypatch.setattr(sam, "SAM", program)
    run = tmp_path / "run"
    run.mkdir()
    return run


def test_temporary_folders_of_a_deployment_are_deleted(folder: Path) -> None:
    log = folder / "deploy.log"

    assert sam.deploy(folder / "build" / "template.yaml", "stack", {}, CLOUD, log)
    left = Path(log.read_text().strip())
    assert left.is_relative_to(folder)
    assert not left.exists()
    assert [*folder.iterdir()] == [log]


def test_temporary_folders_of_a_build_are_deleted(folder: Path) -> None:
    log = folder / "build.log"

    sam.build(folder / "template.yaml", CLOUD, folder, log)
    assert Path(log.read_text().strip()).is_relative_to(folder)
    assert [*folder.iterdir()] == [log]
