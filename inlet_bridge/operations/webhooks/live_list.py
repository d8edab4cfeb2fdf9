"""Keep the first page of a list current: what is logged meanwhile is added or changes its row."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import replace
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.logs.search import FoundLine, LogSearch
from inlet_bridge.operations.webhooks.filters import Filter
from inlet_bridge.operations.webhooks.rows import Outcome, WebhookRow
from inlet_bridge.operations.webhooks.webhook_list import ListPage, WebhookList, outcomes_of

MOST_ROWS: Final = 100
"""Rows of a page that is open for long; the oldest ones are removed."""
# CloudWatch Logs shows lines some seconds after they were logged, not always in order.
_OVERLAP: Final = timedelta(seconds=30)
_AHEAD: Final = timedelta(seconds=1)
_MOST_CALLS: Final = 20
# New webhooks of one poll that are shown.
_MOST_NEW: Final = MOST_ROWS


@dataclass(frozen=True, slots=True)
class Changes:
    """How a page changes.

    Attributes:
        added: new rows, oldest first, each with the key of the row before which it belongs; empty
            for the end of the list.
        changed: rows in place of those with their keys.
        removed: keys.
        is_cut: whether more was logged than is shown.
    """

    added: Sequence[tuple[WebhookRow, str]] = ()
    changed: Sequence[WebhookRow] = ()
    removed: Sequence[str] = ()
    is_cut: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing changes."""
        return not (self.added or self.changed or self.removed or self.is_cut)


@dataclass
class LiveList:
    """One open page. The rows of its first page are read again, so that none is lost between."""

    deployed: Deployed
    webhooks: WebhookList
    wanted: Filter
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    rows: list[WebhookRow] = field(default_factory=list)
    _seen: dict[str, datetime] = field(default_factory=dict)
    _is_full: bool = False

    def begin(self) -> ListPage:
        """The first page, as it is now."""
        page = self.webhooks.page(self.wanted)
        self.rows = list(page.rows)
        self._is_full = page.older is not None
        return page

    def poll(self) -> Changes:
        """What was logged since the last call, in a bounded number of requests."""
        now = self.clock()
        search = LogSearch(
            self.deployed,
            Filter(since=now, source=self.wanted.source).patterns(self.deployed),
            now - _OVERLAP,
            now + _AHEAD,
            _MOST_CALLS,
        )
        outcomes: dict[str, Outcome] = {}
        while len(outcomes) < _MOST_NEW and (lines := search.older(_MOST_NEW)) is not None:
            for each in self._news(lines):
                outcomes.setdefault(each.key, each)
        is_cut = not search.is_complete
        self._seen = {key: at for key, at in self._seen.items() if at >= now - 2 * _OVERLAP}
        oldest_first = [*outcomes.values()][::-1]
        newest = sorted(oldest_first, key=lambda each: each.logged.at)[-_MOST_NEW:]
        return self._changes(self.webhooks.rows(newest, now), is_cut=is_cut)

    def _news(self, lines: Iterable[FoundLine]) -> Iterator[Outcome]:
        """The outcomes of lines that were not seen before, newest first."""
        for found in lines:
            key = f"{found.group}/{found.line.event}"
            if key in self._seen:
                continue
            self._seen[key] = found.line.at
            yield from reversed([*outcomes_of(self.deployed, found.group, found.line)])

    def _changes(self, found: Iterable[WebhookRow], *, is_cut: bool) -> Changes:
        added: list[tuple[WebhookRow, str]] = []
        changed: list[WebhookRow] = []
        shown = {row.key: row for row in self.rows}
        for row in found:
            old = shown.get(row.key)
            if old is not None:
                # It stays where it is.
                row = self._kept(row, old)  # noqa: PLW2901 (the row that is kept)
                if row.at >= old.at and row != old:
                    changed.append(row)
                    self.rows[self.rows.index(old)] = row
            elif self.wanted.shows(row) and not self._is_older(row):
                added.append((row, self._insert(row)))
        removed = [row.key for row in self.rows[MOST_ROWS:]]
        self._is_full = self._is_full or bool(removed)
        del self.rows[MOST_ROWS:]
        new = [each for each in added if each[0].key not in removed]
        gone = [key for key in removed if key in shown]
        return Changes(new, changed, gone, is_cut)

    def _kept(self, row: WebhookRow, old: WebhookRow) -> WebhookRow:
        """The row with what the later outcome does not tell.

        A list from the table has the times of receipt, which no further attempt changes.
        """
        at = old.at if self.wanted.is_open and row.state == old.state else row.at
        attempts = row.attempts or (old.attempts if row.is_repetition else "")
        return replace(row, at=at, attempts=attempts)

    def _is_older(self, row: WebhookRow) -> bool:
        """Whether a row belongs to an older page."""
        return self._is_full and bool(self.rows) and row.at < min(each.at for each in self.rows)

    def _insert(self, row: WebhookRow) -> str:
        """Insert a row by its time; return the key of the row after it."""
        place = next(
            (place for place, each in enumerate(self.rows) if each.at <= row.at), len(self.rows)
        )
        self.rows.insert(place, row)
        after = self.rows[place + 1 : place + 2]
        return after[0].key if after else ""
