"""Compute how long to wait before another attempt: exponential back-off, or `Retry-After`."""

from datetime import UTC, datetime, timedelta

# Caps the exponent: the longest pause is reached before.
_MAX_DOUBLINGS = 20
# Of seconds: 30 years.
_MOST_DIGITS = 9


def backoff_ceiling[T: (float, timedelta)](attempt: int, first: T, longest: T) -> T:
    """The longest pause after a failed attempt; multiply it by a random number for full jitter.

    https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/

    Args:
        attempt: the number of failed attempts, from 1.
        first: the ceiling after the first one.
        longest: the upper bound.
    """
    return min(first * (1 << min(attempt - 1, _MAX_DOUBLINGS)), longest)


def retry_after_of(value: str, now: datetime) -> timedelta | None:
    """Return the wait of a `Retry-After`: seconds or a date (RFC 9110, 10.2.3), never negative.

    Seconds with a fraction, which some gateways send, are rounded up. None for any other value.

    Args:
        value: of the header.
        now: for a date; aware.
    """
    value = value.strip()
    whole, point, fraction = value.partition(".")
    if value.isascii() and whole.isdecimal() and fraction.isdecimal() == bool(point):
        return timedelta(
            seconds=int((whole.lstrip("0") or "0")[:_MOST_DIGITS]) + bool(fraction.strip("0"))
        )
    if not value:
        return None
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 (rarely needed)

    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return max(moment.replace(tzinfo=moment.tzinfo or UTC) - now, timedelta(0))
