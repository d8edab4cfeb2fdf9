"""Name the function of an expression that converts a value to the type that its schema wants."""

import re
from typing import Final

MISMATCH: Final = re.compile(r"type at (\S+): expected ([a-z ]+), got ([a-z]+)$")
"""The place, the types that are expected and the one of a value, at the end of a reason."""

_TO_TEXT: Final = "to_string() converts it"
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
    ("string", "integer"): "number() converts it",
    ("string", "number"): "number() converts it",
    ("number", "integer"): "floor() or ceil() makes a whole number of it",
    ("array", "integer"): _ITEM,
    ("array", "number"): _ITEM,
    ("array", "object"): _ITEM,
    ("string", "boolean"): "value == 'true' makes a boolean of it",
    ("integer", "boolean"): "value == `1` makes a boolean of it",
    ("string", "object"): "parse_json() reads a text of JSON",
    **{(given, "array"): _LIST for given in ("string", "integer", "number", "boolean", "object")},
}


def with_conversion(reason: str) -> str:
    """The reason of a message that does not fit its schema, with what converts the value.

    Any other reason is returned as it is.
    """
    found = MISMATCH.search(reason)
    if found is None:
        return reason
    expected, given = found[2].split(" or "), found[3]
    way = next((_WAYS[given, each] for each in expected if (given, each) in _WAYS), "")
    return f"{reason}; in a Map, {way}" if way else reason
