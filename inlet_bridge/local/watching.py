"""Notice edits of a file and new messages at the emulated inlet."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inlet_bridge.local.errors import LocalCloudError


@dataclass(slots=True)
class WatchedFile:
    """A file whose edits are deployed.

    Attributes:
        path: of the file.
        seen: its text at the last look.
        has_failed: whether `seen` could not be deployed; then saving it again is an edit.
    """

    path: Path
    seen: str = ""
    has_failed: bool = False
    _saved: int = field(default=0, init=False)  # Modification time of `seen`, in nanoseconds.
    _fault: str = field(default="", init=False)
    _reported: str = field(default="", init=False)

    def __post_init__(self) -> None:
        """Read the text that is deployed first. Raises LocalCloudError."""
        self._saved, self.seen = _saved_text(self.path)

    @property
    def is_unreadable(self) -> bool:
        """Whether `edited` has reported that the file cannot be read, and it is still so."""
        return bool(self._reported)

    def edited(self) -> str | None:
        """The new text, once for each edit; None without one, or while an editor replaces it.

        Raises:
            LocalCloudError: the file cannot be read, at two looks in succession; once for each
                reason.
        """
        try:
            saved, text = _saved_text(self.path)
        except LocalCloudError as exc:
            before, self._fault = self._fault, str(exc)
            if self._fault == before != self._reported:
                self._reported = before
                raise
            return None
        self._fault = self._reported = ""
        if text == self.seen and not (self.has_failed and saved != self._saved):
            return None
        self._saved, self.seen, self.has_failed = saved, text, False
        return text


def _saved_text(path: Path) -> tuple[int, str]:
    """The modification time before the text was read, and the text. Raises LocalCloudError."""
    try:
        return path.stat().st_mtime_ns, path.read_text(encoding="utf-8")
    except OSError as exc:
        raise LocalCloudError(f"{path} cannot be read: {exc.strerror}") from exc
    except UnicodeDecodeError as exc:
        raise LocalCloudError(
            f"{path} is not UTF-8 at byte {exc.start}", hint="Save it as UTF-8."
        ) from exc


@dataclass(slots=True)
class NewMessages:
    """Messages that have reached the inlet since the last look.

    Attributes:
        ledger: reads the emulated inlet's ledger.
    """

    ledger: Callable[[], Mapping[str, Any]]
    _seen: set[str] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        """Leave out what has arrived before."""
        self._seen = {each["xactionId"] for each in self.ledger()["received"]}

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        """The new entries of the ledger, in their order."""
        for entry in self.ledger()["received"]:
            if entry["xactionId"] not in self._seen:
                self._seen.add(entry["xactionId"])
                yield entry
