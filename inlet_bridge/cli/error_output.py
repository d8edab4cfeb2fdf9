"""Print usage errors, notices and unexpected exceptions without control characters."""

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, override

import typer
from typer.core import TyperGroup

from inlet_bridge.cli.empty_values import refuse_empty_values
from inlet_bridge.cli.value_names import name_values
from inlet_bridge.plain_text import plain

_EXTRA: Final = "Got unexpected extra argument"
_SELECTING: Final = ("--source", "--id", "--connection")


def replace_unencodable_characters() -> None:
    """Print ? in place of characters such as ✓ that the terminal's encoding lacks."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def print_notice(text: str) -> None:
    """Print a line on standard error, so that standard output has only results."""
    typer.echo(plain(text), err=True)


class PlainGroup(TyperGroup):
    """A command group that applies `plain` to errors, which may quote untrusted text."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        name_values(self)
        refuse_empty_values(self)

    @override
    def make_context(self, *arguments: Any, **options: Any) -> Any:
        """Parse the options of the group."""
        with _plain_errors():
            return super().make_context(*arguments, **options)

    @override
    def invoke(self, ctx: Any) -> Any:
        """Parse the rest of the command line and run the command."""
        with _plain_errors():
            return super().invoke(ctx)


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except typer.TyperException as exc:
        context = getattr(exc, "ctx", None)
        words = _in_own_words(exc.format_message())
        message = plain(words + _option_for(words, context), lines=True)
        exc.format_message = lambda: message  # type: ignore[method-assign]  # Typer prints its result.
        raise
    except (typer.Exit, typer.Abort, EOFError, OSError):
        raise
    except Exception:  # noqa: BLE001
        # Python prints the message of an uncaught exception unchanged.
        sys.stderr.write(plain(traceback.format_exc(), lines=True))
        raise typer.Exit(1) from None


def _in_own_words(message: str) -> str:
    """An error of an option without the words of the library that parses its value."""
    for words, own in (
        ("Input should be", "must be"),
        ("Value error, ", ""),
        ("greater than or equal to", "at least"),
        ("less than or equal to", "at most"),
        (", unable to parse string as a number", ""),
        (", unable to parse string as an integer", ""),
    ):
        message = message.replace(words, own)
    return message


def _option_for(message: str, context: Any) -> str:
    """The options that select by a name, for a name that was written without one."""
    if context is None or not message.startswith(_EXTRA):
        return ""
    known = {option for each in context.command.params for option in each.opts}
    fitting = [each for each in _SELECTING if each in known]
    return f". Write it after {' or '.join(fitting)}." if fitting else ""
