"""Print a page of a list, as a table or as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import RenderableType

from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.paging import Page
from inlet_bridge.cli.plain_text import plain_json
from inlet_bridge.cli.styled_text import Text
from inlet_bridge.operations.errors import OperationError


@dataclass(frozen=True, slots=True)
class Listed:
    """The records of a page in both forms."""

    documents: Sequence[dict[str, Any]]
    table: RenderableType


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

    Raises:
        OperationError: `nothing`, unless it is JSON, which is an empty list then.
    """
    if as_json:
        document = {name: list(listed.documents), "next_page": page.next(more=more)}
        screen.write(plain_json(document) + "\n")
        return
    if not listed.documents:
        if page.number > 1:
            raise OperationError(f"there is no page {page.number}")
        raise nothing
    screen.print(listed.table)
    if more:
        screen.print(Text(f"There are more: --page {page.number + 1}", style="dim"))
