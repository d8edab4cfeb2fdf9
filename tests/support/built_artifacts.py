"""The artefacts that `sam build` makes of the template."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from inlet_bridge.local.cloud import Cloud
from inlet_bridge.local.sam import build
from inlet_bridge.local.workspace import TEMPLATE, building

# Building asks no AWS; whatever does would be refused here.
_NOWHERE = Cloud("http://127.0.0.1:9", "testing", "testing")


@dataclass(frozen=True)
class Built:
    """The folder of each function and layer."""

    folder: Path

    def function(self, name: str) -> Path:
        """What becomes /var/task."""
        return self.folder / name

    def layer(self, name: str) -> Path:
        """What becomes a part of /opt."""
        return self.folder / name

    def path_of(self, function: str) -> list[str]:
        """What a function finds its modules in, besides the standard library."""
        layers = (self.layer(name) / "python" for name in ("BridgeLayer", "DependenciesLayer"))
        return [str(self.function(function)), *map(str, layers)]


def built(target: Path) -> Built:
    """Build once, with the cache that `make run` has; x86-64, so that it runs here.

    The target gets a copy: other tests build in the same folder as soon as this is done.
    """
    with building() as folder:
        made = build(TEMPLATE, _NOWHERE, folder, target / "sam-build.log").parent
        return Built(shutil.copytree(made, target / "built"))


def files(folder: Path) -> set[str]:
    """What is in a folder, below it, without bytecode."""
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def megabytes(folder: Path) -> float:
    """What a folder weighs unzipped."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1_000_000
