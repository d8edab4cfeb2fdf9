"""Ask for what no option gave; where nobody can answer, name the option instead."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from getpass import GetPassWarning
from typing import Final

import typer

from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.styled_text import Text
from inlet_bridge.plain_text import plain

_TRIES: Final = 3
_REQUIRED: Final = "is required where nobody can be asked"
_NO_TERMINAL: Final = (
    f"{_REQUIRED}: no terminal hides what is typed. Name a file, or - for standard input"
)


def confirm_permanent(screen: Screen, question: str) -> bool:
    """Ask before a change that cannot be undone; the default is no.

    Raises:
        typer.Abort: nobody can answer; the option that does is named.
    """
    try:
        return screen.confirm(question)
    except typer.Abort:
        if not sys.stdin.isatty():
            screen.print("")  # The question has no answer that ends its line.
            screen.print(Text("Nobody can be asked here: answer with --yes.", style="yellow"))
        raise


@dataclass(frozen=True, slots=True)
class Questions:
    """Questions on a terminal.

    Attributes:
        allowed: whether to ask; otherwise every question is an error that names its option.
    """

    screen: Screen
    allowed: bool = True

    def ask[Answer](
        self,
        question: str,
        option: str,
        read: Callable[[str], Answer],
        *,
        default: str = "",
        hidden: bool = False,
    ) -> Answer:
        """Ask until the answer is valid, three times at most.

        Args:
            question: without its colon.
            option: the option that answers it.
            read: the value of an answer; raises ValueError with what is wrong.
            default: the answer if nothing is typed.
            hidden: whether the answer is not shown while it is typed.

        Raises:
            typer.BadParameter: nobody can answer.
        """
        for left in reversed(range(_TRIES)):
            text = self._typed(question, option, default=default, hidden=hidden)
            try:
                return read(text)
            except ValueError as exc:
                if not left:
                    raise usage_error(str(exc), option) from None
                self.screen.print(Text(f"! {exc}", "yellow"))
        raise AssertionError  # pragma: no cover - the last try returns or raises

    def confirm(self, question: str, option: str, unanswered: str = "") -> bool:
        """Ask a yes-or-no question; the default is no.

        Args:
            question: with its question mark.
            option: the option that answers it.
            unanswered: what is said where nobody can answer; by default, that it is required.

        Raises:
            typer.BadParameter: nobody can answer.
        """
        self._require(option)
        try:
            return self.screen.confirm(question)
        except typer.Abort:
            self.screen.print("")  # The question has no answer that ends its line.
            self._require_terminal(option, unanswered or _REQUIRED)
            raise

    def _typed(self, question: str, option: str, *, default: str, hidden: bool) -> str:
        self._require(option)
        try:
            return self.screen.ask(question, default=default, hidden=hidden)
        except GetPassWarning:
            self.screen.print("")  # The question has no answer that ends its line.
            raise usage_error(_NO_TERMINAL, option) from None
        except typer.Abort:
            self._require_terminal(option)
            raise

    def _require(self, option: str) -> None:
        if not self.allowed:
            raise usage_error("is required with --no-input", option)

    def _require_terminal(self, option: str, unanswered: str = _REQUIRED) -> None:
        """After the end of the input; on a terminal that is Ctrl-C or Ctrl-D."""
        if not sys.stdin.isatty():
            raise usage_error(unanswered, option) from None


def usage_error(text: str, option: str) -> typer.BadParameter:
    """An error of an option; the text may quote what was given, on one line."""
    return typer.BadParameter(plain(text), param_hint=option)
