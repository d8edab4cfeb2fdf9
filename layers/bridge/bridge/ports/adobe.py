"""Ports of Adobe: tokens, the inlet and the platform APIs."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, Protocol


class Tokens(Protocol):
    """Access tokens of Adobe's technical account."""

    def current(self) -> str:
        """Return a valid token. Raises AdobeError or UnavailableError."""

    def renew(self, stale: str) -> str:
        """Return a token other than the rejected one. Raises AdobeError or UnavailableError."""


class TokenStore(Protocol):
    """The token that all functions share. Methods raise UnavailableError."""

    def read(self) -> str | None:
        """Return the stored token, or None."""

    def write(self, text: str) -> None:
        """Store a token, encrypted."""

    def lock(self) -> bool:
        """Acquire the lock for requesting a new token; False if another caller holds it."""

    def unlock(self) -> None:
        """Release the lock. Never raises."""

    def forget(self) -> None:
        """Delete the token; a missing one is ignored."""


class InletResponse(NamedTuple):
    """A response of the inlet.

    Attributes:
        status: None if there was no response; the messages may have been accepted nevertheless.
        headers: names in lower case.
        seconds: the duration of the request.
    """

    status: int | None
    headers: Mapping[str, str] = MappingProxyType({})
    body: bytes = b""
    seconds: float = 0.0


class Inlet(Protocol):
    """A streaming inlet. A failed connection is an InletResponse, not an exception."""

    def send(self, url: str, headers: Mapping[str, str], content: bytes) -> InletResponse:
        """POST once within the remaining time. Raises AdobeError if there is none."""


class FlowService(Protocol):
    """Adobe's Flow Service. Every method raises AdobeError.

    A kind is `connections`, `sourceConnections`, `targetConnections` or `flows`.
    """

    def create(self, kind: str, body: Mapping[str, Any]) -> str:
        """POST an object and return its id; never retried."""

    def get(self, kind: str, object_id: str) -> dict[str, Any] | None:
        """Read an object, or None if it does not exist."""

    def get_all(self, kind: str, object_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Read the objects that exist, by id, in one request."""

    def find(self, kind: str, filters: Mapping[str, str]) -> list[dict[str, Any]]:
        """Return all objects whose properties equal the filters, from all pages."""

    def patch(
        self, kind: str, object_id: str, etag: str, operations: Sequence[Mapping[str, Any]]
    ) -> None:
        """Change an object if its etag still matches; otherwise AdobeError with status 412."""

    def enable(self, flow_id: str) -> None:
        """Enable a flow."""

    def delete(self, kind: str, object_id: str) -> bool:
        """Delete an object; False if it does not exist."""


class MappingSets(Protocol):
    """Adobe's Data Prep. Every method raises AdobeError. Mapping sets cannot be deleted."""

    def validate(self, body: Mapping[str, Any]) -> tuple[str, ...]:
        """Return Adobe's validation errors for a mapping set; empty if it is valid."""

    def create(self, body: Mapping[str, Any]) -> str:
        """POST a mapping set and return its id; never retried."""

    def get(self, mapping_set_id: str) -> dict[str, Any] | None:
        """Read a mapping set, or None if it does not exist."""

    def named(self, name: str) -> list[dict[str, Any]]:
        """Return all mapping sets with this name."""


class Datasets(Protocol):
    """Adobe's Catalog. Every method raises AdobeError."""

    def create(self, body: Mapping[str, Any]) -> str:
        """POST a dataset and return its id; never retried."""

    def get(self, dataset_id: str) -> dict[str, Any] | None:
        """Read a dataset, or None if it does not exist."""

    def get_all(self, dataset_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Read the datasets that exist, by id, in one request."""

    def named(self, name: str) -> list[dict[str, Any]]:
        """Return all datasets with this name."""

    def holds_data(self, dataset_id: str) -> bool:
        """Whether data was ever ingested into the dataset."""

    def delete(self, dataset_id: str) -> bool:
        """Delete a dataset; False if it does not exist."""


class Schemas(Protocol):
    """Adobe's Schema Registry."""

    def get(self, schema_id: str) -> dict[str, Any] | None:
        """Return a tenant schema with its references resolved, or None. Raises AdobeError."""


type SchemaKind = Literal["fieldgroups", "schemas"]
type ComponentKind = Literal["classes", "fieldgroups"]


class SchemaLibrary(Protocol):
    """What the tenant creates in Adobe's Schema Registry. Every method raises AdobeError.

    A schema is an object of `id` (its `$id`), `name` (its title), `description`, `class`, `parts`
    (the `$id` of its class and field groups), `profile` and `identities` (its descriptors); a field
    group one of `id`, `name`, `description`, `classes` and `fields` (JSON Schema by name, below the
    tenant's namespace).
    """

    def tenant(self) -> str:
        """Return the ID of the tenant; its namespace is the ID after an underscore."""

    def component(self, kind: ComponentKind, component_id: str) -> dict[str, Any] | None:
        """Return a class or field group, also of Adobe, with references resolved, or None."""

    def create(self, kind: SchemaKind, body: Mapping[str, Any]) -> str:
        """Create an object and return its `$id`; never retried.

        A schema has neither identities nor Profile before it is patched.
        """

    def get(self, kind: SchemaKind, object_id: str) -> dict[str, Any] | None:
        """Read an object, or None if it does not exist."""

    def named(self, kind: SchemaKind, name: str) -> list[dict[str, Any]]:
        """Return the objects with this title, which is unique in a sandbox."""

    def patch(
        self, kind: SchemaKind, object_id: str, operations: Sequence[Mapping[str, Any]]
    ) -> None:
        """Change an object; after a failure, part of it may have taken effect."""

    def delete(self, kind: SchemaKind, object_id: str) -> bool:
        """Delete an object, a schema with its identities; False if it does not exist."""


class IdentityNamespaces(Protocol):
    """Adobe's Identity Service."""

    def codes(self) -> tuple[str, ...]:
        """Return the codes of the sandbox's identity namespaces. Raises AdobeError."""


class Sandboxes(Protocol):
    """Adobe's sandbox management."""

    def type_of(self, name: str) -> str:
        """Return `development` or `production`; empty if Adobe does not tell."""


class Expiration(NamedTuple):
    """A scheduled deletion of a dataset.

    Attributes:
        status: `pending`, or `executing` while Adobe deletes the dataset.
        at: not before this time.
    """

    status: str
    at: datetime


class Expirations(Protocol):
    """Adobe's Data Hygiene: datasets that expire."""

    def open(self) -> Mapping[str, Expiration]:
        """Return the expirations of the sandbox that are not completed, by dataset.

        Raises AdobeError.
        """
