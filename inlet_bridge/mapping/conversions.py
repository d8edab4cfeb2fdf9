"""Name the function of an expression that converts a value to the type that its schema wants."""

import re
from typing import Any, Final

from bridge.messages.dates import from_text
from bridge.messages.decimals import decimal_of

MISMATCH: Final = re.compile(r"type at (\S+): expected ([a-z ]+), got ([a-z]+)$")
"""The place, the types that are expected and the one of a value, at the end of a reason."""

NO_DATE_TIME: Final = re.compile(r"format date-time at (\S+); write it as in \S+$")
"""The place of a text that is no date-time, at the end of a reason."""

_EVENT_TIME: Final = "timestamp"
_TO_DATE: Final = "date() makes a date-time of it"
_NO_DATE: Final = (
    "; date() does not read this text: it reads ISO 8601, RFC 2822 and HTTP dates, and digits since"
    " 1970"
)
_TO_TEXT: Final = "to_string() converts it"
_TO_NUMBER: Final = "number() converts it"
_ITEM: Final = "first() takes an item of it"
_LIST: Final = "[value] makes a list of it"
_WAYS: Final = {
    ("integer", "string"): (
        f"{_TO_TEXT}, and date_from_seconds() or date_from_milliseconds() makes a date of it"
    ),
    ("number", "string"): f"{_TO_TEXT}, and date_from_seconds() makes a date of it",
    ("boolean", "string"): _TO_TEXT,
    ("array", "string"): "join() or first() makes a text of it",
    ("object", "string"): "name one of its fields",
    ("string", "integer"): _TO_NUMBER,
    ("string", "number"): _TO_NUMBER,
    ("number", "integer"): "floor() or ceil() makes a whole number of it",
    ("array", "integer"): _ITEM,
    ("array", "number"): _ITEM,
    ("array", "object"): _ITEM,
    ("string", "boolean"): "value == 'true' makes a boolean of it",
    ("integer", "boolean"): "value == `1` makes a boolean of it",
    ("string", "object"): "parse_json() reads a text of JSON",
    **{(given, "array"): _LIST for given in ("string", "integer", "number", "boolean", "object")},
}


def with_conversion(reason: str, value: Any = None) -> str:
    """The reason of a message that does not fit its schema, with what converts the value.

    Any other reason is returned as it is.

    Args:
        reason: of the message.
        value: that does not fit; None if it is not known.
    """
    if NO_DATE_TIME.search(reason):
        return reason + _to_date_time(value)
    found = MISMATCH.search(reason)
    if found is None:
        return reason
    expected, given = found[2].split(" or "), found[3]
    way = next((_WAYS[given, each] for each in expected if (given, each) in _WAYS), "")
    if found[1] == _EVENT_TIME and given in {"integer", "number"}:
        way = _TO_DATE
    if way == _TO_NUMBER and not isinstance(value, str):
        way += ", if the text is a number"
    elif way == _TO_NUMBER and not _is_number(value):
        way = ""
    return f"{reason}; in a Map, {way}" if way else reason


def _to_date_time(value: Any) -> str:
    """What makes a date-time of a text; empty if the text is not known."""
    if not isinstance(value, str):
        return ""
    try:
        from_text(value)
    except ValueError:
        return _NO_DATE
    return f"; in a Map, {_TO_DATE}"


def _is_number(text: str) -> bool:
    try:
        decimal_of(text)
    except ValueError:
        return False
    return True
