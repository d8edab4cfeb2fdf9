"""Builds use the locked wheels, have a bill of materials and are reproducible."""

import hashlib
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from devtools.shipping import ship
from devtools.supply.__main__ import supply
from devtools.supply.errors import SupplyError
from inlet_bridge.local.workspace import ARCHITECTURE, SAM, TEMPLATE, TOOL_FOLDERS
from tests.support.built_artifacts import Built, shipped


def hashes(folder: Path) -> dict[str, str]:
    """Of each file of each function and layer."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.glob("*/**/*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """What `make build` makes, in a folder of its own."""
    return shipped(tmp_path_factory).copy(tmp_path_factory.mktemp("supply") / "build")


@pytest.fixture(scope="module")
def bill(build: Built) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(supply(build.folder).read_text())
    return document


def test_every_distribution_in_the_layer_is_in_the_bill_with_its_version(
    build: Built, bill: dict[str, Any]
) -> None:
    shipped = {
        tuple(folder.name.removesuffix(".dist-info").lower().replace("_", "-").rsplit("-", 1))
        for folder in build.layer("DependenciesLayer").glob("python/*.dist-info")
    }

    assert "pydantic-core" in {name for name, _ in shipped}
    assert {(each["name"], each["version"]) for each in bill["components"]} == shipped
    assert all(each["hashes"][0]["alg"] == "SHA-256" for each in bill["components"])


def test_bill_is_valid_cyclonedx(bill: dict[str, Any]) -> None:
    validator = JsonStrictValidator(SchemaVersion.from_version(bill["specVersion"]))

    assert validator.validate_str(json.dumps(bill)) is None


@pytest.mark.usefixtures("bill")  # Which fetched the wheels.
def test_foreign_file_in_the_layer_is_found(build: Built, tmp_path: Path) -> None:
    shutil.copytree(build.folder, tmp_path / "build")
    shutil.copytree(build.folder.parent / "wheels", tmp_path / "wheels")
    (tmp_path / "build/DependenciesLayer/python/sitecustomize.py").write_text("")

    with pytest.raises(SupplyError, match=r"sitecustomize\.py is in the layer"):
        supply(tmp_path / "build")


@pytest.mark.usefixtures("bill")  # Which fetched the wheels.
def test_foreign_authority_is_found(build: Built, tmp_path: Path) -> None:
    shutil.copytree(build.folder, tmp_path / "build")
    shutil.copytree(build.folder.parent / "wheels", tmp_path / "wheels")
    authorities = tmp_path / "build/DependenciesLayer/authorities"
    shutil.copy(next(authorities.iterdir()), authorities / "00000000.0")

    with pytest.raises(SupplyError, match="authorities differs from"):
        supply(tmp_path / "build")


def test_build_without_a_cache_in_another_place_is_equal_byte_for_byte(
    build: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", ":".join([*map(str, TOOL_FOLDERS), "/usr/bin", "/bin"]))
    monkeypatch.setenv("SAM_CLI_TELEMETRY", "0")

    subprocess.run(  # noqa: S603
        [
            *(str(SAM), "build", "--template-file", str(TEMPLATE)),
            *("--build-dir", str(tmp_path / "build"), "--parameter-overrides"),
            f"Architecture={ARCHITECTURE}",
        ],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    ship(tmp_path / "build")
    assert hashes(tmp_path / "build") == hashes(build.folder)
