"""How the functions of expressions are called; loaded only for a call that is invalid.

JMESPath's own are named as in https://jmespath.org/specification.html#built-in-functions.
"""

from collections.abc import Mapping
from typing import Final

_CALLS: Final = (
    *("abs(number)", "avg(numbers)", "base64_decode(text)", "base64url_decode(text)"),
    *("ceil(number)", "compact(list)", "contains(list, value)", "date(text)"),
    *("date_from_milliseconds(number)", "date_from_seconds(number)", "default(value, fallback)"),
    *("ends_with(text, end)", "first(list)", "floor(number)", "hex(text)", "hex_decode(text)"),
    *("join(separator, texts)", "keys(object)", "length(list)", "lower(text)"),
    *("map(&expression, list)", "max(list)", "max_by(list, &expression)", "merge(object, object)"),
    *("min(list)", "min_by(list, &expression)", "money(minor, currency)", "not_null(a, b)"),
    *("number(text)", "parse_json(text)", "reverse(list)", "sha256(text)", "sort(list)"),
    *("sort_by(list, &expression)", "starts_with(text, beginning)", "sum(numbers)"),
    *("to_array(value)", "to_number(value)", "to_string(value)", "trim(text)", "type(value)"),
    *("upper(text)", "url_decode(text)", "values(object)"),
)
SIGNATURES: Final[Mapping[str, str]] = {each.partition("(")[0]: each for each in _CALLS}
"""A call of each function, by its name."""
