"""Return Adobe's own copy of failed records, for deliveries that cannot be found."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bridge.ports.ingestion import Batches, FailedFile

MOST_BYTES: Final = 3_000_000
"""Of the lines of one response; Lambda returns 6 MB of JSON, in which text can double."""

_MOST_ID: Final = 100
_MOST_PATH: Final = 1_000
_MOST_LINE: Final = 10**9


@dataclass(frozen=True, slots=True)
class CopyRequest:
    """Which lines are wanted; without a file, the list of files."""

    batch_id: str
    file: str = ""
    line: int = 0


def copy_request(event: object) -> CopyRequest:
    """Read a request. Raises ValueError with the reason."""
    fields = event if isinstance(event, Mapping) else {}
    batch_id, file, line = fields.get("batch"), fields.get("file", ""), fields.get("line", 0)
    if not isinstance(batch_id, str) or not 0 < len(batch_id) <= _MOST_ID:
        raise ValueError("batch must be the id of a batch")
    if not isinstance(file, str) or len(file) > _MOST_PATH:
        raise ValueError("file must be the path of a file of the batch")
    if isinstance(line, bool) or not isinstance(line, int) or not 0 <= line <= _MOST_LINE:
        raise ValueError("line must be a number of lines to skip")
    return CopyRequest(batch_id, file, line)


@dataclass(frozen=True, slots=True)
class Copies:
    """Reads the files with failed records of a batch."""

    batches: Batches

    def read(self, wanted: CopyRequest) -> dict[str, Any]:
        """The paths of the files, or lines of one. Raises AdobeError.

        Returns:
            `files`; or `lines`, and as `next` the line to continue with, None at the end.
        """
        if not wanted.file:
            files = self.batches.failed_files(wanted.batch_id)
            return {"files": sorted(file.path for file in files)}
        lines: list[str] = []
        size = 0
        for line in self.batches.lines(wanted.batch_id, FailedFile(wanted.file), wanted.line):
            text = (line or b"").decode(errors="replace")
            if lines and size + len(text) > MOST_BYTES:
                return {"lines": lines, "next": wanted.line + len(lines)}
            size += len(text)
            lines.append(text[:MOST_BYTES])
        return {"lines": lines, "next": None}
