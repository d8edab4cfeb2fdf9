"""Convert the date formats of providers to RFC 3339, as XDM requires.

XDM's validator accepts `yyyy-MM-dd'T'HH:mm:ss[.f{1,9}](Z|+-HH:mm)` (Adobe's page "Retrieve failed
batches").
"""

import re
from datetime import UTC, datetime

# Seconds reach this in the year 5138, milliseconds passed it in 1973; likewise microseconds, but
# only until 2099: larger numbers of 16 digits are something else, such as card numbers.
_MILLISECONDS_FROM = 100_000_000_000
_MICROSECONDS = range(100_000_000_000_000, 4_102_444_800_000_000)
_NUMBER = re.compile(r"-?\d{1,16}(\.\d{1,9})?")
_ZONE = re.compile(r" ?(UTC|GMT|Z|[+-]\d\d:?\d\d)$", re.IGNORECASE)
# As JavaScript writes dates: GMT+0100. Else it is read as GMT.
_GMT_OFFSET = re.compile(r"\b(?:GMT|UTC)([+-]\d\d):?(\d\d)\b")
# After the time of RFC 2822: nothing, or a zone that `email` knows, then a year or a comment. Of
# anything else, such as CET or PM, `email` would ignore the meaning.
_END = re.compile(
    r"\d\d?:\d\d(:\d\d(\.\d+)?)?( (UTC?|GMT|Z|[ECMP][SD]T|[+-]\d{4}))?( \d{4})?( ?\([^()]*\))?",
    re.IGNORECASE,
)


def from_text(text: str) -> str:
    """Convert ISO 8601, RFC 3339, RFC 2822 or HTTP dates, or Unix time, to UTC.

    A date without a time zone is UTC. Unix time is in seconds, milliseconds or microseconds.

    Raises:
        ValueError: the text is none of these; the message does not quote it.
    """
    text = text.strip()
    if _NUMBER.fullmatch(text):
        number = float(text)
        return from_epoch(number / _units(abs(number)))
    try:
        return rfc3339(datetime.fromisoformat(_ZONE.sub(_offset, text)))
    except (ValueError, OverflowError):
        pass
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 (rarely needed)

    text = _GMT_OFFSET.sub(r"\1\2", text)
    begin = re.search(r"\d\d?:", text)
    if begin is None or not _END.fullmatch(text, begin.start()):
        raise ValueError("is not a date")
    try:
        return rfc3339(parsedate_to_datetime(text))
    except (ValueError, OverflowError, TypeError, IndexError):
        raise ValueError("is not a date") from None


def from_epoch(seconds: float) -> str:
    """Convert Unix time in seconds to UTC. Raises ValueError outside the years 1 to 9999."""
    try:
        return rfc3339(datetime.fromtimestamp(seconds, UTC))
    except (ValueError, OverflowError, OSError):
        raise ValueError("is not a date") from None


def _units(number: float) -> int:
    """How many of the units of a Unix time are a second."""
    if int(number) in _MICROSECONDS:
        return 1_000_000
    return 1_000 if number >= _MILLISECONDS_FROM else 1


def rfc3339(time: datetime) -> str:
    """Format a time in UTC with `Z`, and with microseconds if it has any."""
    if time.tzinfo is None:
        time = time.replace(tzinfo=UTC)
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _offset(zone: re.Match[str]) -> str:
    return "+00:00" if zone[1].upper() in {"UTC", "GMT", "Z"} else zone[1]
