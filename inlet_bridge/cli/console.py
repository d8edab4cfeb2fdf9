"""What a person sees while the work goes on: one line per step, and errors with the way out."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from rich.console import RenderableType
from rich.padding import Padding
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)

from inlet_bridge.cli.plain_text import PlainConsole, Text, plain, text_of_lines
from inlet_bridge.local.errors import LocalCloudError
from inlet_bridge.operations.errors import OperationError

_PLAIN_WIDTH = 200
_LOG_LINES = 15


def replace_what_cannot_be_encoded() -> None:
    """Let a terminal without ✓ get ?, not a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


class Screen:
    """Standard output, to which nothing else writes. Off a terminal it is plain text."""

    def __init__(self) -> None:
        self.interactive = sys.stdout.isatty()
        width = None if self.interactive else _PLAIN_WIDTH
        self._console = PlainConsole(width=width, force_terminal=self.interactive)

    @property
    def width(self) -> int:
        """Columns."""
        return self._console.width

    def print(self, *parts: RenderableType) -> None:
        """Print each part on a line of its own."""
        self._console.print(*parts, sep="\n")

    def rule(self) -> None:
        """Print a line across the screen."""
        self._console.rule()

    def write(self, document: str) -> None:
        """Print a document such as JSON or Markdown, whose lines are not wrapped."""
        typer.echo(plain(document, lines=True), nl=False)

    def confirm(self, question: str) -> bool:
        """Ask; the answer is no unless somebody says yes."""
        return typer.confirm(plain(question))

    def track[Item](self, items: Iterable[Item], text: str, total: int) -> Iterator[Item]:
        """The items, with a bar that shows how many are done."""
        columns = (_description(), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
        hidden = not self.interactive
        with Progress(*columns, console=self._console, disable=hidden) as progress:
            yield from progress.track(items, total=total, description=plain(text))

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
            _description(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[detail]}", style="dim", markup=False),
        )
        with Progress(*columns, console=self._console, transient=True) as progress:
            task = progress.add_task(plain(text), total=None, detail="")
            yield lambda detail: progress.update(task, detail=plain(detail))

    def _done(self, mark: str, style: str, text: str, began: float) -> None:
        seconds = time.monotonic() - began
        self._console.print(Text.assemble((mark, style), f" {text}", (f"  {seconds:.1f} s", "dim")))

    def failure(self, error: LocalCloudError | OperationError) -> None:
        """Say what went wrong, show the end of its log, and the way out."""
        self._console.print()
        first, *more = str(error).split("\n")
        self._console.print(Text.assemble(("Failed: ", "bold red"), first))
        if more:
            self._console.print(Padding(text_of_lines("\n".join(more)), (0, 0, 0, 2)))
        if isinstance(error, LocalCloudError) and error.log:
            self._console.print(Text(f"The end of {error.log}:", style="dim"))
            for line in _last_lines(error.log):
                self._console.print(Text(f"  {line}", style="dim"))
        if error.hint:
            self._console.print(Text(error.hint))


def _description() -> TextColumn:
    return TextColumn("{task.description}", markup=False)


def _last_lines(log: Path) -> list[str]:
    try:
        return log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LOG_LINES:]
    except OSError:
        return []
