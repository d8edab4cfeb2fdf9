"""Let the operator choose one of several things by number, id or name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.table import Table

from inlet_bridge.cli.questions import Questions, usage_error
from inlet_bridge.cli.styled_text import Text

_MOST_ROWS: Final = 40


@dataclass(frozen=True, slots=True)
class Option:
    """One of the things.

    Attributes:
        id: unique.
        name: may be that of several.
        details: further columns.
    """

    id: str
    name: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """A question with a list of answers.

    Attributes:
        what: in the singular, such as dataset.
        flag: the option that answers it.
        titles: of the columns of a list: name, id unless it is the name, and details.
    """

    questions: Questions
    what: str
    flag: str
    titles: tuple[str, ...]

    def of(self, options: Sequence[Option], given: str, default: str) -> Option:
        """The option that the flag names, or the answer.

        Args:
            options: at least one.
            given: id or name; empty asks.
            default: id of the default answer; empty for none.

        Raises:
            typer.BadParameter: there is no such option, or nobody can answer.
        """
        find = self._finder(options)
        if given:
            try:
                return find(given)
            except ValueError as exc:
                raise usage_error(str(exc), self.flag) from None
        present = next((each for each in options if each.id == default), None)
        if present and not self.questions.allowed:
            return present
        if self.questions.allowed:
            self.questions.screen.print(self._table(options))
        if len(options) > _MOST_ROWS:
            more = f"{len(options) - _MOST_ROWS} more; type a name or an id."
            self.questions.screen.print(Text(more))
        return self.questions.ask(
            f"Number or name of the {self.what}",
            self.flag,
            find,
            default=_number(options, present),
        )

    def _finder(self, options: Sequence[Option]) -> Callable[[str], Option]:
        def find(text: str) -> Option:
            text = text.strip()
            found = [each for each in options if text in (each.id, each.name)]
            if not found and text.isdecimal() and 0 < int(text) <= len(options):
                found = [options[int(text) - 1]]
            if len(found) == 1:
                return found[0]
            if found:
                ids = ", ".join(each.id for each in found)
                raise ValueError(f"several have the name {text}: {ids}; give an id")
            names = ", ".join(each.name for each in options[:_MOST_ROWS])
            raise ValueError(
                f"there is no {self.what} {text or 'without a name'}; there is {names}"
            )

        return find

    def _table(self, options: Sequence[Option]) -> Table:
        table = Table(box=SIMPLE_HEAD)
        for title in ("", *self.titles):
            table.add_column(title, overflow="fold")
        for number, each in enumerate(options[:_MOST_ROWS], start=1):
            ids = () if each.id == each.name else (each.id,)
            row = (str(number), each.name, *ids, *each.details)
            table.add_row(*(Text(cell) for cell in row))
        return table


def _number(options: Sequence[Option], present: Option | None) -> str:
    """The number of the present answer, or of the only option."""
    if present:
        return str(options.index(present) + 1)
    return "1" if len(options) == 1 else ""
