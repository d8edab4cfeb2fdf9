"""The text of a violation.

Published: `type`, `pattern`, `format` of date-time, extraneous and required keys. The others are
those of https://github.com/everit-org/json-schema, which the published ones come from.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from jsonschema.exceptions import ValidationError

from adobe_emulator.formats import EXPECTED

_LARGEST_INTEGER: Final = 2**31 - 1
_EXPECTED_TYPES: Final = {
    "string": "String",
    "integer": "Integer",
    "number": "Number",
    "boolean": "Boolean",
    "object": "JSONObject",
    "array": "JSONArray",
    "null": "Null",
}

_FOUND_TYPES: Final[Mapping[type, str]] = {
    type(None): "Null",
    bool: "Boolean",
    float: "BigDecimal",
    str: "String",
    list: "JSONArray",
    dict: "JSONObject",
}


def text_of(keyword: str, error: ValidationError) -> str:
    """The text of an error; it contains the value, as Adobe's does."""
    write = _TEXTS.get(keyword)
    return write(error.instance, error.validator_value) if write else error.message


def _type(value: Any, wanted: Any) -> str:
    names = [wanted] if isinstance(wanted, str) else list(wanted)
    expected = ", ".join(_EXPECTED_TYPES.get(name, name) for name in names)
    return f"expected type: {expected}, found: {_found(value)}"


def _found(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return "Integer" if abs(value) <= _LARGEST_INTEGER else "Long"
    return _FOUND_TYPES[type(value)]


def _format(value: Any, wanted: Any) -> str:
    expected = f". Expected {EXPECTED[wanted]}" if wanted in EXPECTED else ""
    return f"[{value}] is not a valid {wanted}{expected}"


_TEXTS: Final[Mapping[str, Callable[[Any, Any], str]]] = {
    "type": _type,
    "format": _format,
    "pattern": lambda value, wanted: f"string [{value}] does not match pattern {wanted}",
    "enum": lambda value, _: f"{value} is not a valid enum value",
    "const": lambda *_: "value does not match the constant",
    "minimum": lambda value, wanted: f"{value} is not greater or equal to {wanted}",
    "maximum": lambda value, wanted: f"{value} is not less or equal to {wanted}",
    "exclusiveMinimum": lambda value, wanted: f"{value} is not greater than {wanted}",
    "exclusiveMaximum": lambda value, wanted: f"{value} is not less than {wanted}",
    "multipleOf": lambda value, wanted: f"{value} is not a multiple of {wanted}",
    "minLength": lambda value, wanted: f"expected minLength: {wanted}, actual: {len(value)}",
    "maxLength": lambda value, wanted: f"expected maxLength: {wanted}, actual: {len(value)}",
    "minItems": lambda value, wanted: f"expected minimum item count: {wanted}, found: {len(value)}",
    "maxItems": lambda value, wanted: f"expected maximum item count: {wanted}, found: {len(value)}",
    "uniqueItems": lambda *_: "array items are not unique",
}
