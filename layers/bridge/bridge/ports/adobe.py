"""What the use cases need of Adobe: tokens, the inlet and the APIs of the platform."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


class Tokens(Protocol):
    """Access tokens of the technical account at Adobe."""

    def current(self) -> str:
        """A token that is valid for a while. Raises AdobeError or UnavailableError."""

    def renew(self, stale: str) -> str:
        """A token other than the one that was just refused. Raises as `current`."""


class TokenStore(Protocol):
    """Where all functions find the token that one of them got. Methods raise UnavailableError."""

    def read(self) -> str | None:
        """What was written last, or None."""

    def write(self, text: str) -> None:
        """Keep a token for everybody, encrypted."""

    def lock(self) -> bool:
        """Whether the caller is the one that gets a new token; false for all others meanwhile."""

    def unlock(self) -> None:
        """Done, whether there is a new token or not. Never raises."""

    def forget(self) -> None:
        """Delete the token; none is fine."""


@dataclass(frozen=True, slots=True)
class InletResponse:
    """What came back.

    Attributes:
        status: None when no answer came; the work may have been done all the same.
        headers: names in lower case.
        seconds: how long it took.
    """

    status: int | None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    seconds: float = field(default=0.0, compare=False)


class Inlet(Protocol):
    """A streaming inlet. A connection that fails is an answer too, not an exception."""

    def send(self, url: str, headers: Mapping[str, str], content: bytes) -> InletResponse:
        """POST once within the time that is left. Raises AdobeError when none is left."""


class FlowService(Protocol):
    """Adobe's Flow Service. Every method raises AdobeError.

    A kind is `connections`, `sourceConnections`, `targetConnections` or `flows`.
    """

    def create(self, kind: str, body: Mapping[str, Any]) -> str:
        """POST an object and give its id; never tried twice."""

    def get(self, kind: str, object_id: str) -> dict[str, Any] | None:
        """Read an object, or None when there is none."""

    def get_all(self, kind: str, object_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Read the objects that exist, by their ids; many cost no more than one."""

    def find(self, kind: str, filters: Mapping[str, str]) -> list[dict[str, Any]]:
        """All objects whose properties equal the filters, over all pages."""

    def patch(
        self, kind: str, object_id: str, etag: str, operations: Sequence[Mapping[str, Any]]
    ) -> None:
        """Change an object if it is still the version of that etag; else status 412."""

    def enable(self, flow_id: str) -> None:
        """Switch a flow on."""

    def delete(self, kind: str, object_id: str) -> None:
        """Delete an object; one that does not exist is fine."""


class MappingSets(Protocol):
    """Adobe's Data Prep. Every method raises AdobeError; nothing there can be deleted."""

    def validate(self, body: Mapping[str, Any]) -> tuple[str, ...]:
        """What is wrong with a mapping set, in Adobe's words; empty when nothing is."""

    def create(self, body: Mapping[str, Any]) -> str:
        """POST a mapping set and give its id; never tried twice."""

    def get(self, mapping_set_id: str) -> dict[str, Any] | None:
        """Read a mapping set, or None when there is none."""

    def named(self, name: str) -> list[dict[str, Any]]:
        """All mapping sets of this name."""


class Datasets(Protocol):
    """Adobe's Catalog. Every method raises AdobeError."""

    def create(self, body: Mapping[str, Any]) -> str:
        """POST a dataset and give its id; never tried twice."""

    def get(self, dataset_id: str) -> dict[str, Any] | None:
        """Read a dataset, or None when there is none."""

    def get_all(self, dataset_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Read the datasets that exist, by their ids; many cost no more than one."""

    def named(self, name: str) -> list[dict[str, Any]]:
        """All datasets of this name."""

    def holds_data(self, dataset_id: str) -> bool:
        """Whether anything was ever ingested into it."""

    def delete(self, dataset_id: str) -> None:
        """Delete a dataset; one that does not exist is fine."""


class Schemas(Protocol):
    """Adobe's Schema Registry."""

    def get(self, schema_id: str) -> dict[str, Any] | None:
        """A schema of the tenant, its references resolved, or None. Raises AdobeError."""
