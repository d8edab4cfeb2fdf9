"""Let the environments of functions share the layers, as `/opt` is read-only on Lambda.

MiniStack writes and extracts the archives of the layers for each environment: 50 MB and 2,900
files, which take seconds to write and to delete.
"""

import hashlib
import io
import os
import zipfile
from contextvars import ContextVar
from pathlib import Path
from threading import Lock
from types import SimpleNamespace
from typing import Any, Self

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

_LAYERS = Path(os.environ["STATE_DIR"]).with_name("layers")
_EXTRACTING = Lock()
# Whether an environment starts, in this thread.
_is_starting: ContextVar[bool] = ContextVar("_is_starting", default=False)
# The content of layers, and the folders with what was extracted, by the IDs of the content.
_extracted: dict[int, tuple[bytes, Path]] = {}

_content = lambda_svc._resolve_layer_zip
_start = lambda_runtime.Worker._spawn


class _Shared:
    """The archive of a layer for an environment: a file with the path of the shared folder."""

    def __init__(self, archive: Path) -> None:
        self._archive = archive

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._archive.unlink()

    def namelist(self) -> list[str]:
        """No names, which MiniStack would compare with the target, one by one."""
        return []

    def extractall(self, path: str) -> None:
        """Link to the shared folder."""
        Path(path).rmdir()
        Path(path).symlink_to(self._archive.read_text())


def _opened(file: Any, *args: Any, **options: Any) -> Any:
    """An archive of code, or that of a layer as `_folder_or_content` has returned it."""
    if isinstance(file, str) and Path(file).name.startswith("layer_"):
        return _Shared(Path(file))
    return zipfile.ZipFile(file, *args, **options)


def _start_with_shared_layers(worker: Any) -> None:
    token = _is_starting.set(True)
    try:
        _start(worker)
    finally:
        _is_starting.reset(token)


def _folder_or_content(attachment: Any) -> bytes | None:
    """The content of a layer; for an environment, the path of the folder that has it."""
    content: bytes | None = _content(attachment)
    return str(_folder(content)).encode() if content and _is_starting.get() else content


def _folder(content: bytes) -> Path:
    """The folder with what is in an archive, which is extracted once."""
    with _EXTRACTING:
        if id(content) not in _extracted:
            folder = _LAYERS / hashlib.sha256(content).hexdigest()
            if not folder.exists():
                partial = folder.with_suffix(".partial")
                zipfile.ZipFile(io.BytesIO(content)).extractall(partial)
                partial.rename(folder)
            # With the content, so that no other gets its ID.
            _extracted[id(content)] = content, folder
        return _extracted[id(content)][1]


lambda_runtime.zipfile = SimpleNamespace(**{**vars(zipfile), "ZipFile": _opened})
lambda_runtime.Worker._spawn = _start_with_shared_layers
lambda_svc._resolve_layer_zip = _folder_or_content
