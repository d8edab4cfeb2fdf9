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
_SCALAR: Final = re.compile(r"true|false|null|-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?")
_BOOLEAN: Final = re.compile("true|false")
_NAMED: Final = frozenset(
    {
        *("properties", "patternProperties", "definitions", "$defs"),
        *("dependentSchemas", "dependencies"),
    }
)
_OTHER_TYPES: Final = frozenset({"number", "integer", "boolean", "null"})


def with_scalars(schema: Any) -> Any:
    """Return a schema in which strings are numbers or booleans where no string is meaningful.

    In `enum` and `const`, the schema's `type` decides; without one, `"1"` stands for both the text
    and the number, since the template may have meant either.

    Raises:
        RecursionError: it is nested too deeply.
    """
    match schema:
        case dict():
            return _with_values(
                {name: _value(name, each) for name, each in schema.items()}, schema.get("type")
            )
        case list():
            return [with_scalars(each) for each in schema]
        case str() if _BOOLEAN.fullmatch(schema):
            return schema == "true"
    return schema


def _value(name: str, value: Any) -> Any:
    if name in _NUMBERS:
        return _scalar(value)
    if name in _NAMED and isinstance(value, dict):
        return {key: _dependency(each) for key, each in value.items()}
    if name in _TEXTS or name in {"enum", "const"}:
        return value
    if name == "required" and isinstance(value, list):
        return value
    return with_scalars(value)


def _dependency(value: Any) -> Any:
    """A schema, or the names of a dependency."""
    return value if isinstance(value, list) else with_scalars(value)


def _with_values(schema: Mapping[str, Any], kind: Any) -> dict[str, Any]:
    """Restore the values of `enum` and `const`."""
    changed = dict(schema)
    if isinstance(enum := schema.get("enum"), list):
        changed["enum"] = [each for value in enum for each in _meanings(value, kind)]
    if "const" in schema:
        meanings = _meanings(schema["const"], kind)
        changed["const"] = meanings[0]
        if len(meanings) > 1:
            del changed["const"]
            # As a schema of its own, since there may be an `enum` as well.
            changed["allOf"] = [*schema.get("allOf", ()), {"enum": meanings}]
    return changed


def _meanings(value: Any, kind: Any) -> list[Any]:
    """What a value may have been in the template, before CloudFormation made texts of scalars."""
    restored = _restored(value)
    if restored == value:  # A text never equals a number.
        return [value]
    kinds = {kind} if isinstance(kind, str) else set(kind) if isinstance(kind, list) else set()
    if not isinstance(value, str) or not kinds:
        return [value, restored]
    if kinds <= _OTHER_TYPES:
        return [restored]
    return [value, restored] if kinds & _OTHER_TYPES else [value]


def _restored(value: Any) -> Any:
    """A value with every text that reads as a scalar replaced by it."""
    match value:
        case dict():
            return {name: _restored(each) for name, each in value.items()}
        case list():
            return [_restored(each) for each in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    is_scalar = isinstance(value, str) and _SCALAR.fullmatch(value)
    return read_json(value) if is_scalar else value
