"""Get a secret from a file or from the operator, check it, and say whether to store it."""

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from inlet_bridge.cli.questions import Questions, usage_error
from inlet_bridge.cli.styled_text import Text
from inlet_bridge.operations.account.secret_store import MOST_BYTES, SecretStore
from inlet_bridge.operations.account.secret_text import unreadable_file

_OPTION: Final = "--secret-file"
_STANDARD_INPUT: Final = "-"
# A value that looks like a reference to another parameter is rejected:
# https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
_REFERENCE: Final = re.compile(r"\{\{.*\}\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret.

    Attributes:
        text: as it is stored; empty if it is not known.
        exists: whether a parameter of this name exists.
        is_new: whether it has to be stored.
    """

    text: str = field(repr=False)
    exists: bool
    is_new: bool


@dataclass(frozen=True, slots=True)
class SecretDialog:
    """Finds out one secret.

    Attributes:
        title: what it is, for the question.
        check: returns what is wrong with a text, or an empty text.
        doubt: returns what is unusual about a text that is stored, or an empty text; or None.
        file: `-` is standard input; None asks.
        store: None if secrets cannot be stored now.
        overwrites: whether a parameter that exists is overwritten without asking.
        is_shared: whether one that exists is used without asking.
    """

    questions: Questions
    title: str
    check: Callable[[str], str]
    file: Path | None
    store: SecretStore | None
    overwrites: bool = False
    is_shared: bool = False
    doubt: Callable[[str], str] | None = None

    def secret(self, parameter: str) -> Secret:
        """The secret of a parameter.

        Raises:
            typer.BadParameter: it cannot be used, or nobody can answer.
            OperationError: SSM cannot be read.
        """
        given = None if self.file is None else self._read(self.file)
        stored = None if self.store is None else self.store.get(parameter)
        if given == stored and stored is not None:
            return Secret(stored, exists=True, is_new=False)
        if stored is not None and not self._replaces(parameter, stored, is_given=bool(given)):
            return Secret(stored, exists=True, is_new=False)
        if given is None and self.store is not None:
            given = self.questions.ask(self.title, _OPTION, self._checked, hidden=True)
        if given and self.doubt and (doubt := self.doubt(given)):
            self.questions.screen.print(Text(f"! {doubt}", "yellow"))
        return Secret(given or "", exists=stored is not None, is_new=given is not None)

    def _replaces(self, parameter: str, stored: str, *, is_given: bool) -> bool:
        if self.overwrites:
            return True
        if self.is_shared and not is_given:
            return False
        wrong = self.check(stored)
        other = f", and {wrong}" if wrong else " with another value" if is_given else ""
        unanswered = (
            f"the parameter {parameter}, which the source reads, exists{other}; --yes overwrites"
            " it, and --offline keeps it"
        )
        if str(self.file) == _STANDARD_INPUT:
            raise usage_error(unanswered, _OPTION)
        question = f"{parameter} exists{other}. Overwrite it? No keeps it."
        return self.questions.confirm(question, "--yes", unanswered)

    def _checked(self, text: str) -> str:
        text = text.removeprefix("\ufeff").rstrip("\r\n")
        if not text.strip():
            raise ValueError("it is empty")
        if len(text.encode()) > MOST_BYTES:
            raise ValueError(f"it is over {MOST_BYTES} bytes, which SSM rejects")
        if _REFERENCE.search(text):
            raise ValueError(
                "it has a part in double braces, which SSM rejects; store it in Secrets Manager"
            )
        if wrong := self.check(text):
            raise ValueError(wrong)
        return text

    def _read(self, file: Path) -> str:
        try:
            if str(file) == _STANDARD_INPUT:
                text = sys.stdin.read(MOST_BYTES + 2)
            else:
                with file.open(encoding="utf-8") as opened:
                    text = opened.read(MOST_BYTES + 2)
            return self._checked(text)
        except OSError as exc:
            raise usage_error(unreadable_file(file, exc), _OPTION) from None
        except UnicodeDecodeError:
            raise usage_error(f"{file} is not UTF-8", _OPTION) from None
        except ValueError as exc:
            raise usage_error(f"{file}: {exc}", _OPTION) from None
