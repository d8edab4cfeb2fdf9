"""Edits of `sources.yaml` while `inlet up` watches it."""

from collections.abc import Callable, Sequence
from pathlib import Path

VALUES = {
    "Stage": "local",
    "DatasetId": "a" * 24,
    "SchemaId": "https://ns.adobe.com/a/schemas/b",
    "EventSourceName": "events",
}
"""Of the parameters of `sources.yaml`."""

type Step = Callable[[Path], object]


class Editor:
    """A program that runs while steps change the file, and is then interrupted.

    Attributes:
        name, log: of a `Program`.
    """

    name = "editor"
    log = Path("log")

    def __init__(self, file: Path, steps: Sequence[Step]) -> None:
        self._file = file
        self._steps = iter(steps)

    @property
    def running(self) -> bool:
        """Whether it runs; looking makes the next step."""
        step = next(self._steps, None)
        if step is None:
            raise KeyboardInterrupt
        step(self._file)
        return True
