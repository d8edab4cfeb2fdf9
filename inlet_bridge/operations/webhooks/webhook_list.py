"""List webhooks, newest first, with a bounded number of requests for each page.

A webhook is listed once on a page, at the time of its last outcome in the logs. What the lines lack
is read from the deliveries table by key.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import replace
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Final

from inlet_bridge.operations.configuration.source_facts import SourceFacts
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.logs.deliveries import LoggedDelivery, outcomes_in
from inlet_bridge.operations.logs.lines import LogLine
from inlet_bridge.operations.logs.refusals import Refusal, refusal_in
from inlet_bridge.operations.logs.search import FoundLine, LogSearch
from inlet_bridge.operations.records.by_id import records_of
from inlet_bridge.operations.records.newest_open import newest_open, open_records
from inlet_bridge.operations.records.table import Records
from inlet_bridge.operations.webhooks.filters import Filter
from inlet_bridge.operations.webhooks.rows import (
    Outcome,
    WebhookRow,
    delivery_row,
    is_superseded,
    record_row,
    refused_row,
)

PAGE_ROWS: Final = 50
# Records that are read for one page, if most of them do not match its filters.
_MOST_RECORDS: Final = 500
_MILLISECOND: Final = timedelta(milliseconds=1)
# Of the clock of this machine, which may be behind.
_AHEAD: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins.

    Attributes:
        at: rows at this time and older ones are shown.
        shown: the keys of the rows at this time that earlier pages have shown.
    """

    at: datetime
    shown: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of the list.

    Attributes:
        rows: newest first.
        older: the next page; None if there is nothing older.
        searched_to: set if the search was ended by its bound: everything from then on was read.
    """

    rows: Sequence[WebhookRow]
    older: Cursor | None = None
    searched_to: datetime | None = None


def outcomes_of(deployed: Deployed, group: str, line: LogLine) -> Iterator[Outcome]:
    """The outcomes that a line of a log group reports."""
    is_first = group == deployed.receiver_logs
    logged: Iterable[LoggedDelivery | Refusal] = outcomes_in(line)
    if refusal := refusal_in(line):
        logged = [*logged, refusal]
    return (Outcome(each, is_first) for each in logged)


class WebhookList:
    """The webhooks of one deployment."""

    def __init__(
        self,
        deployed: Deployed,
        sources: Mapping[str, SourceFacts],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`sources` are the configured ones, by name."""
        self._deployed = deployed
        self._records = Records(deployed)
        self._sources = sources
        self._clock = clock

    def page(self, wanted: Filter, before: Cursor | None = None) -> ListPage:
        """The newest webhooks, or those from a cursor on."""
        if wanted.is_open:
            return self._open_page(wanted, before)
        now = self._clock()
        end = min(before.at if before else wanted.until or now + _AHEAD, now + _AHEAD)
        search = LogSearch(
            self._deployed, wanted.patterns(self._deployed), wanted.since, end + _MILLISECOND
        )
        rows: list[WebhookRow] = []
        seen: dict[tuple[str, str], str] = {}
        pending: Iterator[Outcome] = iter(())
        left = _MOST_RECORDS
        while len(rows) < PAGE_ROWS and left > 0:
            # With a filter of what only the table has, most of them may not match.
            number = min(left, PAGE_ROWS if wanted.event_type else PAGE_ROWS - len(rows))
            some = list(islice(pending, number))
            if not some:
                lines = search.older(PAGE_ROWS - len(rows))
                if lines is None:
                    break
                pending = self._new(lines, wanted, before, seen)
            left -= len(some)
            rows += filter(wanted.shows, self.rows(some, now))
        following = next(pending, None)
        return _page([_with_attempts(row, seen) for row in rows], search, following, before)

    def rows(self, outcomes: Sequence[Outcome], now: datetime) -> list[WebhookRow]:
        """The rows of outcomes, without those that a later outcome places elsewhere."""
        names = [each.name for each in outcomes if isinstance(each.logged, LoggedDelivery)]
        records = records_of(self._records, names)
        rows = []
        for each in outcomes:
            if isinstance(each.logged, Refusal):
                rows.append(refused_row(each.logged, self._sources))
            elif not is_superseded(each, record := records.get(each.name), now):
                rows.append(delivery_row(each, record, self._sources))
        return rows

    def _new(
        self,
        lines: Iterable[FoundLine],
        wanted: Filter,
        before: Cursor | None,
        seen: dict[tuple[str, str], str],
    ) -> Iterator[Outcome]:
        """The outcomes of lines, newest first, of webhooks that were not seen before.

        `seen` gets their names, each with the number of attempts that its last line has.
        """
        for found in lines:
            # A list within a line is in the order of time, too.
            for each in [*outcomes_of(self._deployed, found.group, found.line)][::-1]:
                is_refusal = isinstance(each.logged, Refusal)
                unwanted = wanted.only_deliveries if is_refusal else wanted.only_refused
                if unwanted or wanted.source not in ("", each.logged.source):
                    continue
                logged = each.logged
                attempts = logged.attempts if isinstance(logged, LoggedDelivery) else ""
                if each.name in seen:
                    seen[each.name] = seen[each.name] or attempts
                else:
                    seen[each.name] = attempts
                    if not (before and each.logged.at == before.at and each.key in before.shown):
                        yield each

    def _open_page(self, wanted: Filter, before: Cursor | None) -> ListPage:
        """Open deliveries, by the time of their receipt."""
        found = newest_open(
            self._deployed, wanted.source, wanted.state, before.at if before else wanted.until
        )
        rows: list[WebhookRow] = []
        pending = list(found.entries)
        while pending and len(rows) < PAGE_ROWS:
            some, pending = pending[:PAGE_ROWS], pending[PAGE_ROWS:]
            # The index lags behind the table.
            made = (
                record_row(each, self._sources)
                for each in open_records(self._records, some)
                if each.state == wanted.state and each.received_at >= wanted.since
            )
            rows += (
                row
                for row in made
                if wanted.shows(row)
                and not (before and row.at == before.at and row.key in before.shown)
            )
        if len(rows) > PAGE_ROWS or (rows and pending):
            return ListPage(rows[:PAGE_ROWS], cursor_after(rows[:PAGE_ROWS], before))
        to = found.complete_to
        if to is None or to < wanted.since:
            return ListPage(rows)
        shown = frozenset(row.key for row in rows if row.at == to)
        if before and to >= before.at:  # More at one time than a query returns.
            to, shown = before.at - timedelta(microseconds=1), frozenset()
        return ListPage(rows, Cursor(to, shown), to)


def _with_attempts(row: WebhookRow, seen: Mapping[tuple[str, str], str]) -> WebhookRow:
    """A repetition with the attempts of the webhook that it repeats, if their line was read."""
    if not row.is_repetition or row.attempts:
        return row
    return replace(row, attempts=seen.get((row.source, row.identifier), ""))


def _page(
    rows: Sequence[WebhookRow],
    search: LogSearch,
    pending: Outcome | None,
    before: Cursor | None,
) -> ListPage:
    """The page with these rows, and where the next one begins."""
    if len(rows) >= PAGE_ROWS:
        more = len(rows) > PAGE_ROWS or pending or not search.is_complete
        rows = rows[:PAGE_ROWS]
        return ListPage(rows, cursor_after(rows, before) if more else None)
    if pending:
        at = pending.logged.at
        return ListPage(rows, Cursor(at, frozenset(row.key for row in rows if row.at == at)), at)
    if search.is_complete:
        return ListPage(rows)
    return ListPage(rows, Cursor(search.reached - _MILLISECOND), search.reached)


def cursor_after(rows: Sequence[WebhookRow], before: Cursor | None = None) -> Cursor:
    """The page after these rows."""
    at = rows[-1].at
    shown = {row.key for row in rows if row.at == at}
    return Cursor(at, frozenset(shown | (before.shown if before and before.at == at else set())))
