"""The installed command has the files that it reads."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_SHOW = """
from pathlib import Path
from inlet_bridge.inspector.overview import runbooks
assert Path(runbooks.__file__).is_relative_to({folder!r}), runbooks.__file__
print(runbooks.runbooks()["drift-at-adobe"][0])
"""


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The content of the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory"]
    arguments = [*command, str(folder)]
    subprocess.run(arguments, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 - ours.
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as content:
        content.extractall(folder / "content")
    return folder / "content"


@pytest.mark.parametrize("package", ["inlet_bridge", "layers/bridge/bridge", "adobe_emulator"])
def test_it_has_all_files_of_the_packages(package: str, unpacked: Path) -> None:
    found = [each for each in (ROOT / package).rglob("*") if each.is_file()]
    files = [
        str(each.relative_to(ROOT)).removeprefix("layers/bridge/")
        for each in found
        if "__pycache__" not in each.parts
    ]

    assert files
    assert [each for each in files if not (unpacked / each).is_file()] == []


def test_alarms_have_their_runbooks(unpacked: Path) -> None:
    shown = subprocess.run(  # noqa: S603 - ours.
        [sys.executable, "-c", _SHOW.format(folder=str(unpacked))],
        cwd=unpacked,
        env={**os.environ, "PYTHONPATH": str(unpacked)},
        check=True,
        capture_output=True,
        text=True,
    )

    assert shown.stdout == "Drift at Adobe\n"
