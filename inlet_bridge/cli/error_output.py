"""Errors of the command line, and exceptions that nobody foresaw, as plain text."""

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, override

import typer
from typer.core import TyperGroup

from inlet_bridge.cli.plain_text import plain


class PlainGroup(TyperGroup):
    """A group of commands whose errors may quote anything."""

    @override
    def make_context(self, *arguments: Any, **options: Any) -> Any:
        """Read the command line."""
        with _plain_errors():
            return super().make_context(*arguments, **options)

    @override
    def invoke(self, ctx: Any) -> Any:
        """Read the rest of the command line and run the command."""
        with _plain_errors():
            return super().invoke(ctx)


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except typer.TyperException as exc:
        message = plain(exc.format_message(), lines=True)
        exc.format_message = lambda: message  # type: ignore[method-assign]
        raise
    except (typer.Exit, typer.Abort, EOFError, OSError):
        raise
    except Exception:  # noqa: BLE001
        # Python would print the exception's message as it is, and that may quote anything.
        sys.stderr.write(plain(traceback.format_exc(), lines=True))
        raise typer.Exit(1) from None
