"""Check that each file in the layer is identical to one in a locked wheel.

`sam build` passes pip the hashes for this machine's wheels only. For another processor it requests
wheels by name and version, without hashes.
"""

import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, groupby
from pathlib import Path
from zipfile import ZipFile

from packaging.utils import parse_wheel_filename

from devtools.supply.errors import SupplyError
from devtools.supply.shipped_wheels import Wheel

# The folders of a wheel that `sam build` moves to the top.
_MOVED = ("purelib", "platlib")


def compare(layer: Path, shipped: Mapping[str, Wheel], folder: Path) -> None:
    """Raise SupplyError if the layer has a file that no locked wheel has.

    It skips bytecode (from `devtools.shipping`) and the requirements file.

    Args:
        layer: the folder of the built layer.
        shipped: its wheels.
        folder: the cache of wheels.
    """
    allowed = {
        entry for wheel in fetched(list(shipped.values()), folder) for entry in _entries(wheel)
    }
    root = layer / "python"
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        name = path.relative_to(root).as_posix()
        if "__pycache__" in path.parts or name == "requirements.txt":
            continue
        if (name, hashlib.sha256(path.read_bytes()).hexdigest()) not in allowed:
            raise SupplyError(f"{name} is in the layer but in no locked wheel")


def fetched(wheels: Sequence[Wheel], folder: Path) -> list[Path]:
    """Download the wheels and check their locked hashes. Raises SupplyError."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = [wheel for wheel in wheels if not (folder / wheel.filename).exists()]
    for kind, alike in groupby(sorted(missing, key=_kind), key=_kind):
        _download(kind, list(alike), folder)
    for wheel in wheels:
        path = folder / wheel.filename
        if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != wheel.sha256:
            path.unlink(missing_ok=True)
            raise SupplyError(f"{wheel.filename} is not the file that is locked")
    return [folder / wheel.filename for wheel in wheels]


def _kind(wheel: Wheel) -> list[str]:
    """The pip options that select the platform of a wheel."""
    tags = parse_wheel_filename(wheel.filename)[3]
    abis = chain.from_iterable(("--abi", abi) for abi in sorted({tag.abi for tag in tags}))
    names = sorted({tag.platform for tag in tags})
    return [*abis, *chain.from_iterable(("--platform", name) for name in names)]


def _download(kind: Sequence[str], wheels: Sequence[Wheel], folder: Path) -> None:
    """Download from pip's configured index; uv.lock has URLs of the public index."""
    arguments = ["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    arguments += ["--require-hashes", "--python-version", "3.13", "--implementation", "cp", *kind]
    lines = [f"{wheel.name}=={wheel.version} --hash=sha256:{wheel.sha256}\n" for wheel in wheels]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as requirements:
        requirements.writelines(lines)
        requirements.flush()
        arguments += ["--dest", str(folder), "--requirement", requirements.name]
        done = subprocess.run([sys.executable, *arguments], capture_output=True, check=False)
    if done.returncode != 0:
        raise SupplyError(f"pip download failed: {done.stderr.decode(errors='replace').strip()}")


def _entries(wheel: Path) -> Iterator[tuple[str, str]]:
    """The path in the layer and the hash of each file of a wheel."""
    with ZipFile(wheel) as archive:
        for name in archive.namelist():
            top, _, rest = name.partition("/")
            kind, _, inner = rest.partition("/")
            moved = top.endswith(".data") and kind in _MOVED
            yield inner if moved else name, hashlib.sha256(archive.read(name)).hexdigest()
