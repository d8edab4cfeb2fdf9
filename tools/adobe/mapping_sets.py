"""Data Prep: mapping sets, as far as a flow with a mapping needs them.

Source: the Data Prep OpenAPI file and "Mapping sets API endpoint". Nothing is mapped here.
"""

from typing import Any

from tools.adobe.clock import Clock
from tools.adobe.identifiers import Identifiers
from tools.adobe.platform_errors import bad_request
from tools.adobe.settings import Tenant

_SOURCE_TYPES = {"ATTRIBUTE", "EXPRESSION", "STATIC"}
_AUTHOR = "techacct@techacct.adobe.com"


class MappingSets:
    """All mapping sets; they can be created and read, not deleted."""

    def __init__(self, tenant: Tenant, clock: Clock, identifiers: Identifiers) -> None:
        self._schemas = frozenset(tenant.datasets.values())
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

    def page(self, start: int, limit: int) -> list[dict[str, Any]]:
        """Some mapping sets in the order of their creation."""
        return list(self._documents.values())[start : start + limit]

    def create(self, body: Any) -> dict[str, Any]:
        """Keep a mapping set and give what the service answers. Raises RefusedError."""
        if not isinstance(body, dict):
            raise bad_request("a mapping set is an object")
        if schema_of(body) not in self._schemas:
            raise bad_request("the output schema does not exist")
        mappings = body.get("mappings")
        if not isinstance(mappings, list) or not mappings or not all(map(_is_mapping, mappings)):
            raise bad_request("mappings must be a list of source and destination")
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


def schema_of(document: dict[str, Any]) -> str | None:
    """The id of the schema that a mapping set maps to, in the present or the older form."""
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
