"""The options of lists: how many records a page has, and which page is shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Final

import typer

_MOST: Final = 1_000

LimitOption = Annotated[
    int,
    typer.Option(min=1, max=_MOST, metavar="N", help="At most this many records on a page."),
]
PageOption = Annotated[
    int, typer.Option(min=1, max=_MOST, metavar="N", help="Which page; 1 is the first.")
]
DEFAULT_LIMIT: Final = 50


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list.

    Attributes:
        limit: how many records it has at most.
        number: from 1.
    """

    limit: int = DEFAULT_LIMIT
    number: int = 1

    @property
    def end(self) -> int:
        """How many records the pages up to this one have, and one more if there are further."""
        return self.limit * self.number + 1

    def of[Item](self, items: Iterable[Item]) -> tuple[list[Item], bool]:
        """The items of this page, and whether there are further ones."""
        start = self.limit * (self.number - 1)
        found = list(islice(items, start, start + self.limit + 1))
        return found[: self.limit], len(found) > self.limit

    def next(self, *, more: bool) -> int | None:
        """The number of the next page, for JSON."""
        return self.number + 1 if more else None
