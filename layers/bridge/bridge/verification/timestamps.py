"""Check and parse timestamps."""

from datetime import UTC, datetime

from bridge.errors import InvalidSignatureError
from bridge.verification.scheme_parameters import Timestamp, TimeUnit

_DIGITS_OF_MILLISECONDS = 12  # Seconds have 10, until the year 2286.
_DECADES = 20 * 365 * 86_400  # In seconds.
_IN_WORDS = ("seconds", "milliseconds")
_MAX_DIGITS = 15  # Milliseconds until the year 33,658.


def check_timestamp(rule: Timestamp, text: str, now: datetime) -> None:
    """Check that a timestamp has the format of its unit and is within the tolerance.

    The format is checked even without a tolerance: otherwise bytes could move between timestamp
    and body under the same signature.

    Raises:
        InvalidSignatureError: the timestamp is invalid or out of tolerance.
    """
    if rule.unit == "text" and text:
        return
    signed = epoch_seconds(text, rule.unit)
    if signed is None:
        place = "in the signature" if rule.from_ == "signature" else rule.from_
        text = f"the timestamp is missing or not in the unit {rule.unit}: {place}"
        raise InvalidSignatureError(text)
    age = now.timestamp() - signed
    if rule.past_seconds is not None and not _is_young(rule, age, rule.past_seconds):
        unit = _other_unit(rule.unit, "ms", age)
        raise InvalidSignatureError(f"signed more than {rule.past_seconds} s ago{unit}")
    if rule.future_seconds is not None and -age > rule.future_seconds:
        unit = _other_unit(rule.unit, "s", -age)
        raise InvalidSignatureError(f"signed more than {rule.future_seconds} s in the future{unit}")


def _other_unit(unit: TimeUnit, mistaken: TimeUnit, difference: float) -> str:
    """Whether a number far from now, by `difference` in seconds, may have another unit.

    Seconds that are read as milliseconds lie in 1970, milliseconds as seconds after the year 3000.
    """
    if unit != mistaken or difference < _DECADES:
        return ""
    given, expected = _IN_WORDS if unit == "ms" else reversed(_IN_WORDS)
    return f"; the timestamp may be in {given} instead of {expected}"


def signed_text(rule: Timestamp, text: str) -> str:
    """The timestamp as it is signed: a text that was checked, or the number in it."""
    return str(int(text)) if rule.numeric else text


def _is_young(rule: Timestamp, age: float, limit: int) -> bool:
    return age <= limit if rule.inclusive else age < limit


def epoch_seconds(text: str, unit: TimeUnit) -> float | None:
    """Parse a timestamp, or return None when it has another format."""
    if unit == "text":
        return None
    if unit == "iso8601":
        try:
            time = datetime.fromisoformat(text)
        except ValueError:
            return None
        # A time without an offset is ambiguous.
        return None if time.tzinfo is None else time.timestamp()
    if not (text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS):
        return None
    return int(text) / 1000 if unit == "ms" else float(text)


def instant(text: str) -> datetime | None:
    """Parse a timestamp of any unit; None when it has none of the formats."""
    unit: TimeUnit = "iso8601"
    if text.isdecimal():
        unit = "s" if len(text.lstrip("0")) < _DIGITS_OF_MILLISECONDS else "ms"
    try:
        seconds = epoch_seconds(text, unit)
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
