"""Adobe's public XDM, as recorded for the emulated Adobe and the recipes."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from tests.support.sam_template import ROOT


@cache
def recorded() -> Mapping[str, Mapping[str, Any]]:
    """The classes and field groups by `$id`: title, extended classes, status and schema."""
    file = ROOT / "adobe_emulator" / "xdm" / "components.json"
    document = json.loads(file.read_text("utf-8"))
    schemas: Mapping[str, Mapping[str, Any]] = document["schemas"]
    return schemas


def schema_of(xdm_class: str, behavior: str, field_groups: Iterable[str]) -> dict[str, Any]:
    """A schema as the Schema Registry returns it, of a class and field groups by `$id`."""
    groups = list(field_groups)
    merged: dict[str, Any] = {"type": "object"}
    for each in (xdm_class, *groups):
        merged = _merged(merged, recorded()[each]["schema"])
    extends = [xdm_class, f"https://ns.adobe.com/xdm/data/{behavior}", *groups]
    return {**merged, "$id": "recipe", "meta:class": xdm_class, "meta:extends": extends}


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
