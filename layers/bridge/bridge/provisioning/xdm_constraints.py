"""Reduce an XDM schema to what constrains a message, for `bridge.messages.xdm_check`.

Titles, descriptions and what is malformed are left out, and of `meta:` all but the range of
`meta:xdmType`; so are keywords that XDM's own schemas hardly use (`patternProperties`,
`dependencies`): Adobe checks those.
"""

import json
import re
import warnings
from collections.abc import Callable, Mapping
from typing import Any, Final

from bridge.messages.xdm_value_checks import compiled_pattern
from bridge.parameter_json import storable
from bridge.sources.schema_texts import MOST_PARTS, parts_of

_TYPES: Final = frozenset({"string", "number", "integer", "boolean", "object", "array", "null"})
_NUMBERS: Final = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
# Bits of the integers as which the fields are stored: INT_8, INT_16, INT32 and INT64 of Parquet.
# https://experienceleague.adobe.com/en/docs/experience-platform/xdm/schema/field-constraints
# The JSON Schema there permits one more (2147483648), which the type cannot hold.
_BITS: Final[Mapping[str, int]] = {"byte": 8, "short": 16, "int": 32, "long": 64}
_SIZES: Final = (
    *("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"),
)


def constraints_text(schema: Mapping[str, Any]) -> str:
    """Return the constraints of a schema as JSON.

    Args:
        schema: as Adobe's Schema Registry returns it with every reference resolved (`xed-full`).

    Raises:
        ValueError: it is too large or nested too deeply; the message is a sentence without a
            subject.
    """
    try:
        text = json.dumps(constraints(schema), separators=(",", ":"), sort_keys=True)
    except RecursionError:
        raise ValueError("is nested too deeply") from None
    text = storable(text)
    if len(parts_of(text)) > MOST_PARTS:
        raise ValueError(f"needs more than {MOST_PARTS} parameters of SSM")
    return text


def constraints(schema: object, *, is_closed: bool = True) -> dict[str, Any]:
    """Return the constraints of a value.

    An object with `properties` is closed, as Adobe validates it: "extraneous key [x] is not
    permitted" (Streaming ingestion validation), unless it says that it is open.

    Args:
        schema: of the value.
        is_closed: the schema is the only one of its values, and no alternative of several.
    """
    if not isinstance(schema, Mapping):
        return {}
    found = {
        keyword: schema[keyword]
        for keyword, is_usable in _KEYWORDS.items()
        if keyword in schema and is_usable(schema[keyword])
    }
    if found.get("type") == "integer":
        found |= _range_of_type(schema.get("meta:xdmType"), found)
    if "patternProperties" in schema:
        found["patternProperties"] = {}  # Not applied; it keeps the object open.
    properties, more = schema.get("properties"), schema.get("additionalProperties")
    if isinstance(properties, Mapping):
        found["properties"] = {
            name: constraints(each, is_closed=is_closed) for name, each in properties.items()
        }
        if is_closed and more is not True and "patternProperties" not in schema:
            found["additionalProperties"] = False
    if isinstance(more, Mapping):
        found["additionalProperties"] = constraints(more, is_closed=is_closed)
    elif more is False and "patternProperties" not in schema:
        found["additionalProperties"] = False
    if isinstance(items := schema.get("items"), Mapping):
        found["items"] = constraints(items, is_closed=is_closed)
    return found | _several(schema)


def _range_of_type(kind: object, found: Mapping[str, Any]) -> dict[str, Any]:
    """The range of an integer that its XDM type can hold, within the one that the schema has."""
    bits = _BITS.get(kind) if isinstance(kind, str) else None
    if bits is None:
        return {}
    most = 2 ** (bits - 1) - 1
    return {
        "minimum": max(found.get("minimum", -most - 1), -most - 1),
        "maximum": min(found.get("maximum", most), most),
    }


def _several(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schemas that apply to the same value."""
    found: dict[str, Any] = {}
    for keyword in ("allOf", "anyOf", "oneOf"):
        each = schema.get(keyword)
        if isinstance(each, list) and all(isinstance(one, Mapping) for one in each):
            found[keyword] = [constraints(one, is_closed=False) for one in each]
    if isinstance(excluded := schema.get("not"), Mapping):
        found["not"] = constraints(excluded, is_closed=False)
    return found


def _is_type(value: Any) -> bool:
    kinds = value if isinstance(value, list) else [value]
    return bool(kinds) and all(isinstance(kind, str) and kind in _TYPES for kind in kinds)


def _is_number(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and abs(value) < float("inf")


def _is_size(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_list_of_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _is_pattern(value: Any) -> bool:
    """Whether Python can compile it; XDM allows other dialects, which Adobe checks.

    Python warns of `[a-z&&[^b]]` and `[[a-z]]`, which it reads otherwise than Java does.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", FutureWarning)
            compiled_pattern(value)
    except (re.error, FutureWarning, TypeError, OverflowError, RecursionError):
        return False
    return isinstance(value, str)


_KEYWORDS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "type": _is_type,
    "enum": lambda value: isinstance(value, list),
    "const": lambda _: True,
    "pattern": _is_pattern,
    "format": lambda value: isinstance(value, str),
    "required": _is_list_of_names,
    "uniqueItems": lambda value: value is True,
    "multipleOf": lambda value: _is_number(value) and value > 0,
    **dict.fromkeys(_NUMBERS, _is_number),
    **dict.fromkeys(_SIZES, _is_size),
}
