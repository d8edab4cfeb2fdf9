"""Print a page of a list, as a table or as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from rich.console import RenderableType

from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.paging import Page
from inlet_bridge.cli.styled_text import Text
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.plain_text import plain_json

_NARROWER: Final = "A source searches fewer lines; the pages of `inlet console` reach further back."


@dataclass(frozen=True, slots=True)
class Listed:
    """The records of a page in both forms.

    Attributes:
        searched_to: earlier ones may exist and were not looked for; None if there are none.
    """

    documents: Sequence[dict[str, Any]]
    table: RenderableType
    searched_to: datetime | None = None


def show_page(
    screen: Screen,
    name: str,
    listed: Listed,
    page: Page,
    *,
    more: bool,
    nothing: OperationError,
    as_json: bool,
) -> None:
    """Print a page: as JSON, `{name: [...], "next_page": its number or null}`.

    If a search was ended by its bound, JSON has `searched_to` too.

    Raises:
        OperationError: `nothing`, unless it is JSON, which is an empty list then.
    """
    reached = listed.searched_to
    if as_json:
        document: dict[str, Any] = {
            name: list(listed.documents),
            "next_page": page.next(more=more),
        }
        if reached:
            document["searched_to"] = reached.isoformat()
        screen.write(plain_json(document) + "\n")
        return
    if not listed.documents:
        if reached:
            raise OperationError(_searched(reached), hint=_NARROWER)
        if page.number > 1:
            raise OperationError(f"there is no page {page.number}", hint="--page 1 is the first.")
        raise nothing
    screen.print(listed.table)
    if more:
        screen.print(Text(f"There are more: --page {page.number + 1}", style="dim"))
    if reached:
        screen.print(Text(f"{_searched(reached)} {_NARROWER}", style="dim"))


def _searched(reached: datetime) -> str:
    return f"The logs were searched back to {reached:%Y-%m-%d %H:%M:%S} UTC only."
