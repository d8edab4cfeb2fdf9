"""Check the formats of JSON Schema, each by its own standard and without optional packages.

Which formats Adobe enforces besides `date-time` is not published; here all of XDM's are. The
spelling of `date-time` is from "Retrieving failed batches using the Data Access API".
"""

import ipaddress
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

from jsonschema import FormatChecker

_XDM_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
_URI_CHARACTERS: Final = re.compile(r"([A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST: Final = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_EMAIL: Final = re.compile(rf"{_ATOM}(\.{_ATOM})*@{_LABEL}(\.{_LABEL})+")
_LONGEST_EMAIL: Final = 254
_LONGEST_HOST: Final = 253


def _is_date_time(text: str) -> bool:
    if not _XDM_TIME.fullmatch(text):
        return False
    # Python reads six digits of a second.
    return _is_readable(datetime.fromisoformat, re.sub(r"\.\d+", "", text))


def _is_date(text: str) -> bool:
    return _DATE.fullmatch(text) is not None and _is_readable(date.fromisoformat, text)


def _is_uri_reference(text: str) -> bool:
    return _URI_CHARACTERS.fullmatch(text) is not None


def _is_uri(text: str) -> bool:
    return _SCHEME.match(text) is not None and _is_uri_reference(text)


def _is_email(text: str) -> bool:
    return len(text) <= _LONGEST_EMAIL and _EMAIL.fullmatch(text) is not None


def _is_hostname(text: str) -> bool:
    return len(text) <= _LONGEST_HOST and _HOST.fullmatch(text) is not None


def _is_ipv4(text: str) -> bool:
    return _is_readable(ipaddress.IPv4Address, text)


def _is_ipv6(text: str) -> bool:
    return "%" not in text and _is_readable(ipaddress.IPv6Address, text)


def _is_readable(read: Callable[[str], Any], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


EXPECTED: Final = {
    "date-time": "[yyyy-MM-dd'T'HH:mm:ssZ, yyyy-MM-dd'T'HH:mm:ss.[0-9]{1,9}Z,"
    " yyyy-MM-dd'T'HH:mm:ss[+-]HH:mm, yyyy-MM-dd'T'HH:mm:ss.[0-9]{1,9}[+-]HH:mm]",
    "date": "[yyyy-MM-dd]",
}
"""What the message of the validation expects, by format."""

_CHECKS: Final = {
    "date-time": _is_date_time,
    "date": _is_date,
    "uri": _is_uri,
    "url": _is_uri,
    "uri-reference": _is_uri_reference,
    "email": _is_email,
    "hostname": _is_hostname,
    "ipv4": _is_ipv4,
    "ipv6": _is_ipv6,
}


def _checker() -> FormatChecker:
    checker = FormatChecker(formats=())
    for name, check in _CHECKS.items():
        checker.checkers = {**checker.checkers, name: (_of_text(check), ())}
    return checker


def _of_text(check: Callable[[str], bool]) -> Callable[[object], bool]:
    return lambda value: not isinstance(value, str) or check(value)


CHECKER: Final = _checker()
"""Of texts; other values have no format."""
