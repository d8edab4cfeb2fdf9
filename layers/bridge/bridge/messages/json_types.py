"""Name the types that a value should have and has, never the value."""

from collections.abc import Sequence
from typing import Any, Final

from bridge.json_numbers import JsonNumber

_NAMES: Final[dict[type, str]] = {
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    dict: "object",
    list: "array",
    type(None): "null",
}


def type_mismatch(expected: Sequence[str], value: Any) -> str:
    """Describe a wrong type: `expected integer, got string`.

    Args:
        expected: names of types of JSON Schema.
        value: of JSON; a number that is written with a fraction or an exponent is no integer.
    """
    return f"expected {' or '.join(expected)}, got {_type_name(value)}"


def with_article(value: Any) -> str:
    """The type of a value of JSON in a sentence: `an object`, `a string` or `null`."""
    name = _type_name(value)
    article = "an " if name[0] in "aio" else "a "
    return name if value is None else f"{article}{name}"


def _type_name(value: Any) -> str:
    if isinstance(value, JsonNumber):
        return "integer" if value.is_written_as_integer else "number"
    return _NAMES[type(value)]
