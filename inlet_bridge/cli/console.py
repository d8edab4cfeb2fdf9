"""Print progress, results and errors."""

import sys
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from getpass import GetPassWarning
from pathlib import Path
from typing import Any

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

from inlet_bridge.cli.styled_text import PlainConsole, Text, text_of_lines
from inlet_bridge.local.errors import LocalCloudError
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.plain_text import plain

_PLAIN_WIDTH = 200
_LOG_LINES = 15


class Screen:
    """Standard output. No other class writes to it; in a pipe it is plain text."""

    def __init__(self) -> None:
        self.interactive = sys.stdout.isatty()
        width = None if self.interactive else _PLAIN_WIDTH
        self._console = PlainConsole(width=width, force_terminal=self.interactive)

    @property
    def width(self) -> int:
        """Width in columns."""
        return self._console.width

    def print(self, *parts: RenderableType) -> None:
        """Print each part on a line of its own. No word is broken, so that IDs can be copied."""
        if self.interactive:
            self._print(parts)
            return
        with self._console.capture() as captured:
            self._print(parts)
        # Tables fill their columns, the last one too.
        for line in captured.get().splitlines():
            typer.echo(line.rstrip())

    def _print(self, parts: Sequence[RenderableType]) -> None:
        self._console.print(*parts, sep="\n", overflow="ignore", crop=False)

    def rule(self) -> None:
        """Print a line across the screen."""
        self._console.rule()

    def write(self, document: str) -> None:
        """Print a document such as JSON or Markdown without wrapping its lines."""
        typer.echo(plain(document, lines=True), nl=False)

    def confirm(self, question: str) -> bool:
        """Ask a yes-or-no question; the default is no."""
        return typer.confirm(plain(question))

    def ask(self, question: str, *, default: str = "", hidden: bool = False) -> str:
        """Ask for a text, which is not shown while it is typed if it is hidden.

        Raises:
            typer.Abort: there is no more input, or it was interrupted.
            GetPassWarning: a hidden text would be shown, since there is no terminal.
        """
        prompt: Any = typer.prompt
        with warnings.catch_warnings():
            warnings.simplefilter("error", GetPassWarning)
            answer = prompt(
                plain(question),
                default=plain(default),
                show_default=bool(default),
                hide_input=hidden,
            )
        return str(answer)

    def track[Item](self, items: Iterable[Item], text: str, total: int) -> Iterator[Item]:
        """Yield the items and show a progress bar."""
        columns = (_description(), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
        hidden = not self.interactive
        with Progress(*columns, console=self._console, disable=hidden) as progress:
            yield from progress.track(items, total=total, description=plain(text))

    @contextmanager
    def progress(
        self, text: str, *, hidden: bool = False
    ) -> Iterator[Callable[[float, float, str], None]]:
        """Show a progress bar, on a terminal only.

        Args:
            text: what is done.
            hidden: show nothing.

        Yields:
            A function of what is done, of the total, and of a detail.
        """
        columns = (
            *(_description(), BarColumn(), TaskProgressColumn(), TimeElapsedColumn()),
            TextColumn("{task.fields[detail]}", style="dim", markup=False),
        )
        hidden = hidden or not self.interactive
        with Progress(*columns, console=self._console, disable=hidden) as progress:
            task = progress.add_task(plain(text), total=None, detail="")
            yield lambda done, total, detail: progress.update(
                task, completed=done, total=total, detail=plain(detail)
            )

    @contextmanager
    def step(self, text: str) -> Iterator[Callable[[str], None]]:
        """Show a step with its duration; the block receives a function that reports progress."""
        began = time.monotonic()
        try:
            with self._progress(text) as advance:
                yield advance
        except BaseException:
            self._done("✗", "red", text, began)
            raise
        self._done("✓", "green", text, began)

    @contextmanager
    def search(self, text: str) -> Iterator[Callable[[str], None]]:
        """Show the progress of a search while it lasts, on a terminal only."""
        if not self.interactive:
            yield lambda _: None
            return
        with self._progress(text) as advance:
            yield advance

    @contextmanager
    def _progress(self, text: str) -> Iterator[Callable[[str], None]]:
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
        """Print an error, the end of its log and its hint."""
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
