"""Times on the command line: a time in ISO 8601, or how long ago."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

import typer

_DURATION: Final = re.compile(r"(?:(\d{1,5})d)?(?:(\d{1,6})h)?(?:(\d{1,7})m)?(?:(\d{1,8})s)?")
TIME: Final = "A time in ISO 8601, in UTC without an offset, or how long ago, such as 90m or 2d."


def past_time(text: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> datetime:
    """Read a time, or a duration before now. Raises BadParameter."""
    found = _DURATION.fullmatch(text)
    try:
        if text and found:
            days, hours, minutes, seconds = (int(each or 0) for each in found.groups())
            return now() - timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        time = datetime.fromisoformat(text)
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise typer.BadParameter(
            "must be a time such as 2026-11-28T12:00:00, or a duration such as 90m or 2d"
        ) from None


def check_period(since: datetime | None, until: datetime | None) -> None:
    """Raise BadParameter if a period ends before it begins."""
    if since and until and since > until:
        raise typer.BadParameter("is later than --until", param_hint="--since")


def start_of(since: datetime | None) -> datetime:
    """The start of a search of the logs, in UTC: a day ago by default."""
    return since.replace(tzinfo=UTC) if since else datetime.now(UTC) - timedelta(days=1)
