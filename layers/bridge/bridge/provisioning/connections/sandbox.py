"""Whose sandbox a chain lives in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bridge.errors import UnavailableError
from bridge.names import ChainLocation
from bridge.provisioning.chain.record import ChainRecord


class Tenant(Protocol):
    """Whose sandbox the credentials open."""

    @property
    def org_id(self) -> str:
        """The IMS organisation."""

    @property
    def sandbox(self) -> str:
        """The sandbox's name."""


@dataclass(frozen=True, slots=True)
class SandboxCheck:
    """Where the chains of one stage live.

    Attributes:
        installation: the AWS region and account, see `Place`.
        tenant: reads the credentials; raises UnavailableError.
    """

    stage: str
    installation: str
    tenant: Callable[[], Tenant]

    def place(self) -> ChainLocation:
        """Where a new chain would be made. Raises UnavailableError."""
        tenant = self.tenant()
        return ChainLocation(self.stage, tenant.org_id, tenant.sandbox, self.installation)

    def place_of(self, name: str, record: ChainRecord) -> ChainLocation:
        """Where a chain is: with other credentials everything would be made a second time.

        Raises:
            UnavailableError: the credentials are of another sandbox, or cannot be read.
        """
        place = self.place()
        org_id = record.values.get("org_id", place.org_id)
        sandbox = record.values.get("sandbox", place.sandbox)
        if (org_id, sandbox) != (place.org_id, place.sandbox):
            raise UnavailableError(
                f"connection {name} is in sandbox {sandbox} of {org_id}, but the credentials "
                f"are for sandbox {place.sandbox} of {place.org_id}"
            )
        return place
