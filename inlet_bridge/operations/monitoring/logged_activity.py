"""Add up the counts that the functions logged, where there are no metrics.

CloudWatch makes the metrics of a deployment of the same lines, which are in its embedded metric
format; the local cloud does not.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bridge.delivery.counts import Count
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.logs.lines import fields_of
from inlet_bridge.operations.monitoring.activity import NAMES, Activity, Numbers
from inlet_bridge.operations.monitoring.time_span import TimeSpan

# Lines with a count; each call of FilterLogEvents returns 10,000 events or 1 MB at most:
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
_PATTERN: Final = "CloudWatchMetrics"
_MOST_CALLS: Final = 20
_FIRST_WINDOW: Final = timedelta(minutes=5)
_GROWTH: Final = 4


def logged_activity(deployed: Deployed, span: TimeSpan, now: datetime) -> Activity:
    """Add up what the receiver and the forwarder logged, newest first, in at most 20 calls.

    `Activity.since` says how far that reached.

    Raises:
        ClientError, BotoCoreError, OperationError: the logs cannot be read.
    """
    counts: dict[str, dict[Count, list[int | None]]] = {}
    end, window, calls = now + timedelta(seconds=1), _FIRST_WINDOW, _MOST_CALLS
    while end > span.start:
        start = max(end - window, span.start)
        found: list[tuple[datetime, Mapping[str, Any]]] = []
        for group in (deployed.receiver_logs, deployed.forwarder_logs):
            calls -= _read(deployed, group, (start, end), calls, found)
        if calls < 0:
            break
        for at, fields in found:
            _add(counts, span, at, fields)
        end, window = start, window * _GROWTH
    complete: dict[str, dict[Count, Numbers]] = {name: {**each} for name, each in counts.items()}
    return Activity(span, complete, end, from_logs=True)


def _read(
    deployed: Deployed,
    group: str,
    window: tuple[datetime, datetime],
    most: int,
    found: list[tuple[datetime, Mapping[str, Any]]],
) -> int:
    """Read a window of a group; the number of calls, which is more than `most` if it has more."""
    start, end = (int(each.timestamp() * 1_000) for each in window)
    asked: dict[str, Any] = {"logGroupName": group, "filterPattern": _PATTERN}
    for calls in range(1, most + 1):
        page = deployed.logs.filter_log_events(startTime=start, endTime=end - 1, **asked)
        for event in page["events"]:
            at = datetime.fromtimestamp(event["timestamp"] / 1_000, UTC)
            found += ((at, fields) for fields in _documents(event["message"]))
        if not (token := page.get("nextToken")):
            return calls
        asked["nextToken"] = token
    return most + 1


def _documents(message: str) -> Iterator[Mapping[str, Any]]:
    for text in message.splitlines():
        if (fields := fields_of(text)) and "_aws" in fields:
            yield fields


def _add(
    counts: dict[str, dict[Count, list[int | None]]],
    span: TimeSpan,
    at: datetime,
    fields: Mapping[str, Any],
) -> None:
    source, index = fields.get("source"), span.index(at)
    if not isinstance(source, str) or index is None:
        return
    for name in NAMES:
        number = sum(each for each in _list(fields.get(name)) if isinstance(each, int | float))
        if number:
            of_source = counts.setdefault(source, {each: [0] * span.number for each in NAMES})
            of_source[name][index] = (of_source[name][index] or 0) + round(number)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
