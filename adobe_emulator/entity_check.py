"""Validate entities against their schema, as Adobe does after its 200 response.

"Streaming ingestion validation" names the six areas (range, presence, enum, pattern, type, format)
and the end after five errors. The texts that Adobe publishes are those of the library
https://github.com/everit-org/json-schema, so the others are written as that library does.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from jsonschema.exceptions import ValidationError
from jsonschema.validators import Draft7Validator, extend

from adobe_emulator.formats import CHECKER
from adobe_emulator.violation_texts import text_of

MOST_VIOLATIONS: Final = 5
"""The validation of a message ends with this one."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One violation of the schema.

    Attributes:
        path: names and positions that lead to the value.
        schema_path: those that lead to its schema.
    """

    path: tuple[str, ...]
    schema_path: tuple[str, ...]
    keyword: str
    message: str


class EntityCheck:
    """The validation with one schema, compiled once."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._validator = (
            _Validator(_closed(schema), format_checker=CHECKER) if "properties" in schema else None
        )

    @property
    def allows_anything(self) -> bool:
        """Whether the schema names no properties, so that every entity is valid."""
        return self._validator is None

    def violations(self, entity: Any) -> tuple[Violation, ...]:
        """The first five violations; the same for the same entity. A schema may allow anything."""
        if self._validator is None:
            return ()
        errors = islice(self._validator.iter_errors(entity), MOST_VIOLATIONS)
        return tuple(map(_violation, errors))


def fault_of(schema: Mapping[str, Any], entity: Any) -> str | None:
    """Why an entity does not reach its dataset; None if it does."""
    found = EntityCheck(schema).violations(entity)
    return f"{pointer(found[0].path)}: {found[0].message}" if found else None


def pointer(path: tuple[str, ...]) -> str:
    """A path as Adobe writes it: `#/commerce/order`."""
    return "/".join(("#", *path))


def _violation(error: ValidationError) -> Violation:
    path = tuple(map(str, error.absolute_path))
    schema_path = tuple(map(str, error.absolute_schema_path))[:-1]
    keyword = str(error.validator)
    return Violation(path, schema_path, keyword, text_of(keyword, error))


def _closed(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema without additional properties that it does not mention, also in objects below."""
    closed = dict(schema)
    if "properties" in schema:
        closed["properties"] = {name: _closed(each) for name, each in schema["properties"].items()}
        closed.setdefault("additionalProperties", False)
    if isinstance(more := schema.get("additionalProperties"), Mapping):
        closed["additionalProperties"] = _closed(more)
    if "items" in schema:
        closed["items"] = _closed(schema["items"])
    return closed


def _required(
    _: Any, required: list[str], instance: Any, __: Mapping[str, Any]
) -> Iterator[ValidationError]:
    if isinstance(instance, dict):
        for name in required:
            if name not in instance:
                yield ValidationError(f"required key [{name}] not found")


def _additional_properties(
    validator: Any, allowed: Any, instance: Any, schema: Mapping[str, Any]
) -> Iterator[ValidationError]:
    if not isinstance(instance, dict):
        return
    for name in sorted(instance.keys() - schema.get("properties", {}).keys()):
        if allowed is False:
            yield ValidationError(f"extraneous key [{name}] is not permitted")
        elif isinstance(allowed, dict):
            yield from validator.descend(instance[name], allowed, path=name)


def _is_integer(_: Any, value: Any) -> bool:
    """1.0 is none, unlike in JSON Schema: Adobe's types are those of Java. A guess."""
    return isinstance(value, int) and not isinstance(value, bool)


_Validator: Final = extend(  # type: ignore[no-untyped-call]  # The stubs leave it untyped.
    Draft7Validator,
    {"required": _required, "additionalProperties": _additional_properties},
    type_checker=Draft7Validator.TYPE_CHECKER.redefine("integer", _is_integer),
)
