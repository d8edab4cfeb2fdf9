"""Build the functions and layers of the template for this machine, as `sam build` does.

uv installs the layer's requirements from its cache in a second; `sam build` takes a minute. Each
function and layer is kept below the hash of what it is made from, and made again only if that
changes.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from devtools import authorities, shipping
from inlet_bridge.local.errors import LocalCloudError
from inlet_bridge.local.template_code import Code, code_of, with_addresses
from inlet_bridge.local.workspace import LOCAL, ROOT, UV, VENV_PYTHON

_BUILDS: Final = LOCAL / "builds"
_PARTS: Final = "parts"
_LOCKED: Final = ROOT / "layers" / "dependencies" / "requirements.txt"
"""Exported from uv.lock; `make check` compares them."""
_KEPT_BUILDS: Final = 3
_INSTALL_SECONDS: Final = 900.0
_UNCHANGING: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a ZIP file can have: equal files have equal archives."""


def build(template: Path, builds: Path = _BUILDS) -> Path:
    """Build what a template names, unless it has been built; return the built template.

    Beside it are the folders of the functions and layers by logical ID, as `sam build` leaves them,
    and their archives: links to what several builds share.

    Raises:
        LocalCloudError: a folder is missing, or the requirements cannot be installed.
    """
    text = template.read_text(encoding="utf-8")
    codes = code_of(text)
    parts = builds / _PARTS
    parts.mkdir(parents=True, exist_ok=True)
    with (builds / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        built = {
            code.logical_id: _part(template.parent / code.folder, code, parts) for code in codes
        }
        names = [f"{logical_id} {part.name}" for logical_id, part in built.items()]
        target = builds / _hash([text, *names])
        if not target.exists():
            partial = builds / "partial"
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir()
            for logical_id, part in built.items():
                for path, name in ((part, logical_id), (archive(part), f"{logical_id}.zip")):
                    (partial / name).symlink_to(path.relative_to(partial, walk_up=True))
            template_text = with_addresses(text, lambda code: code.logical_id)
            (partial / "template.yaml").write_text(template_text, encoding="utf-8")
            partial.rename(target)
        os.utime(target)
        _remove_old(builds)
    return target / "template.yaml"


def archive(folder: Path) -> Path:
    """The ZIP archive of a built function or layer, beside its folder; made once."""
    target = folder.with_name(f"{folder.name}.zip")
    if not target.exists():
        partial = target.with_suffix(f".{os.getpid()}")
        _write_archive(folder, partial)
        partial.rename(target)
    return target


def _part(source: Path, code: Code, parts: Path) -> Path:
    """The folder of a function or layer, which is made if its sources have changed."""
    if not source.is_dir():
        raise LocalCloudError(f"{code.logical_id}: the folder {source} does not exist")
    made_by = [Path(__file__), Path(shipping.__file__), Path(authorities.__file__)]
    files = [(str(path.relative_to(source)), path) for path in _files(source)]
    contents = [
        part
        for name, path in [*((path.name, path) for path in made_by), *files]
        for part in (name, path.read_bytes())
    ]
    target = parts / _hash([code.package, str(code.is_layer), *contents])
    if not target.exists():
        partial = parts / "partial"
        shutil.rmtree(partial, ignore_errors=True)
        _build(source, code, partial)
        partial.rename(target)
    return target


def _hash(texts: Iterable[str | bytes]) -> str:
    """A hash of texts and of their limits."""
    digest = hashlib.sha256()
    for text in texts:
        content = text.encode() if isinstance(text, str) else text
        digest.update(f"{len(content)} ".encode() + content)
    return digest.hexdigest()[:32]


def _build(source: Path, code: Code, folder: Path) -> None:
    place = folder / "python" if code.is_layer else folder.joinpath(*code.package.split("."))
    shutil.copytree(source, place, ignore=shutil.ignore_patterns("__pycache__"))
    requirements = source / "requirements.txt"
    if requirements.is_file():
        _install(requirements, place)
    shipping.ship_folder(folder)


def _install(requirements: Path, place: Path) -> None:
    """Install what the lock file has for the layer, or other requirements by their hashes."""
    if requirements.read_bytes() == _LOCKED.read_bytes():
        _install_locked(place)
        return
    arguments = ["pip", "install", "--target", str(place), "--require-hashes"]
    arguments += ["--only-binary", ":all:", "--requirement", str(requirements)]
    _uv(arguments, requirements, place.parent)


def _install_locked(place: Path) -> None:
    """From uv's cache and the addresses of the lock file, as the tools; no index is asked."""
    environment = place.parent / "environment"
    arguments = ["sync", "--frozen", "--only-group", "functions", "--no-install-project"]
    _uv(arguments, _LOCKED, place.parent, UV_PROJECT_ENVIRONMENT=str(environment))
    [packages] = environment.glob("lib/python*/site-packages")
    for path in packages.iterdir():
        if not path.name.startswith("_virtualenv"):
            shutil.move(path, place / path.name)
    shutil.rmtree(environment)


def _uv(arguments: list[str], requirements: Path, folder: Path, **variables: str) -> None:
    try:
        # uv leaves the locks of its environments in the folder for temporary files.
        with TemporaryDirectory(dir=folder) as temporary:
            subprocess.run(
                [str(UV), *arguments, "--quiet", "--python", str(VENV_PYTHON)],
                check=True,
                capture_output=True,
                text=True,
                cwd=ROOT,
                env={**os.environ, **variables, "TMPDIR": temporary},
                timeout=_INSTALL_SECONDS,
            )
    except subprocess.CalledProcessError as exc:
        raise LocalCloudError(f"uv cannot install {requirements}: {exc.stderr.strip()}") from exc
    except (OSError, subprocess.TimeoutExpired) as exc:
        raise LocalCloudError(f"uv cannot install {requirements}: {exc}") from exc


def _write_archive(folder: Path, target: Path) -> None:
    # Not compressed: it goes no further than this machine.
    with zipfile.ZipFile(target, "w") as made:
        for path in _files(folder, bytecode=True):
            entry = zipfile.ZipInfo(str(path.relative_to(folder)), _UNCHANGING)
            entry.external_attr = path.stat().st_mode << 16
            made.writestr(entry, path.read_bytes())


def _files(folder: Path, *, bytecode: bool = False) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and (bytecode or "__pycache__" not in path.parts):
            yield path


def _remove_old(builds: Path) -> None:
    """Keep the builds that were used last, and what they link to."""
    made = [path for path in builds.iterdir() if path.is_dir() and path.name != _PARTS]
    made.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for old in made[_KEPT_BUILDS:]:
        shutil.rmtree(old, ignore_errors=True)
    linked = {link.readlink().name for build in made[:_KEPT_BUILDS] for link in _links(build)}
    for part in (builds / _PARTS).iterdir():
        if part.is_dir() and part.name not in linked:
            part.with_name(f"{part.name}.zip").unlink(missing_ok=True)
            shutil.rmtree(part, ignore_errors=True)


def _links(build: Path) -> Iterator[Path]:
    return (path for path in build.iterdir() if path.is_symlink())
