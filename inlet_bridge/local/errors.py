"""The one error of the local cloud: a step that failed, and the way out."""

from pathlib import Path


class LocalCloudError(Exception):
    """A step failed.

    Attributes:
        hint: what to do about it, or empty.
        log: the file whose last lines say more, or None.
    """

    def __init__(self, message: str, *, hint: str = "", log: Path | None = None) -> None:
        super().__init__(message)
        self.hint = hint
        self.log = log
