"""Sizes of the functions and layers, unzipped and zipped."""

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Size:
    """Size of one function or layer in bytes."""

    unzipped: int
    zipped: int


def size_of(folder: Path) -> Size:
    """The size of a folder, zipped as `sam deploy` zips it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            archive.write(path, path.relative_to(folder))
    return Size(sum(path.stat().st_size for path in files), target.tell())
