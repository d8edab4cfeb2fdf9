"""A list of records: a table where it fits, else a block of lines for each record.

IDs must be copied, so nothing is ever broken within a word: on a narrow terminal the terminal
itself wraps a long ID, and copies it as one word.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.table import Table

from inlet_bridge.cli.styled_text import Text

# Of each column of a table: a blank on both sides.
_PADDING = 2
# Rich gives a table of n columns a column at each edge and between any two: n and one more.
_DIVIDER = 1
_INDENTATION = "  "


class Listing:
    """Rows with a title for each column."""

    def __init__(self, *columns: str, title: str = "") -> None:
        self._columns = columns
        self._title = title
        self._rows: list[tuple[Text, ...]] = []
        self._sections: set[int] = set()

    def add_row(self, *cells: str | Text) -> None:
        """Add a row with a cell for each column."""
        self._rows.append(tuple(_text(cell) for cell in cells))

    def add_section(self) -> None:
        """Draw a line below the last row."""
        self._sections.add(len(self._rows))

    def __rich_console__(self, console: Any, options: Any) -> Iterator[RenderableType]:
        """Choose the form by the width."""
        widths = [
            max([Text(title).cell_len, *(row[index].cell_len for row in self._rows)])
            for index, title in enumerate(self._columns)
        ]
        if sum(width + _PADDING + _DIVIDER for width in widths) + _DIVIDER <= options.max_width:
            yield self._table()
            return
        if self._title:
            yield Text(self._title, style="italic")
        for row in self._rows:
            yield from _block(self._columns, row, options.max_width)

    def _table(self) -> Table:
        table = Table(
            box=SIMPLE_HEAD, title=Text(self._title) if self._title else None, title_justify="left"
        )
        for title in self._columns:
            table.add_column(title, no_wrap=True)
        for number, row in enumerate(self._rows):
            if number in self._sections:
                table.add_section()
            table.add_row(*row)
        return table


def _block(columns: Sequence[str], row: Sequence[Text], width: int) -> Iterator[Text]:
    """The cells one after the other, on as few lines as they fit."""
    line = Text()
    for title, cell in zip(columns, row, strict=True):
        if not cell.plain:
            continue
        if not line.plain:
            line = Text.assemble(cell)
            continue
        if line.cell_len + _PADDING + cell.cell_len <= width:
            line = Text.assemble(line, _INDENTATION, cell)
            continue
        yield line
        named = Text.assemble(_INDENTATION, (f"{title}  ", "dim"), cell)
        line = named if named.cell_len <= width else Text.assemble(_INDENTATION, cell)
    if line.plain:
        yield line


def _text(cell: str | Text) -> Text:
    return Text(cell) if isinstance(cell, str) else cell
