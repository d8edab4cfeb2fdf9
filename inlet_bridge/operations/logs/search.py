"""Search the newest lines of log groups in a bounded number of requests.

FilterLogEvents returns the oldest events of a time range first, so the range is searched in windows
that reach further and further back. A page may have fewer events than its limit, or none, and a
token for the next: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
So a window with more than a page of lines is not read to its end: it is made shorter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.logs.lines import LogLine, lines_of, milliseconds, moment

MOST_CALLS: Final = 40
"""Requests of one search: 20 windows of two groups. A region allows 25 a second, or fewer:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html"""
FIRST_WINDOW_MS: Final = 300_000
_PAGE_EVENTS: Final = 1_000
# Pages of one window and group. CloudWatch returns a page without events after it has scanned for
# some time.
_MOST_PAGES: Final = 3
_GROWTH: Final = 8.0
# After a window was too long.
_SLOW_GROWTH: Final = 2.0
# A part of a window that may be free of lines: after it, they are dense.
_GAP: Final = 8
# Less than a page, since the lines are not spread evenly.
_GOOD_EVENTS: Final = 500


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A line with the name of its log group."""

    group: str
    line: LogLine


@dataclass(frozen=True, slots=True)
class _Pages:
    """The events of one group and window: how many were read, and between which times, if not all.

    Attributes:
        span: the times of the first and the last event, if there are others after them.
    """

    lines: Sequence[FoundLine]
    events: int
    span: tuple[int, int] | None = None


class LogSearch:
    """One search, from its end to its start.

    Attributes:
        calls: how many requests were made.
    """

    def __init__(
        self,
        deployed: Deployed,
        patterns: Mapping[str, str],
        since: datetime,
        until: datetime,
        most_calls: int = MOST_CALLS,
    ) -> None:
        """Search from `until`, which is excluded, back to `since`.

        Args:
            deployed: the stack.
            patterns: a filter of CloudWatch Logs for the name of each group; empty for all lines.
            since: aware.
            until: aware.
            most_calls: how many requests are made at most.
        """
        self.calls = 0
        self._logs = deployed.logs
        self._patterns = patterns
        self._since = milliseconds(since)
        self._reached = max(milliseconds(until), self._since)
        self._most_calls = most_calls
        self._length: float = FIRST_WINDOW_MS
        self._longest = float("inf")
        self._growth = _GROWTH
        self._known = self._dense = -1
        self._skips = 0
        self._missing = 0

    @property
    def reached(self) -> datetime:
        """Everything from this time on was read."""
        return moment(self._reached)

    @property
    def is_complete(self) -> bool:
        """Whether everything was read."""
        return self._reached <= self._since

    def older(self, missing: int) -> list[FoundLine] | None:
        """The lines of the next window, newest first; None at the start, and at the bound.

        Args:
            missing: how many results the caller still needs, for the length of the window.
        """
        self._grow(missing)
        while not self.is_complete and self.calls + len(self._patterns) <= self._most_calls:
            start = max(self._since, self._reached - max(int(self._length), 1))
            if start <= self._dense < self._reached - 1:
                start = self._dense + 1
            read = self._window(start)
            if read is None:
                continue
            self._length = self._reached - start
            self._reached = start
            most = max(pages.events for pages in read)
            if start == self._dense + 1 > self._known + 1:
                # The end of the burst was skipped: it is between the two.
                self._dense, self._skips, self._missing = self._known, 0, 0
                self._length = self._reached - self._known
                self._longest = float("inf")
                return _newest_first(read)
            # No window is so long that a page of its lines would probably not be enough.
            self._longest = self._length * _GOOD_EVENTS / most if most else float("inf")
            return _newest_first(read)
        return None

    def _grow(self, missing: int) -> None:
        """Choose the next window by what the last one has found."""
        if self._missing:
            gained = self._missing - missing
            factor = max(1.5 * missing / gained, 1.0) if gained > 0 else self._growth
            factor = min(factor, self._growth)
            self._growth = min(self._growth * 2, _GROWTH)
            self._length = min(self._length * factor, max(self._longest, 1.0))
        self._missing = missing

    def _window(self, start: int) -> list[_Pages] | None:
        """The pages of all groups; None if they were too many and the window is made shorter."""
        read = []
        for group, pattern in self._patterns.items():
            pages = self._pages(group, pattern, start)
            if pages.span and self._reached - start > 1:
                self._shorten(start, pages)
                return None
            read.append(pages)
        return read

    def _pages(self, group: str, pattern: str, start: int) -> _Pages:
        asked: dict[str, Any] = {
            "logGroupName": group,
            "filterPattern": pattern,
            "startTime": start,
            "endTime": self._reached - 1,
            "limit": _PAGE_EVENTS,
        }
        lines: list[FoundLine] = []
        events, first, last = 0, self._reached, start
        for _ in range(_MOST_PAGES):
            if self.calls >= self._most_calls:
                break
            self.calls += 1
            answer = self._logs.filter_log_events(**asked)
            for event in answer["events"]:
                first, last = min(first, event["timestamp"]), max(last, event["timestamp"])
                lines += (FoundLine(group, line) for line in lines_of(event))
            events += len(answer["events"])
            asked["nextToken"] = answer.get("nextToken")
            # The local cloud returns no token.
            if not asked["nextToken"] and len(answer["events"]) < _PAGE_EVENTS:
                return _Pages(lines, events)
            if events >= _GOOD_EVENTS or not asked["nextToken"]:
                break
        return _Pages(lines, events, (first, last))

    def _shorten(self, start: int, pages: _Pages) -> None:
        """Choose a shorter window by the lines that were read, the oldest ones of this window."""
        length, (first, last) = self._reached - start, pages.span or (start, start)
        skipped = last + (last - first + 1) * (2**self._skips - 1)
        self._growth = _SLOW_GROWTH
        if not pages.events:
            self._length = length / _GROWTH
        elif last == self._reached - 1:
            self._length = 1
        elif start == self._dense + 1 and skipped < self._reached - 1:
            # In a burst, whose end is unknown: skip ever more of it.
            self._skips += 1
            self._known, self._dense = last, skipped
        else:
            by_density = (last - first + 1) * _GOOD_EVENTS / 2 / pages.events
            self._length = max(min(by_density, length / 2), (self._reached - last) / _GAP)
            # The next windows end before it, or they would be too long again.
            self._known = self._dense = last
            self._skips = 0


def _newest_first(read: Sequence[_Pages]) -> list[FoundLine]:
    found = [line for pages in read for line in pages.lines]
    # Of lines at the same time, the last one counts.
    return sorted(found, key=lambda each: each.line.at)[::-1]
