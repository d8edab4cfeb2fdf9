"""Check that the credentials match the sandbox of a chain."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bridge.errors import UnavailableError
from bridge.names import ChainLocation
from bridge.provisioning.chain.record import ChainRecord


class Tenant(Protocol):
    """The organization and the sandbox of the credentials."""

    @property
    def org_id(self) -> str:
        """The IMS organization."""

    @property
    def sandbox(self) -> str:
        """The sandbox's name."""


@dataclass(frozen=True, slots=True)
class SandboxCheck:
    """Locates the chains of one stage.

    Attributes:
        installation: the AWS region and account, see `ChainLocation`.
        tenant: reads the credentials; raises UnavailableError.
    """

    stage: str
    installation: str
    tenant: Callable[[], Tenant]

    def location(self) -> ChainLocation:
        """The location of a new chain. Raises UnavailableError."""
        tenant = self.tenant()
        return ChainLocation(self.stage, tenant.org_id, tenant.sandbox, self.installation)

    def location_of(self, name: str, record: ChainRecord) -> ChainLocation:
        """The location of a recorded chain; other credentials would create it a second time.

        Raises:
            UnavailableError: the credentials are for another sandbox, or cannot be read.
        """
        location = self.location()
        org_id = record.values.get("org_id", location.org_id)
        sandbox = record.values.get("sandbox", location.sandbox)
        if (org_id, sandbox) != (location.org_id, location.sandbox):
            raise UnavailableError(
                f"connection {name} is in sandbox {sandbox} of {org_id}, but the credentials "
                f"are for sandbox {location.sandbox} of {location.org_id}"
            )
        return location
