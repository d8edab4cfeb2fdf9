"""Times on the command line: a time in ISO 8601, or how long ago."""

from datetime import UTC, datetime, timedelta
from typing import Final

import typer

from inlet_bridge import times

TIME: Final = "A time in ISO 8601, in UTC without an offset, or how long ago, such as 90m or 2d."

_CLOCK_DIFFERENCE: Final = timedelta(hours=1)
"""By how much the clock of this machine may be behind that of the times in logs."""


def past_time(text: str) -> datetime:
    """Read a time, or a duration before now. Raises BadParameter, also for the future."""
    now = datetime.now(UTC)
    try:
        found = times.past_time(text, now)
    except ValueError as exc:
        raise typer.BadParameter(str(exc)) from None
    if found == now:
        raise typer.BadParameter("is a duration of zero; give one such as 90m")
    if found > now + _CLOCK_DIFFERENCE:
        raise typer.BadParameter(f"is in the future; now it is {now:%Y-%m-%dT%H:%M:%S}+00:00")
    return found


def check_period(since: datetime | None, until: datetime | None) -> None:
    """Raise BadParameter if a period ends before it begins."""
    if since and until and since > until:
        raise typer.BadParameter("is later than --until", param_hint="--since")


def searched_from(since: datetime | None) -> str:
    """From when logs were searched; a sentence."""
    if since is None:
        return "The logs are searched back to --since (a day)."
    return f"The logs since {since:%Y-%m-%d %H:%M:%S} UTC were searched (--since)."


def start_of(since: datetime | None) -> datetime:
    """The start of a search of the logs, in UTC: a day ago by default."""
    return since.replace(tzinfo=UTC) if since else datetime.now(UTC) - timedelta(days=1)
