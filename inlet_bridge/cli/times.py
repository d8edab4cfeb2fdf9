"""Times on the command line: a time in ISO 8601, or how long ago."""

from datetime import UTC, datetime, timedelta
from typing import Final

import typer

from inlet_bridge import times

TIME: Final = "A time in ISO 8601, in UTC without an offset, or how long ago, such as 90m or 2d."


def past_time(text: str) -> datetime:
    """Read a time, or a duration before now. Raises BadParameter."""
    try:
        return times.past_time(text, datetime.now(UTC))
    except ValueError as exc:
        raise typer.BadParameter(str(exc)) from None


def check_period(since: datetime | None, until: datetime | None) -> None:
    """Raise BadParameter if a period ends before it begins."""
    if since and until and since > until:
        raise typer.BadParameter("is later than --until", param_hint="--since")


def start_of(since: datetime | None) -> datetime:
    """The start of a search of the logs, in UTC: a day ago by default."""
    return since.replace(tzinfo=UTC) if since else datetime.now(UTC) - timedelta(days=1)
