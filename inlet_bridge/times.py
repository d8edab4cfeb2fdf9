"""Times that a user gives: in ISO 8601, or how long ago."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

_DURATION: Final = re.compile(r"(?:(\d{1,5})d)?(?:(\d{1,6})h)?(?:(\d{1,7})m)?(?:(\d{1,8})s)?")


def past_time(text: str, now: datetime) -> datetime:
    """Read a time, or a duration before now. Raises ValueError: what it must be."""
    found = _DURATION.fullmatch(text)
    try:
        if text and found:
            days, hours, minutes, seconds = (int(each or 0) for each in found.groups())
            return now - timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        time = datetime.fromisoformat(text)
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(
            "must be a time such as 2026-11-28T12:00:00, or a duration such as 90m or 2d"
        ) from None
