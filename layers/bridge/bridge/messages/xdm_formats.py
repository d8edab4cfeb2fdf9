"""The formats of texts in XDM schemas, and what becomes of a message that violates one.

Adobe publishes that streaming ingestion validates formats ("Streaming ingestion validation"), but
of which formats only in part. A format that Adobe documents as binding is refused; of any other,
the message is sent with a warning.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

_STREAMING: Final = (
    "https://experienceleague.adobe.com/en/docs/experience-platform/ingestion/quality/"
)
_XDM: Final = "https://experienceleague.adobe.com/en/docs/experience-platform/xdm/schema/"

# yyyy-MM-dd'T'HH:mm:ss, a fraction of 1 to 9 digits, and Z or an offset. Of these Java, whose
# patterns Adobe's message has, reads up to 18:00 (`java.time.ZoneOffset`).
_DATE_TIME: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]{1,9})?"
    r"(Z|[+-]((0[0-9]|1[0-7]):[0-5][0-9]|18:00))"
)
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# What RFC 3986 allows in a URI or a reference, without its structure; "%" only before two digits.
_URI_CHARACTERS: Final = r"(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*"
_URI: Final = re.compile(rf"[A-Za-z][A-Za-z0-9+.-]*:{_URI_CHARACTERS}")
_URI_REFERENCE: Final = re.compile(_URI_CHARACTERS)
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOSTNAME: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_TIME: Final = re.compile(
    r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_BYTE: Final = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4: Final = re.compile(rf"{_BYTE}(?:\.{_BYTE}){{3}}")


@dataclass(frozen=True, slots=True)
class Format:
    """One format.

    Attributes:
        verdict: `refuse` a message that violates it, or send it and `warn`.
        source: the page that documents it; empty if Adobe does not document that it is enforced.
        is_valid: whether a text has the format.
        example: a text that has it.
    """

    verdict: Literal["refuse", "warn"]
    source: str
    is_valid: Callable[[str], bool]
    example: str


def _is_date_time(text: str) -> bool:
    parts = _DATE_TIME.fullmatch(text)
    return parts is not None and _is_real(datetime.fromisoformat, parts[1])


def _is_date(text: str) -> bool:
    return _DATE.fullmatch(text) is not None and _is_real(date.fromisoformat, text)


def _is_real(read: Callable[[str], object], text: str) -> bool:
    """Whether a date exists: Adobe rejects 2018-00-23."""
    try:
        read(text)
    except ValueError:
        return False
    return True


def _matches(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda text: pattern.fullmatch(text) is not None


def _is_ipv6(text: str) -> bool:
    from ipaddress import IPv6Address  # noqa: PLC0415 (few schemas have it)

    try:
        IPv6Address(text)
    except ValueError:
        return False
    return "%" not in text


FORMATS: Final[Mapping[str, Format]] = {
    # With the accepted forms in the error message of its example.
    "date-time": Format(
        "refuse", f"{_STREAMING}retrieve-failed-batches", _is_date_time, "2026-03-14T09:20:04Z"
    ),
    # "All date-formatted strings must conform to the ISO 8601 standard (RFC 3339, section 5.6)".
    "date": Format("refuse", f"{_XDM}field-constraints", _is_date, "2026-03-14"),
    "uri": Format("warn", "", _matches(_URI), "https://example.com/a"),
    # No format of JSON Schema; XDM's schemas have it.
    "url": Format("warn", "", _matches(_URI), "https://example.com/a"),
    "uri-reference": Format("warn", "", _matches(_URI_REFERENCE), "/a?b=c"),
    "email": Format("warn", "", _matches(_EMAIL), "ada@example.com"),
    "hostname": Format("warn", "", _matches(_HOSTNAME), "example.com"),
    "time": Format("warn", "", _matches(_TIME), "09:20:04"),
    "ipv4": Format("warn", "", _matches(_IPV4), "192.0.2.1"),
    "ipv6": Format("warn", "", _is_ipv6, "2001:db8::1"),
}
"""By the name in a schema; any other format is not checked."""
