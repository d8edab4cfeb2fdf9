"""Record the part of Adobe's public XDM that the emulated Adobe has schemas of.

    python -m devtools.xdm_subset PATH_OF_A_CHECKOUT_OF_adobe/xdm COMMIT

Writes adobe_emulator/xdm/{experience-event,profile}.json: a class with its behavior and field
groups, references resolved, named as in messages (`commerce` for `xdm:commerce`, `_id` for `@id`),
without titles and descriptions; and components.json beside them, which has classes and field groups
in the same form, each by itself: those of the recipes and of the schemas that a tenant creates. XDM
is licensed under CC BY 4.0.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

_ROOT: Final = Path(__file__).parents[1]
FOLDER: Final = _ROOT / "adobe_emulator" / "xdm"

_NS: Final = "https://ns.adobe.com/xdm"
_SCHEMAS: Final = {
    "experience-event": (
        f"{_NS}/context/experienceevent",
        f"{_NS}/context/experienceevent-commerce",
        f"{_NS}/context/experienceevent-web",
        f"{_NS}/context/experienceevent-directmarketing",
    ),
    "profile": (
        f"{_NS}/context/profile",
        f"{_NS}/context/identitymap",
        f"{_NS}/context/profile-person-details",
        f"{_NS}/context/profile-personal-details",
    ),
}
_LICENSE: Final = "CC BY 4.0, Copyright Adobe; README.md has the changes"
_BEHAVIORS: Final = {"experience-event": f"{_NS}/data/time-series", "profile": f"{_NS}/data/record"}
_VALIDATED: Final = (
    *("type", "format", "pattern", "enum", "const", "minimum", "maximum", "exclusiveMinimum"),
    *("exclusiveMaximum", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems"),
    "meta:xdmType",
)


class Components:
    """The schemas of a checkout, by `$id`."""

    def __init__(self, checkout: Path) -> None:
        self._by_id: dict[str, Any] = {}
        for path in sorted((checkout / "components").resolve().rglob("*.schema.json")):
            document = json.loads(path.read_text(encoding="utf-8"))
            self._by_id[document["$id"]] = document

    def resolved(self, ids: tuple[str, ...]) -> dict[str, Any]:
        """One schema of several: their properties together."""
        merged: dict[str, Any] = {"type": "object", "properties": {}}
        for each in ids:
            _merge(merged, self._resolve({"$ref": each}, each))
        return merged

    def described(self, schema_id: str) -> dict[str, Any]:
        """One class or field group with its title, status and the classes that it extends."""
        document = self._by_id[schema_id]
        return {
            "title": document["title"],
            "status": document["meta:status"],
            "extends": document.get("meta:intendedToExtend", []),
            "schema": self.resolved((schema_id,)),
        }

    def _resolve(self, schema: Mapping[str, Any], base: str) -> dict[str, Any]:
        resolved = {name: schema[name] for name in _VALIDATED if name in schema}
        for reference in self._references(schema):
            target, at = self._find(reference, base)
            _merge(resolved, self._resolve(target, at))
        for part in schema.get("allOf", ()):
            _merge(resolved, self._resolve(part, base))
        if "properties" in schema:
            _merge(resolved, {"properties": self._properties(schema["properties"], base)})
        if "required" in schema:
            _merge(resolved, {"required": ["".join(_named(each)) for each in schema["required"]]})
        for name in ("items", "additionalProperties"):
            if isinstance(schema.get(name), dict):
                resolved[name] = self._resolve(schema[name], base)
        return resolved

    def _references(self, schema: Mapping[str, Any]) -> Iterator[str]:
        # The JSON-LD context is no part of a message.
        if "$ref" in schema and "common/extensible" not in schema["$ref"]:
            yield schema["$ref"]

    def _properties(self, fields: Mapping[str, Any], base: str) -> dict[str, Any]:
        properties: dict[str, Any] = {}
        for each, schema in fields.items():
            group, name = _named(each)
            within = properties
            if group:
                grouped = properties.setdefault(group, {"type": "object", "properties": {}})
                within = grouped["properties"]
            within[name] = self._resolve(schema, base)
        return properties

    def _find(self, reference: str, base: str) -> tuple[Any, str]:
        address, _, fragment = reference.partition("#")
        at = address or base
        target = self._by_id[at]
        for name in filter(None, fragment.split("/")):
            target = target[name]
        return target, at


def _merge(into: dict[str, Any], schema: Mapping[str, Any]) -> None:
    for name, value in schema.items():
        if name == "properties":
            fields = into.setdefault(name, {})
            for field, part in value.items():
                _merge(fields.setdefault(field, {}), part)
        elif name == "required":
            into[name] = sorted({*into.get(name, ()), *value})
        else:
            into.setdefault(name, value)


def _named(name: str) -> tuple[str, str]:
    """A name as messages have it: below an object for vocabularies other than XDM."""
    prefix, _, rest = name.rpartition(":")
    if name.startswith("@"):
        return "", f"_{name[1:]}"
    return ("" if prefix in ("", "xdm") else f"_{prefix}", rest)


def main(checkout: Path, commit: str) -> None:
    """Write the recorded schemas."""
    components = Components(checkout)
    for name, ids in _SCHEMAS.items():
        document = {
            "source": "https://github.com/adobe/xdm",
            "commit": commit,
            "license": _LICENSE,
            "class": ids[0],
            "fieldGroups": list(ids[1:]),
            "behavior": _BEHAVIORS[name],
            "schema": components.resolved(ids),
        }
        _write(FOLDER / f"{name}.json", document)
    names = json.loads((_ROOT / "inlet_bridge" / "recipes" / "xdm_names.json").read_text("utf-8"))
    field_groups = {
        "source": "https://github.com/adobe/xdm",
        "commit": commit,
        "license": _LICENSE,
        "schemas": {each: components.described(each) for each in names.values()},
    }
    _write(FOLDER / "components.json", field_groups)


def _write(file: Path, document: Mapping[str, Any]) -> None:
    text = json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False)
    file.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
