"""The schema that messages are validated with: the field of the primary identity is mandatory.

Source: "Stream record data using the Streaming Ingestion API": the descriptor of a primary identity
makes its field mandatory in every message. That the schema as the registry returns it does not have
it in `required` is a guess.
"""

from collections.abc import Mapping
from typing import Any

from adobe_emulator.schema_library import SchemaLibrary
from adobe_emulator.xdm_components import merged


class MandatoryFields:
    """The schemas with mandatory fields; the same object for the same schema and identity."""

    def __init__(self, library: SchemaLibrary) -> None:
        self._library = library
        self._known: dict[str, tuple[Mapping[str, Any], str, dict[str, Any]]] = {}

    def added(self, schema_id: str, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """A schema with the field of its primary identity as a mandatory one."""
        path = self._library.primary_field(schema_id)
        if not path:
            return schema
        before, at, found = self._known.get(schema_id, (None, "", {}))
        if before is not schema or at != path:
            found = merged(schema, _requiring(path.strip("/").split("/")))
            self._known[schema_id] = (schema, path, found)
        return found


def _requiring(path: list[str]) -> dict[str, Any]:
    first, *rest = path
    return {"required": [first], "properties": {first: _requiring(rest) if rest else {}}}
