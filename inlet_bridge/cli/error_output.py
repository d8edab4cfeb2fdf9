"""Print usage errors, notices and unexpected exceptions without control characters."""

import errno
import os
import shlex
import sys
import traceback
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, override

import typer

from inlet_bridge.cli.empty_values import refuse_empty_values
from inlet_bridge.cli.misplaced_values import is_file_name
from inlet_bridge.cli.other_commands import CommandGroup
from inlet_bridge.cli.other_options import instead_of_option
from inlet_bridge.cli.value_advice import argument_advice, value_advice, with_permission
from inlet_bridge.cli.value_names import name_values
from inlet_bridge.plain_text import plain

_EXTRA: Final = "Got unexpected extra argument"
_MISSING: Final = ("Missing argument", "Missing option")
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_BODY: Final = "--body"
_SECRET: Final = "--secret-file"  # noqa: S105 - an option
_CONNECTION: Final = "--connection"
_OF_ARGUMENTS: Final = {
    "inlet schema show": (
        " It takes CONNECTION/FLOW, with a slash, and a field with dots between its levels."
    ),
}
"""By the command: what its arguments are, where one more is often written."""
_NOTHING: Final = Path(os.devnull)
_SELECTING: Final = ("--source", "--id")


def replace_closed_streams() -> None:
    """Read nothing from, and discard what is written to, a standard stream that is closed.

    Python has None in place of it: https://docs.python.org/3/library/sys.html#sys.__stdin__. In
    this order, so that each takes the file descriptor of the closed one.
    """
    if sys.stdin is None:
        sys.stdin = _NOTHING.open(encoding="utf-8")
    if sys.stdout is None:
        sys.stdout = _NOTHING.open("w", encoding="utf-8")
    if sys.stderr is None:
        sys.stderr = _NOTHING.open("w", encoding="utf-8")


def replace_unencodable_characters() -> None:
    """Print ? in place of characters such as ✓ that the terminal's encoding lacks."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def print_notice(text: str) -> None:
    """Print a line on standard error, so that standard output has only results."""
    typer.echo(plain(text), err=True)


class PlainGroup(CommandGroup):
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
        with _plain_errors([*ctx._protected_args, *ctx.args]):  # noqa: SLF001 (invoke empties them)
            return super().invoke(ctx)


@contextmanager
def _plain_errors(words: Sequence[str] = ()) -> Iterator[None]:
    try:
        yield
    except typer.TyperException as exc:
        context = getattr(exc, "ctx", None)
        text = _unquoted_secret(_in_own_words(exc.format_message()), context)
        text = with_permission(text)
        if instead := _instead_of_option(exc, context):
            text = f"No such option: {instead}"
        way_out = _way_out(text, context, words) or _advice(exc, text, context)
        message = plain(text + way_out, lines=True)
        exc.format_message = lambda: message  # type: ignore[method-assign]  # Typer prints its result.
        raise
    except (typer.Exit, typer.Abort, EOFError):
        raise
    except OSError as exc:
        if exc.errno in _FULL:
            text = f"{exc.filename or 'the output'} cannot be written: {exc.strerror}"
        elif isinstance(exc, PermissionError) and exc.filename:
            text = f"{exc.filename}: permission denied"
        else:
            raise
        print_notice(f"Failed: {text}")
        raise typer.Exit(1) from None
    except Exception:  # noqa: BLE001
        # Python prints the message of an uncaught exception unchanged.
        sys.stderr.write(plain(traceback.format_exc(), lines=True))
        raise typer.Exit(1) from None


def _instead_of_option(exc: typer.TyperException, context: Any) -> str:
    """An option that does not exist, and what to write in its place; empty if that is unknown."""
    option = getattr(exc, "option_name", "")
    if not option or context is None:
        return ""
    sentence = instead_of_option(option, context.command)
    return f"{option}. {sentence}" if sentence else ""


def _advice(exc: typer.TyperException, message: str, context: Any) -> str:
    """A sentence about a refused value or a missing argument, with a space before it; or empty."""
    sentence = value_advice(message)
    if not sentence and message.startswith(_MISSING) and context is not None:
        command = " ".join(context.command_path.split()[1:])
        sentence = argument_advice(getattr(exc, "param", None), command)
    return f" {sentence}" if sentence else ""


def _unquoted_secret(message: str, context: Any) -> str:
    """The message without an extra argument that may be a secret."""
    if context is None or not message.startswith(_EXTRA):
        return message
    options = {name for each in context.command.params for name in each.opts}
    if _SECRET not in options or any(is_file_name(each) for each in _extra(message)):
        return message
    return f"{_EXTRA}. {_SECRET} FILE reads a secret, and - as FILE reads standard input"


def _extra(message: str) -> list[str]:
    return message.partition("(s) (")[2].rpartition(")")[0].split()


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


def _way_out(message: str, context: Any, words: Sequence[str]) -> str:
    """What to write instead of an extra argument; empty for another error.

    Args:
        message: of the error.
        context: of the command; None if it is not known.
        words: the command line.
    """
    if context is None or not message.startswith(_EXTRA):
        return ""
    flags: set[str] = set()
    options: set[str] = set()
    for each in context.command.params:
        (flags if getattr(each, "is_flag", False) else options).update(each.opts)
    extra = _extra(message)
    takes_source = any(
        each.name == "source" and each.param_type_name == "argument"
        for each in context.command.params
    )
    option = _option_for(options, extra, takes_source=takes_source)
    if flag := _flag_before_extra(extra, words, flags):
        name = words[words.index(flag) + 1]
        command = " ".join(["inlet", *context.command_path.split()[1:], shlex.quote(name), flag])
        instead = f": `{command}`" if flag in _SELECTING else ""
        return f". {flag} takes no value{instead}." + option
    command = " ".join(["inlet", *context.command_path.split()[1:]])
    found = _OF_ARGUMENTS.get(command) or option or _taken(context.command)
    return f".{found}" if found else ""


def _flag_before_extra(extra: Sequence[str], words: Sequence[str], flags: Collection[str]) -> str:
    """The flag that an extra argument was written after, as if it took a value; or empty."""
    pairs = pairwise(words)
    return next((flag for flag, word in pairs if flag in flags and word in extra), "")


def _taken(command: Any) -> str:
    """What a command takes, for one with too many arguments."""
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    names = [f"one {str(each.name).upper()}" for each in arguments]
    if not names:
        return " It takes no argument, only options: see --help."
    return f" It takes {' and '.join(names)} only."


def _option_for(options: Collection[str], extra: Sequence[str], *, takes_source: bool) -> str:
    """The options for a value that was written without one.

    Args:
        options: of the command, which take a value.
        extra: arguments that are too many.
        takes_source: whether the command has an argument for a source.
    """
    if _BODY in options and any(is_file_name(each) for each in extra):
        return f" Write the file after {_BODY}."
    if takes_source:
        of_connection = f"; {_CONNECTION} NAME takes all sources of a connection"
        selected = " Write an ID after --id." if "--id" in options else ""
        return f" It takes one source{of_connection if _CONNECTION in options else ''}.{selected}"
    fitting = [each for each in _SELECTING if each in options]
    return f" Write it after {' or '.join(fitting)}." if fitting else ""
