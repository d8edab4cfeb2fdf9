"""Read the lines that functions logged."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from inlet_bridge.operations.deployed import Deployed

# Text that JSON does not escape and a filter pattern may quote; and text that needs no quotes:
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
_QUOTABLE: Final = re.compile(r"[A-Za-z0-9_.:/+=@#-]+")
_PLAIN: Final = re.compile(r"[A-Za-z0-9_]+")
# A pattern has at most 1,024 characters, and senders choose IDs of any length:
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
_MOST_CHARACTERS: Final = 400


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of Powertools' logger.

    Attributes:
        event: identifies the line: CloudWatch's ID of its event, its time and its content, since
            the IDs of the local cloud repeat.
    """

    event: str
    at: datetime
    fields: Mapping[str, Any]


def logged_lines(
    deployed: Deployed, group: str, pattern: str, start: datetime, end: datetime
) -> Iterator[LogLine]:
    """The lines of a group from `start` until before `end`, in the order of time.

    Args:
        deployed: the stack.
        group: name of the log group.
        pattern: a filter of CloudWatch Logs; empty for all lines.
        start: aware.
        end: aware.
    """
    for page in pages_of(deployed, group, pattern, start, end):
        for event in page["events"]:
            yield from lines_of(event)


def pages_of(
    deployed: Deployed, group: str, pattern: str, start: datetime, end: datetime
) -> Iterable[Mapping[str, Any]]:
    """The pages of `logged_lines`, each of which is a call to CloudWatch Logs."""
    pages: Iterable[Mapping[str, Any]] = deployed.logs.get_paginator("filter_log_events").paginate(
        logGroupName=group,
        filterPattern=pattern,
        startTime=milliseconds(start),
        endTime=max(milliseconds(end) - 1, 0),
    )
    return pages


def lines_of(event: Mapping[str, Any]) -> Iterator[LogLine]:
    """The lines of an event of CloudWatch Logs that are JSON objects."""
    at = moment(event["timestamp"])
    for number, text in enumerate(event["message"].splitlines()):
        if fields := fields_of(text):
            place = (event.get("eventId", ""), event["timestamp"], number, hash(text))
            yield LogLine("/".join(map(str, place)), at, fields)


def quotable(term: str) -> str:
    """A term of a filter pattern for lines with this text, or with a part of it; may be empty."""
    if _QUOTABLE.fullmatch(term):
        return f'"{term[:_MOST_CHARACTERS]}"'
    return max(_PLAIN.findall(term), key=len, default="")[:_MOST_CHARACTERS]


def fields_of(text: str) -> Mapping[str, Any] | None:
    """The fields of a line; None if it is not an object of JSON."""
    try:
        line = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return line if isinstance(line, dict) else None


def milliseconds(at: datetime) -> int:
    """The time of CloudWatch Logs, since 1970, which has no earlier one."""
    return max(round(at.timestamp() * 1_000_000) // 1_000, 0)


def moment(at: int) -> datetime:
    """The inverse of `milliseconds`."""
    return datetime.fromtimestamp(at / 1_000, UTC)
