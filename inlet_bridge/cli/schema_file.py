"""Read the schema that `--schema` names."""

import json
from pathlib import Path
from typing import Any, Final

from inlet_bridge.mapping.errors import PreviewError
from inlet_bridge.mapping.json_files import json_fault

_TYPES: Final = ("array", "boolean", "integer", "null", "number", "object", "string")


def read_schema(file: Path) -> dict[str, Any]:
    """The schema of a file. Raises PreviewError, which names the option and the file."""
    try:
        content = file.read_bytes()
    except OSError as exc:
        raise PreviewError(f"--schema: {file} cannot be read: {exc.strerror}") from exc
    if fault := json_fault(content):
        raise PreviewError(f"--schema: {file} {fault}")
    document = json.loads(content)
    if not isinstance(document, dict):
        raise PreviewError(
            f"--schema: {file} is not a JSON Schema, which is an object",
            hint="Export the schema from the Schema Registry as xed-full.",
        )
    if document and not _is_schema(document):
        raise PreviewError(
            f"--schema: {file} is no JSON Schema: it has no type, properties, allOf or $ref",
            hint="Export the schema from the Schema Registry as xed-full; a sample is no schema.",
        )
    return document


def _is_schema(document: dict[str, Any]) -> bool:
    """Whether an object has a keyword of JSON Schema; samples have names such as `type`, too."""
    match document.get("type"):
        case str() as kind if kind in _TYPES:
            return True
        case [*kinds] if kinds and all(kind in _TYPES for kind in kinds):
            return True
    forms = {"$ref": str, "properties": dict, "allOf": list, "anyOf": list, "oneOf": list}
    return any(isinstance(document.get(name), form) for name, form in forms.items())
