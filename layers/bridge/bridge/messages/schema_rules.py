"""Validate that a JSON Schema is self-contained and can be applied to any document.

References must resolve within the schema, also if `$id` changes the base: nothing is fetched, not
even the metaschemas of JSON Schema.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Never

from jsonschema.exceptions import SchemaError
from jsonschema.protocols import Validator
from jsonschema.validators import (
    Draft3Validator,
    Draft4Validator,
    Draft6Validator,
    Draft7Validator,
    Draft201909Validator,
    Draft202012Validator,
)
from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import specification_with

from bridge.messages.schema_faults import expected

# The draft of XDM's own schemas; `$schema` selects another.
_DEFAULT: Final = Draft7Validator


def _id_of(dialect: type[Validator]) -> str:
    metaschema: Mapping[str, Any] = dialect.META_SCHEMA
    return str(metaschema.get("$id") or metaschema["id"]).rstrip("#")


_DIALECTS: Final[Mapping[str, type[Validator]]] = {
    _id_of(each): each
    for each in (
        *(Draft3Validator, Draft4Validator, Draft6Validator, Draft7Validator),
        *(Draft201909Validator, Draft202012Validator),
    )
}
_REFERENCES: Final = ("$ref", "$dynamicRef", "$recursiveRef")
# Their values are documents, in which `$ref` is a name like any other.
_DATA: Final = frozenset({"enum", "const", "default", "examples", "required"})
# Their values are schemas by name.
_BY_NAME: Final = frozenset(
    {
        *("properties", "patternProperties", "definitions", "$defs"),
        *("dependentSchemas", "dependencies"),
    }
)
# These are applied to the same value as the schema that they stand in.
_IN_PLACE: Final = frozenset(
    {
        *("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "extends", "type", "disallow"),
        *("dependentSchemas", "dependencies"),
    }
)

# Of `referencing`, which exports no name for it.
type _Resolver = Any


def check_schema(schema: str) -> None:
    """Check that a schema is valid and self-contained.

    Raises:
        ValueError: it is not. The message is a sentence without a subject.
    """
    try:
        document = _read(schema)
        dialect = _dialect(document)
        dialect.check_schema(document)
        if isinstance(document, dict):
            _Check(dialect, document).run()
    except SchemaError as exc:
        place = ".".join(map(str, exc.absolute_path))
        raise ValueError(f"is not a JSON Schema: {place or 'its root'} {expected(exc)}") from None
    except RecursionError:
        raise ValueError("is not a JSON Schema: it is nested too deeply") from None
    except OverflowError:
        raise ValueError("is not a JSON Schema: a pattern in it repeats too often") from None


def _read(schema: str) -> Any:
    try:
        # As ints and floats, which the library's check of a schema expects.
        return json.loads(schema, parse_constant=_reject_constant)
    except ValueError:
        raise ValueError("is not JSON") from None


def _reject_constant(name: str) -> Never:
    raise ValueError(name)  # NaN and Infinity are not JSON.


def _dialect(document: Any) -> type[Validator]:
    if not isinstance(document, dict) or "$schema" not in document:
        return _DEFAULT
    named = document["$schema"]
    if isinstance(named, str) and (known := _DIALECTS.get(named.rstrip("#"))):
        return known
    raise ValueError(f"names a $schema that is not supported; supported are {', '.join(_DIALECTS)}")


@dataclass
class _Reference:
    """A reference and its resolver."""

    at: str
    keyword: str
    value: Any
    schema: dict[str, Any]
    resolver: _Resolver


class _Check:
    """The check of one schema, which is valid by its metaschema."""

    def __init__(self, dialect: type[Validator], document: dict[str, Any]) -> None:
        self._dialect = dialect
        self._document = document
        self._specification = specification_with(_id_of(dialect))
        # By object identity: the paths of schemas, and the schemas applied to the same value.
        self._places: dict[int, str] = {}
        self._in_place: dict[int, list[Any]] = {}
        self._references: list[_Reference] = []

    def run(self) -> None:
        """Raise ValueError if the schema cannot be applied."""
        resource = self._specification.create_resource(self._document)
        self._walk(self._document, "", Registry().resolver_with_root(resource))
        for reference in self._references:
            self._follow(reference)
        self._check_loops()

    def _walk(self, schema: dict[str, Any], place: str, resolver: _Resolver) -> None:
        self._places[id(schema)] = place
        self._in_place[id(schema)] = list(_applied_in_place(schema))
        if place and schema.get("$schema", named := self._document.get("$schema")) != named:
            raise ValueError(f"has a $schema at {place}; it belongs to the root")
        _check_patterns(schema, place)
        resolver = resolver.in_subresource(self._specification.create_resource(schema))
        for keyword in _REFERENCES:
            if keyword in schema:
                at = _below(place, keyword)
                found = _Reference(at, keyword, schema[keyword], schema, resolver)
                self._references.append(found)
        for at, each in _subschemas(schema, place):
            self._walk(each, at, resolver)

    def _follow(self, reference: _Reference) -> None:
        """Resolve a reference, which must lead to a schema."""
        target = _resolved(reference)
        if not isinstance(target, bool) and id(target) not in self._places:
            raise ValueError(f"has a reference at {reference.at} that does not lead to a schema")
        self._dialect.check_schema(target)
        self._in_place[id(reference.schema)].append(target)

    def _check_loops(self) -> None:
        """Raise ValueError for a schema that applies itself to the same value."""
        done: set[int] = set()
        open_: set[int] = set()

        def visit(schema: Any) -> None:
            if id(schema) in open_:
                place = self._places[id(schema)] or "its root"
                raise ValueError(f"refers at {place} to itself for the same value, without end")
            if id(schema) not in done and isinstance(schema, dict):
                open_.add(id(schema))
                for each in self._in_place.get(id(schema), ()):
                    visit(each)
                open_.remove(id(schema))
                done.add(id(schema))

        for reference in self._references:
            visit(reference.schema)


def _resolved(reference: _Reference) -> Any:
    if not isinstance(reference.value, str):
        raise ValueError(f"has a reference at {reference.at} that is not a text")  # noqa: TRY004 (one error for all schemas that cannot be used)
    if reference.keyword == "$recursiveRef" and reference.value != "#":
        raise ValueError(f"has a reference at {reference.at} that is not #")
    try:
        return reference.resolver.lookup(reference.value).contents
    except (Unresolvable, LookupError, ValueError, TypeError, AttributeError):
        raise ValueError(
            f"has a reference at {reference.at} that does not resolve within the schema; nothing is"
            " fetched"
        ) from None


def _subschemas(schema: Mapping[str, Any], place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield potential subschemas, also of unknown keywords."""
    for keyword, value in schema.items():
        if keyword in _DATA:
            continue
        at = _below(place, keyword)
        if keyword in _BY_NAME and isinstance(value, dict):
            named = value.items()
        elif isinstance(value, list):
            named = dict(enumerate(value)).items()
        else:
            yield from [(at, value)] if isinstance(value, dict) else []
            continue
        yield from ((_below(at, name), each) for name, each in named if isinstance(each, dict))


def _applied_in_place(schema: Mapping[str, Any]) -> Iterator[Any]:
    for keyword in _IN_PLACE & schema.keys():
        match schema[keyword]:
            case list(several):
                yield from several
            case dict(named) if keyword in _BY_NAME:
                yield from named.values()
            case one:
                yield one


def _check_patterns(schema: Mapping[str, Any], place: str) -> None:
    """Compile patterns as the validator does: those of `patternProperties` also as one."""
    patterns = schema.get("patternProperties")
    names = list(patterns) if isinstance(patterns, dict) else []
    wanted = [("pattern", schema["pattern"])] if isinstance(schema.get("pattern"), str) else []
    wanted += [("patternProperties", pattern) for pattern in (*names, "|".join(names))]
    for keyword, pattern in wanted:
        try:
            re.compile(pattern)
        except re.error:
            at = _below(place, keyword)
            raise ValueError(f"has a pattern at {at} that Python's re does not compile") from None


def _below(place: str, name: object) -> str:
    return f"{place}.{name}" if place else str(name)
