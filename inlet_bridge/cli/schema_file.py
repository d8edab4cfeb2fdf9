"""Read the schema that `--schema` names."""

import json
from pathlib import Path
from typing import Any

from inlet_bridge.mapping.errors import PreviewError
from inlet_bridge.mapping.json_files import json_fault


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
    return document
