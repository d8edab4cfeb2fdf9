"""The functions and layers as `sam build` made them, and copies with and without bytecode."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

from tools.local import sam
from tools.local.cloud import Cloud
from tools.local.workspace import ROOT, TEMPLATE

PYTHON = Path(sys.base_prefix) / "bin" / "python3.13"
LAYERS = ("BridgeLayer", "DependenciesLayer")
FUNCTIONS = ("ReceiverFunction", "ForwarderFunction", "ProvisionerFunction")
# What the managed runtime brings along, and the benchmark has to.
_RUNTIME_MODULES = ("awslambdaric", "runtime_client", "simplejson", "snapshot_restore_py")


class Bytecode(StrEnum):
    """Which `.pyc` files lie beside the sources."""

    AS_BUILT = "as built"
    NONE = "none"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Artifacts:
    """Where everything lies.

    Attributes:
        built: what `sam build` made.
        trees: copies of it that trust the stand-in's certificate, with the references beside.
        runtime: AWS's runtime client, compiled.
    """

    built: Path
    trees: dict[Bytecode, Path]
    runtime: Path

    def python_path(self, bytecode: Bytecode, folders: Sequence[str]) -> str:
        """What is imported from, in the order of Lambda: task, layers, runtime."""
        tree = self.trees[bytecode]
        layers = [tree / layer / "python" for layer in reversed(LAYERS)]
        return ":".join(map(str, [*(tree / name for name in folders), *layers, self.runtime]))


def build(folder: Path) -> Path:
    """Run `sam build` for this machine and give what it made."""
    nowhere = Cloud("http://127.0.0.1:9", "bench", "bench")
    return sam.build(TEMPLATE, nowhere, folder, folder / "build.log").parent


def prepare(built: Path, folder: Path, certificate: Path) -> Artifacts:
    """Copy what was built, once per kind of bytecode."""
    trees = {}
    for bytecode in Bytecode:
        tree = trees[bytecode] = folder / bytecode.replace(" ", "-")
        shutil.rmtree(tree, ignore_errors=True)
        shutil.copytree(built, tree)
        _add_references(tree / "References")
        with (tree / "DependenciesLayer/python/certifi/cacert.pem").open("ab") as trusted:
            trusted.write(b"\n" + certificate.read_bytes())
        if bytecode is not Bytecode.AS_BUILT:
            _remove_bytecode(tree)
        if bytecode is Bytecode.UNCHECKED:
            compile_folder(tree)
    return Artifacts(built, trees, _runtime(folder / "runtime"))


def compile_folder(folder: Path) -> None:
    """Compile every source; Lambda's folders are read-only, so nothing needs to be checked."""
    arguments = ["-m", "compileall", "-qq", "-j", "2", "--invalidation-mode", "unchecked-hash"]
    subprocess.run([str(PYTHON), *arguments, str(folder)], check=True)


def _remove_bytecode(tree: Path) -> None:
    for path in list(tree.rglob("*.pyc")):
        path.unlink()


def _add_references(folder: Path) -> None:
    for package in ("tools", "tools/bench", "tools/bench/references"):
        (folder / package).mkdir(parents=True)
        shutil.copy(ROOT / package / "__init__.py", folder / package)
    for path in (ROOT / "tools/bench/references").glob("*.py"):
        shutil.copy(path, folder / "tools/bench/references")


def _runtime(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
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
    compile_folder(folder)
    return folder
