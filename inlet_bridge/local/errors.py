"""The error of the local cloud."""

from pathlib import Path


class LocalCloudError(Exception):
    """A step failed.

    Attributes:
        hint: how to fix it, or empty.
        log: the file whose last lines explain the failure, or None.
    """

    def __init__(self, message: str, *, hint: str = "", log: Path | None = None) -> None:
        super().__init__(message)
        self.hint = hint
        self.log = log
