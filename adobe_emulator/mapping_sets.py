"""Data Prep: mapping sets, as far as a flow with a mapping needs them.

Source: the Data Prep OpenAPI file and "Mapping sets API endpoint". Nothing is mapped here, and
as in the file nothing can be deleted.
"""

from collections.abc import Container
from typing import Any

from adobe_emulator.clock import Clock
from adobe_emulator.identifiers import Identifiers
from adobe_emulator.platform_errors import bad_request

_SOURCE_TYPES = {"ATTRIBUTE", "EXPRESSION", "STATIC"}
_AUTHOR = "techacct@techacct.adobe.com"


class MappingSets:
    """All mapping sets. They can be created and read, but not deleted."""

    def __init__(
        self, schemas: Container[str | None], clock: Clock, identifiers: Identifiers
    ) -> None:
        self._schemas = schemas
        self._clock = clock
        self._identifiers = identifiers
        self._documents: dict[str, dict[str, Any]] = {}

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all mapping sets."""
        return tuple(self._documents)

    def get(self, mapping_set_id: str) -> dict[str, Any] | None:
        """One mapping set as it was sent, with its id, version and dates."""
        return self._documents.get(mapping_set_id)

    def page(self, start: int, limit: int, name: str | None = None) -> list[dict[str, Any]]:
        """One page of all mapping sets, or those with a name, in order of creation."""
        named = [
            document
            for document in self._documents.values()
            if name is None or document.get("name") == name
        ]
        return named[start : start + limit]

    def change(self, mapping_set_id: str, **members: Any) -> None:
        """Change members of a mapping set, as its owner does in the UI. Raises KeyError."""
        self._documents[mapping_set_id] = {**self._documents[mapping_set_id], **members}

    def validate(self, body: Any) -> list[dict[str, Any]]:
        """Validate each mapping. Raises RefusedError.

        No page lists what fails. Here an unbalanced expression fails, and two mappings with
        the same destination.
        """
        self._check(body)
        taken: set[str] = set()
        verdicts = []
        for mapping in body["mappings"]:
            source, destination = _ends(mapping)
            problem = ""
            if source.count("(") != source.count(")"):
                problem = "the expression cannot be parsed"
            elif destination in taken:
                problem = "the destination is mapped twice"
            taken.add(destination)
            error = {"source": source, "destination": destination, "exception": problem}
            verdicts.append(
                {
                    "status": "FAILED" if problem else "SUCCESS",
                    "errors": [error] if problem else None,
                }
            )
        return verdicts

    def create(self, body: Any) -> dict[str, Any]:
        """Store a mapping set and return the response body. Raises RefusedError."""
        self._check(body)
        now = self._clock.milliseconds()
        mapping_set_id = self._identifiers.mapping_set()
        stamp = {
            "id": mapping_set_id,
            "version": 0,
            "createdDate": now,
            "modifiedDate": now,
            "createdBy": _AUTHOR,
            "modifiedBy": _AUTHOR,
        }
        self._documents[mapping_set_id] = {**body, **stamp}
        return stamp

    def _check(self, body: Any) -> None:
        if not isinstance(body, dict):
            raise bad_request("a mapping set is an object")
        if schema_of(body) not in self._schemas:
            raise bad_request("the output schema does not exist")
        mappings = body.get("mappings")
        if not isinstance(mappings, list) or not mappings or not all(map(_is_mapping, mappings)):
            raise bad_request("mappings must be a list of source and destination")


def schema_of(document: dict[str, Any]) -> str | None:
    """The id of the schema that a mapping set maps to, in the current or the older form."""
    match document:
        case {"outputSchema": {"schemaRef": {"id": str(schema_id)}}}:
            return schema_id
        case {"xdmSchema": str(schema_id)}:
            return schema_id
    return None


def _is_mapping(mapping: Any) -> bool:
    match mapping:
        case {"source": str(), "destination": str(), "sourceType": str(source_type)}:
            return source_type in _SOURCE_TYPES
        case {"sourceAttribute": str(), "destinationXdmPath": str()}:
            return True
    return False


def _ends(mapping: dict[str, Any]) -> tuple[str, str]:
    """Source and destination, in the current or the older form."""
    source = mapping.get("source", mapping.get("sourceAttribute"))
    return str(source), str(mapping.get("destination", mapping.get("destinationXdmPath")))
