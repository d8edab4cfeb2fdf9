"""uv itself is installed by its hashes, and everything else by those of uv.lock."""

import hashlib
import os
import re
import shutil
import subprocess
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.support.sam_template import ROOT
from tests.support.waiting import MAX_SECONDS

MAKEFILE = (ROOT / "Makefile").read_text()
REQUIREMENTS = ROOT / "uv-requirements.txt"
[VERSION] = re.findall(r"^UV_VERSION := (\S+)$", MAKEFILE, re.MULTILINE)


def packages() -> list[dict[str, Any]]:
    """Of uv.lock."""
    found: list[dict[str, Any]] = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    return found


def wheel(folder: Path) -> Path:
    """One that is called uv and is not."""
    path = folder / f"uv-{VERSION}-py3-none-any.whl"
    info = f"uv-{VERSION}.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: uv\nVersion: {VERSION}\n"
        )
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"uv-{VERSION}.data/scripts/uv", "#!/bin/sh\nexit 0\n")
        archive.writestr(f"{info}/RECORD", "")
    return path


def bootstrap(folder: Path, requirements: str) -> subprocess.CompletedProcess[str]:
    """Install uv as `make` does, from an index that has the wheel alone."""
    shutil.copy(ROOT / "Makefile", folder)
    (folder / REQUIREMENTS.name).write_text(requirements)
    pip = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder)}
    return subprocess.run(
        ["make", ".tools/uv/bin/uv"],  # noqa: S607 - the one of this machine
        cwd=folder,
        env={name: os.environ[name] for name in ("PATH", "HOME")} | pip,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=MAX_SECONDS,
    )


def test_another_wheel_of_the_same_name_and_version_is_not_installed(tmp_path: Path) -> None:
    wheel(tmp_path)

    ended = bootstrap(tmp_path, REQUIREMENTS.read_text())

    assert ended.returncode
    assert "DO NOT MATCH THE HASHES" in ended.stderr
    assert not (tmp_path / ".tools/uv/bin/uv").exists()


def test_wheel_whose_hash_is_known_is_installed(tmp_path: Path) -> None:
    digest = hashlib.sha256(wheel(tmp_path).read_bytes()).hexdigest()

    ended = bootstrap(tmp_path, f"uv=={VERSION} --hash=sha256:{digest}\n")

    assert not ended.returncode, ended.stderr
    assert (tmp_path / ".tools/uv/bin/uv").exists()


def test_requirements_are_the_wheels_of_the_version_that_the_makefile_names() -> None:
    first, *hashes = REQUIREMENTS.read_text().replace(" \\\n", "\n").splitlines()

    assert first == f"uv=={VERSION}"
    assert len(hashes) > 10  # One for each platform that uv is published for.
    assert all(re.fullmatch(r" +--hash=sha256:[0-9a-f]{64}", each) for each in hashes)


def test_nothing_is_installed_without_a_hash() -> None:
    commands = MAKEFILE.replace("\\\n", " ").splitlines()

    for line in commands:
        if "pip install" in line:
            assert "--require-hashes" in line
            assert "--only-binary :all:" in line
        if re.search(r"\) sync\b", line):
            assert "--frozen" in line


def test_this_project_is_built_with_what_the_lock_file_holds() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    locked = {package["name"]: package for package in packages()}

    assert project["tool"]["uv"]["no-build-isolation-package"] == [project["project"]["name"]]
    for requirement in project["build-system"]["requires"]:
        [tool] = [each for each in project["dependency-groups"]["tools"] if requirement in each]
        assert locked[re.split("[<>=]", tool)[0]]["wheels"]


def test_every_locked_file_has_a_hash() -> None:
    for package in packages():
        files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
        assert package["source"] == {"editable": "."} or files, package["name"]
        assert all(each["hash"].startswith("sha256:") for each in files), package["name"]


@pytest.mark.parametrize("group", ["sam", "ministack", "checkov"])
def test_every_environment_of_tools_is_of_the_lock_file(group: str) -> None:
    assert f"--frozen --quiet --only-group {group}\n" in MAKEFILE


def test_layer_has_the_dependencies_but_those_of_the_command() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    command = {"jinja2", "pyyaml", "rich", "starlette", "tomlkit", "typer", "uvicorn"}
    others = [
        each
        for each in project["project"]["dependencies"]
        if re.split("[<>=]", each)[0] not in command
    ]

    assert project["dependency-groups"]["functions"] == others
