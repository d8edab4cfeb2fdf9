"""Store the objects of Flow Service and their references."""

from copy import deepcopy
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """The four kinds, as their paths spell them."""

    CONNECTIONS = "connections"
    SOURCE_CONNECTIONS = "sourceConnections"
    TARGET_CONNECTIONS = "targetConnections"
    FLOWS = "flows"


@dataclass(slots=True)
class Resource:
    """One object.

    Attributes:
        etag: differs after each change; contains literal double quotes.
        created_ms: time of creation, in milliseconds since 1970.
        updated_ms: time of the last change, from which a flow settles.
        document: the members that were sent and those that the service added.
    """

    kind: Kind
    id: str
    etag: str
    created_ms: int
    updated_ms: int
    document: dict[str, Any]
    enabled: bool = True


class Resources:
    """All objects, in the order of their creation."""

    def __init__(self) -> None:
        self._by_kind: dict[Kind, dict[str, Resource]] = {kind: {} for kind in Kind}
        self._inlets: dict[str, Resource] = {}

    def ids(self, kind: Kind) -> tuple[str, ...]:
        """The ids of one kind."""
        return tuple(self._by_kind[kind])

    def all(self, kind: Kind) -> tuple[Resource, ...]:
        """The objects of one kind."""
        return tuple(self._by_kind[kind].values())

    def get(self, kind: Kind, resource_id: str) -> Resource | None:
        """One object, or None if it does not exist."""
        return self._by_kind[kind].get(resource_id)

    def document(self, kind: Kind, resource_id: str) -> dict[str, Any]:
        """A copy of the document of one object. Raises KeyError."""
        return deepcopy(self._by_kind[kind][resource_id].document)

    def add(self, resource: Resource) -> None:
        """Store a new object; a connection's inlet is available at once."""
        self._by_kind[resource.kind][resource.id] = resource
        if resource.kind is Kind.CONNECTIONS:
            self._inlets[resource.document["auth"]["params"]["inletId"]] = resource

    def remove(self, resource: Resource) -> None:
        """Delete an object; a connection's inlet no longer exists."""
        del self._by_kind[resource.kind][resource.id]
        if resource.kind is Kind.CONNECTIONS:
            del self._inlets[resource.document["auth"]["params"]["inletId"]]

    def connection_of_inlet(self, inlet_id: str) -> Resource | None:
        """The connection whose inlet has this id."""
        return self._inlets.get(inlet_id)

    def source_of(self, flow: Resource) -> Resource:
        """The source connection of a flow, which cannot be deleted before it."""
        source_id = flow.document["sourceConnectionIds"][0]
        return self._by_kind[Kind.SOURCE_CONNECTIONS][source_id]

    def target_of(self, flow: Resource) -> Resource:
        """The target connection of a flow, which cannot be deleted before it."""
        target_id = flow.document["targetConnectionIds"][0]
        return self._by_kind[Kind.TARGET_CONNECTIONS][target_id]

    def connection_of(self, source: Resource) -> Resource:
        """The base connection of a source connection, which cannot be deleted before it."""
        return self._by_kind[Kind.CONNECTIONS][source.document["baseConnectionId"]]
