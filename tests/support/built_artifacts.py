"""The artifacts that are made from the template, once per test run."""

import fcntl
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from devtools.shipping import ship
from inlet_bridge.local import artifacts, sam
from inlet_bridge.local.cloud import Cloud
from inlet_bridge.local.workspace import TEMPLATE, building

# `sam build` calls no AWS service; a call would fail here.
_NO_CLOUD = Cloud("http://127.0.0.1:9", "testing", "testing")


@dataclass(frozen=True)
class Built:
    """The folder of each function and layer."""

    folder: Path

    @property
    def template(self) -> Path:
        """The built template, which `sam deploy` reads."""
        return self.folder / "template.yaml"

    def function(self, name: str) -> Path:
        """The content of /var/task."""
        return self.folder / name

    def layer(self, name: str) -> Path:
        """A part of the content of /opt."""
        return self.folder / name

    def path_of(self, function: str) -> list[str]:
        """The import path of a function, without the standard library."""
        layers = (self.layer(name) / "python" for name in ("BridgeLayer", "DependenciesLayer"))
        return [str(self.function(function)), *map(str, layers)]

    def copy(self, folder: Path) -> "Built":
        """A copy that a test may change."""
        return Built(shutil.copytree(self.folder, folder))

    def copy_of(self, part: str, folder: Path) -> "Built":
        """A folder with a copy of a function or layer, which a test may change, and with links."""
        folder.mkdir(parents=True)
        for path in self.folder.iterdir():
            if path.name == part:
                shutil.copytree(path, folder / part)
            elif path.stem != part:
                (folder / path.name).symlink_to(path)
        return Built(folder)


def installed() -> Built:
    """What `inlet up` deploys, which is equal to `shipped`. Tests only read it."""
    return Built(artifacts.build(TEMPLATE).parent)


def built(factory: pytest.TempPathFactory) -> Built:
    """The output of `sam build` for x86-64. Tests only read it."""
    return _once(factory, "built", _build)


def shipped(factory: pytest.TempPathFactory) -> Built:
    """The output of `make build`: without unused models, with bytecode. Tests only read it."""

    def make(target: Path) -> None:
        ship(built(factory).copy(target).folder)

    return _once(factory, "shipped", make)


def _build(target: Path) -> None:
    # The cache is shared with `make run`; the lock keeps both from writing it together.
    with building() as folder:
        made = sam.build(TEMPLATE, _NO_CLOUD, folder, target.with_suffix(".log")).parent
        shutil.copytree(made, target)


def _once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Built:
    """Make a folder in the first process that needs it; the others wait for the lock."""
    shared = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder = shared / "sam" / name
    folder.parent.mkdir(exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            partial = folder.with_name(f"{name}-partial")
            shutil.rmtree(partial, ignore_errors=True)
            make(partial)
            partial.rename(folder)
    return Built(folder)


def files(folder: Path) -> set[str]:
    """The relative paths of all files below a folder, without bytecode."""
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def megabytes(folder: Path) -> float:
    """The unzipped size of a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1_000_000
