"""What a person sees while the work goes on: one line per step, and errors with the way out."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console, RenderableType
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from tools.local.errors import LocalCloudError
from tools.operations.errors import OperationError

_PLAIN_WIDTH = 200
_LOG_LINES = 15


class Screen:
    """Standard output. Off a terminal it is plain text without control characters."""

    def __init__(self) -> None:
        self.interactive = sys.stdout.isatty()
        width = None if self.interactive else _PLAIN_WIDTH
        self._console = Console(highlight=False, width=width, force_terminal=self.interactive)

    @property
    def width(self) -> int:
        """Columns."""
        return self._console.width

    def print(self, *parts: RenderableType) -> None:
        """Print each part on a line of its own."""
        self._console.print(*parts, sep="\n")

    @contextmanager
    def step(self, text: str) -> Iterator[Callable[[str], None]]:
        """Show a step with the time that it takes; the block may tell how far it has come."""
        began = time.monotonic()
        try:
            with self._moving(text) as advance:
                yield advance
        except BaseException:
            self._done("✗", "red", text, began)
            raise
        self._done("✓", "green", text, began)

    @contextmanager
    def _moving(self, text: str) -> Iterator[Callable[[str], None]]:
        if not self.interactive:
            self._console.print(Text(f"  {text} ..."))
            yield lambda _: None
            return
        columns = (
            SpinnerColumn(style="cyan"),
            TextColumn("{task.description}", markup=False),
            TimeElapsedColumn(),
            TextColumn("{task.fields[detail]}", style="dim", markup=False),
        )
        with Progress(*columns, console=self._console, transient=True) as progress:
            task = progress.add_task(text, total=None, detail="")
            yield lambda detail: progress.update(task, detail=detail)

    def _done(self, mark: str, style: str, text: str, began: float) -> None:
        seconds = time.monotonic() - began
        self._console.print(Text.assemble((mark, style), f" {text}", (f"  {seconds:.1f} s", "dim")))

    def failure(self, error: LocalCloudError | OperationError) -> None:
        """Say what went wrong, show the end of its log, and the way out."""
        self._console.print()
        self._console.print(Text.assemble(("Failed: ", "bold red"), str(error)))
        if isinstance(error, LocalCloudError) and error.log:
            self._console.print(Text(f"The end of {error.log}:", style="dim"))
            for line in _last_lines(error.log):
                self._console.print(Text(f"  {line}", style="dim"))
        if error.hint:
            self._console.print(Text(error.hint))


def _last_lines(log: Path) -> list[str]:
    try:
        return log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LOG_LINES:]
    except OSError:
        return []
