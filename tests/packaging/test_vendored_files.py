"""Vendored browser code is that of the npm packages that it is said to be from."""

import base64
import hashlib
import json
import re
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tests.support.sam_template import ROOT

FOLDERS: Final = (
    ROOT / "inlet_bridge" / "inspector" / "static" / "vendor",
    ROOT / "tests" / "browser" / "vendor",
)
# Of npm, for a package that is not there or not what it was. Other errors are those of the network.
WRONG: Final = {"E404", "ETARGET", "EINTEGRITY"}


@dataclass(frozen=True)
class Vendored:
    """A row of a README."""

    file: Path
    package: str
    path: str
    license: str
    sha256: str

    def __str__(self) -> str:
        return self.file.name


def rows(folder: Path, columns: int) -> list[list[str]]:
    """The rows of a README's tables with a number of columns, without marks and headings."""
    lines = (folder / "README.md").read_text().splitlines()
    cells = [[cell.strip(" `") for cell in line.split("|")[1:-1]] for line in lines]
    return [row for row in cells if len(row) == columns and not row[0].startswith("---")][1:]


def vendored() -> list[Vendored]:
    return [Vendored(folder / row[0], *row[1:]) for folder in FOLDERS for row in rows(folder, 5)]


INTEGRITY: Final = {name: value for folder in FOLDERS for name, value in rows(folder, 2)}


@pytest.fixture(scope="module")
def tarballs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The packages as npm's registry has them."""
    if not (npm := shutil.which("npm")):
        pytest.skip("npm is not installed")
    folder = tmp_path_factory.mktemp("npm")
    names = [package.replace(" ", "@") for package in INTEGRITY]
    options = ["--json", "--fetch-retries=0", "--fetch-timeout=20000", f"--cache={folder}/cache"]
    packed = subprocess.run(  # noqa: S603
        [npm, "pack", *names, *options],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if packed.returncode:
        code = next(iter(re.findall(r"npm error code (\w+)", packed.stderr)), "")
        if code in WRONG:
            pytest.fail(packed.stderr)
        pytest.skip(f"npm's registry cannot be reached: {code}")
    return {
        f"{each['name']} {each['version']}": folder / each["filename"]
        for each in json.loads(packed.stdout)
    }


@pytest.mark.parametrize("one", vendored(), ids=str)
def test_file_has_its_hash_and_its_license_beside_it(one: Vendored) -> None:
    assert hashlib.sha256(one.file.read_bytes()).hexdigest() == one.sha256
    licenses = re.findall(r"[\w.-]+\.LICENSE[\w-]*", one.license)
    assert licenses
    assert all((one.file.parent / name).exists() for name in licenses)


def test_every_vendored_script_is_listed() -> None:
    listed = {one.file for one in vendored()}

    assert listed == {path for folder in FOLDERS for path in folder.glob("*.js")}
    assert {one.package for one in vendored()} == set(INTEGRITY)


@pytest.mark.parametrize("package", INTEGRITY)
def test_package_is_that_of_the_registry(package: str, tarballs: dict[str, Path]) -> None:
    digest = hashlib.sha512(tarballs[package].read_bytes()).digest()

    assert f"sha512-{base64.b64encode(digest).decode()}" == INTEGRITY[package]
    with tarfile.open(tarballs[package]) as archive:
        for one in vendored():
            if one.package == package:
                member = archive.extractfile(f"package/{one.path}")
                assert member
                assert member.read() == one.file.read_bytes()
