"""Validate messages against Adobe's public XDM, as recorded in `tests/xdm`."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from jsonschema import Draft7Validator, FormatChecker

from tests.support.sam_template import ROOT

FORMATS = FormatChecker(())


@FORMATS.checks("date-time", raises=ValueError)
def _is_time(value: object) -> bool:
    """RFC 3339, which has a T and a time zone."""
    if not isinstance(value, str):
        return True
    return "T" in value and datetime.fromisoformat(value).tzinfo is not None


@FORMATS.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or str(datetime.fromisoformat(value).date()) == value


@FORMATS.checks("email")
def _is_email(value: object) -> bool:
    return not isinstance(value, str) or (value.count("@") == 1 and " " not in value)


@cache
def recorded() -> Mapping[str, Mapping[str, Any]]:
    """The classes and field groups by `$id`: title, extended classes, status and schema."""
    document = json.loads((ROOT / "tests" / "xdm" / "field-groups.json").read_text("utf-8"))
    schemas: Mapping[str, Mapping[str, Any]] = document["schemas"]
    return schemas


def schema_of(ids: Iterable[str]) -> dict[str, Any]:
    """The schema of a class and field groups, which permits no other fields."""
    merged: dict[str, Any] = {"type": "object"}
    for each in ids:
        merged = _merged(merged, recorded()[each]["schema"])
    return _closed(merged)


def faults(schema: Mapping[str, Any], message: Any) -> list[str]:
    """Where and why a message does not fit a schema."""
    found = Draft7Validator(dict(schema), format_checker=FORMATS).iter_errors(message)
    return [f"{'/'.join(map(str, fault.absolute_path))}: {fault.message}" for fault in found]


def empty_places(value: Any, path: str = "") -> list[str]:
    """The paths of nulls, empty texts and empty containers."""
    if value in (None, "", {}, []):
        return [path]
    match value:
        case dict():
            return [p for name, each in value.items() for p in empty_places(each, f"{path}/{name}")]
        case list():
            return [p for at, each in enumerate(value) for p in empty_places(each, f"{path}/{at}")]
    return []


def _merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    merged = {**one, **other}
    if "properties" in one and "properties" in other:
        fields = dict(one["properties"])
        for name, schema in other["properties"].items():
            fields[name] = _merged(fields[name], schema) if name in fields else schema
        merged["properties"] = fields
    if required := {*one.get("required", ()), *other.get("required", ())}:
        merged["required"] = sorted(required)
    return merged


def _closed(schema: Mapping[str, Any]) -> dict[str, Any]:
    closed = dict(schema)
    if "properties" in schema:
        closed["properties"] = {name: _closed(each) for name, each in schema["properties"].items()}
        closed["additionalProperties"] = False
    for name in ("items", "additionalProperties"):
        if isinstance(schema.get(name), dict):
            closed[name] = _closed(schema[name])
    return closed
