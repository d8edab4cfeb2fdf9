"""Adobe's own classes and field groups, as recorded in `xdm/components.json`."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

_FILE: Final = Path(__file__).with_name("xdm") / "components.json"
_BEHAVIORS: Final = {
    "https://ns.adobe.com/xdm/context/experienceevent": "https://ns.adobe.com/xdm/data/time-series",
    "https://ns.adobe.com/xdm/context/profile": "https://ns.adobe.com/xdm/data/record",
}


@cache
def recorded() -> Mapping[str, Mapping[str, Any]]:
    """The classes and field groups by `$id`: title, extended classes, status and schema."""
    components: Mapping[str, Mapping[str, Any]] = json.loads(_FILE.read_text("utf-8"))["schemas"]
    return components


def behavior_of(class_id: str) -> str | None:
    """The behavior of a class; None for what is no class."""
    return _BEHAVIORS.get(class_id)


def resolved(component_id: str) -> dict[str, Any]:
    """A class or field group in the form `xed-full`. Raises KeyError."""
    component = recorded()[component_id]
    behavior = behavior_of(component_id)
    kind = {"meta:extends": [behavior]} if behavior else {}
    if not behavior:
        kind = {"meta:intendedToExtend": list(component["extends"])}
    return {
        "$id": component_id,
        "title": component["title"],
        "meta:containerId": "global",
        "version": "1.0",
        **component["schema"],
        **kind,
    }


def merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """One schema of two: their properties together."""
    both = {**one, **other}
    if "properties" in one and "properties" in other:
        fields = dict(one["properties"])
        for name, schema in other["properties"].items():
            fields[name] = merged(fields[name], schema) if name in fields else schema
        both["properties"] = fields
    if required := {*one.get("required", ()), *other.get("required", ())}:
        both["required"] = sorted(required)
    return both
