"""Build the functions and layers, and copy them with and without bytecode."""

import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

from devtools.authorities import write_authorities
from devtools.shipping import compile_all, ship
from inlet_bridge.local import sam
from inlet_bridge.local.cloud import Cloud
from inlet_bridge.local.workspace import ROOT, TEMPLATE

PYTHON = Path(sys.base_prefix) / "bin" / "python3.13"
LAYERS = ("BridgeLayer", "DependenciesLayer")
FUNCTIONS = (
    "ReceiverFunction",
    "ForwarderFunction",
    "ProvisionerFunction",
    "PreflightFunction",
    "WatchFunction",
    "ReconcilerFunction",
)
# Part of the managed runtime, so the benchmark adds it.
_RUNTIME_MODULES = ("awslambdaric", "runtime_client", "simplejson", "snapshot_restore_py")


class Bytecode(StrEnum):
    """How an artifact contains bytecode.

    NONE is the output of `sam build`, UNCHECKED the same with bytecode and the folder of
    authorities, and SHIPPED the output of `make build`.
    """

    NONE = "none"
    UNCHECKED = "unchecked"
    SHIPPED = "shipped"


@dataclass(frozen=True, slots=True)
class Artifacts:
    """The folders of the artifacts.

    Attributes:
        shipped: the artifacts as deployed, unmodified.
        trees: copies that trust the stub's certificate, with the reference handlers.
        runtime: AWS's runtime client, compiled.
    """

    shipped: Path
    trees: dict[Bytecode, Path]
    runtime: Path

    def python_path(self, bytecode: Bytecode, folders: Sequence[str]) -> str:
        """The import path in Lambda's order: task, layers, runtime."""
        tree = self.trees[bytecode]
        layers = [tree / layer / "python" for layer in reversed(LAYERS)]
        return ":".join(map(str, [*(tree / name for name in folders), *layers, self.runtime]))


def build(folder: Path) -> Path:
    """Run `sam build` for this machine and return its output folder."""
    nowhere = Cloud("http://127.0.0.1:9", "bench", "bench")
    return sam.build(TEMPLATE, nowhere, folder, folder / "build.log").parent


def prepare(built: Path, folder: Path, certificate: Path) -> Artifacts:
    """Copy the artifacts, once per kind of bytecode."""
    shipped = folder / "as-shipped"
    shutil.copytree(built, shipped)
    ship(shipped)
    trees = {}
    for bytecode in Bytecode:
        tree = trees[bytecode] = folder / bytecode
        shutil.copytree(shipped if bytecode is Bytecode.SHIPPED else built, tree)
        _add_references(tree / "References")
        with (tree / "DependenciesLayer/python/certifi/cacert.pem").open("ab") as trusted:
            trusted.write(b"\n" + certificate.read_bytes())
        if bytecode is not Bytecode.NONE:
            write_authorities(tree / "DependenciesLayer")
        if bytecode is Bytecode.UNCHECKED:
            compile_all(tree, str(tree))
    return Artifacts(shipped, trees, _runtime(folder / "runtime"))


def _add_references(folder: Path) -> None:
    for package in ("benchmarks", "benchmarks/references"):
        (folder / package).mkdir(parents=True)
        shutil.copy(ROOT / package / "__init__.py", folder / package)
    for path in (ROOT / "benchmarks/references").glob("*.py"):
        shutil.copy(path, folder / "benchmarks/references")


def _runtime(folder: Path) -> Path:
    folder.mkdir()
    for name in _RUNTIME_MODULES:
        spec = find_spec(name)
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError(name)
        if spec.submodule_search_locations:
            shutil.copytree(
                Path(spec.origin).parent, folder / name, ignore=shutil.ignore_patterns("*.pyc")
            )
        else:
            shutil.copy(spec.origin, folder)
    compile_all(folder, str(folder))
    return folder
