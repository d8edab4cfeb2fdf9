"""Let the environments of functions share the layers, as `/opt` is read-only on Lambda.

MiniStack extracts the layers for each environment: 2,900 files, which take seconds to write and to
delete.
"""

import hashlib
import os
import zipfile
from pathlib import Path
from threading import Lock
from types import SimpleNamespace
from typing import Any

from ministack.core import lambda_runtime

_LAYERS = Path(os.environ["STATE_DIR"]).with_name("layers")
_EXTRACTING = Lock()


class _Archive(zipfile.ZipFile):
    """An archive of code, or of a layer, which is extracted once and linked to."""

    def namelist(self) -> list[str]:
        """No names, which MiniStack would compare with the target, one by one."""
        return []

    def extractall(self, path: Any = None, *_: Any) -> None:
        """Extract the archive, or link to where it was extracted before."""
        archive = Path(str(self.filename))
        if not archive.name.startswith("layer_"):
            super().extractall(path, super().namelist())
            return
        with archive.open("rb") as content:
            shared = _LAYERS / hashlib.file_digest(content, "sha256").hexdigest()
        with _EXTRACTING:
            if not shared.exists():
                partial = shared.with_suffix(".partial")
                super().extractall(partial, super().namelist())
                partial.rename(shared)
        archive.unlink()
        Path(path).rmdir()
        Path(path).symlink_to(shared)


lambda_runtime.zipfile = SimpleNamespace(**{**vars(zipfile), "ZipFile": _Archive})
