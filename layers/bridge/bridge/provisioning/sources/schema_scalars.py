"""Restore the numbers and booleans of a JSON Schema that a template declares as an object.

CloudFormation sends every scalar of a custom resource as a string.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from bridge.strict_json import read_json

_NUMBERS: Final = frozenset(
    {
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
        *("multipleOf", "divisibleBy", "minLength", "maxLength", "minItems", "maxItems"),
        *("minProperties", "maxProperties", "minContains", "maxContains"),
    }
)
# Their values are texts in every draft.
_TEXTS: Final = frozenset(
    {
        *("$schema", "$id", "id", "$ref", "$anchor", "$dynamicRef", "$dynamicAnchor"),
        *("$recursiveRef", "$comment", "title", "description", "format", "pattern", "type"),
        *("contentEncoding", "contentMediaType", "examples", "default"),
    }
)
# Their values are of the schema's type.
_VALUES: Final = frozenset({"enum", "const"})
_SCALAR: Final = re.compile(r"true|false|-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?")
_BOOLEAN: Final = re.compile("true|false")
_NAMED: Final = frozenset(
    {
        *("properties", "patternProperties", "definitions", "$defs"),
        *("dependentSchemas", "dependencies"),
    }
)
_OTHER_TYPES: Final = frozenset({"number", "integer", "boolean"})


def with_scalars(schema: Any) -> Any:
    """Return a schema in which strings are numbers or booleans where no string is meaningful.

    In `enum` and `const` they are so if `type` allows no strings.

    Raises:
        RecursionError: it is nested too deeply.
    """
    match schema:
        case dict():
            return {name: _value(name, each, schema) for name, each in schema.items()}
        case list():
            return [with_scalars(each) for each in schema]
        case str() if _BOOLEAN.fullmatch(schema):
            return schema == "true"
    return schema


def _value(name: str, value: Any, schema: Mapping[str, Any]) -> Any:
    if name in _NUMBERS:
        return _scalar(value)
    if name in _VALUES:
        return _of_type(value, schema.get("type"))
    if name in _NAMED and isinstance(value, dict):
        return {key: _dependency(each) for key, each in value.items()}
    if name in _TEXTS or (name == "required" and isinstance(value, list)):
        return value
    return with_scalars(value)


def _dependency(value: Any) -> Any:
    """A schema, or the names of a dependency."""
    return value if isinstance(value, list) else with_scalars(value)


def _of_type(value: Any, kind: Any) -> Any:
    kinds = {kind} if isinstance(kind, str) else set(kind) if isinstance(kind, list) else set()
    if not kinds or not kinds <= _OTHER_TYPES | {"null"}:
        return value
    return [_scalar(each) for each in value] if isinstance(value, list) else _scalar(value)


def _scalar(value: Any) -> Any:
    is_scalar = isinstance(value, str) and _SCALAR.fullmatch(value)
    return read_json(value) if is_scalar else value
