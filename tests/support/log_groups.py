"""CloudWatch Logs in memory, for more lines than moto can search; it counts what is asked."""

import json
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

_MOST_EVENTS: Final = 10_000
_MOST_BYTES: Final = 1_000_000


@dataclass
class LogGroups:
    """The client for logs, with the documented behavior of FilterLogEvents.

    https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html:
    the oldest events first, at most `limit`, 10,000 or 1 MB on a page, and perhaps a page that has
    fewer events than that, or none, with a token for the next one.

    Attributes:
        calls: the parameters of every request.
        scanned: how many events are searched for one page.
    """

    scanned: int = 1_000_000
    calls: list[dict[str, Any]] = field(default_factory=list)
    _times: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _messages: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def log(self, group: str, at: datetime, *lines: dict[str, Any]) -> None:
        """Let a function have logged lines."""
        self.add(group, ((at, line) for line in lines))

    def add(self, group: str, lines: Iterable[tuple[datetime, dict[str, Any]]]) -> None:
        """Add lines with their times."""
        times, messages = self._times[group], self._messages[group]
        for at, line in lines:
            millisecond = int(at.timestamp() * 1_000)
            place = bisect_right(times, millisecond)
            times.insert(place, millisecond)
            messages.insert(place, json.dumps(line))

    def filter_log_events(
        self,
        *,
        logGroupName: str,  # noqa: N803 (AWS's names)
        filterPattern: str = "",  # noqa: N803
        startTime: int,  # noqa: N803
        endTime: int,  # noqa: N803
        limit: int = _MOST_EVENTS,
        nextToken: str | None = None,  # noqa: N803
    ) -> dict[str, Any]:
        """A page of events."""
        self.calls.append({"group": logGroupName, "start": startTime, "end": endTime})
        times, messages = self._times[logGroupName], self._messages[logGroupName]
        begin = bisect_left(times, startTime) if nextToken is None else int(nextToken)
        end = bisect_right(times, endTime)
        events: list[dict[str, Any]] = []
        place, size = begin, 0
        while place < min(end, begin + self.scanned) and len(events) < limit:
            message = messages[place]
            size += len(message)
            if size > _MOST_BYTES:
                break
            if matches(filterPattern, message):
                events.append({"timestamp": times[place], "message": message, "eventId": place})
            place += 1
        return {"events": events, **({"nextToken": str(place)} if place < end else {})}


def matches(pattern: str, message: str) -> bool:
    """A text pattern: all terms, and none that begins with a hyphen.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
    """
    for term in pattern.split():
        if term.startswith("-"):
            if term[1:].strip('"') in message:
                return False
        elif term.strip('"') not in message:
            return False
    return True
