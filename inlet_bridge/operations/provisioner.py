"""Invoke the deployed provisioner, as `bridge.provisioning.direct_invocation` defines."""

from typing import Any

from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.invocation import invoke


class Provisioner:
    """The provisioner of one stack. Raises OperationError if it cannot be invoked."""

    def __init__(self, deployed: Deployed) -> None:
        self.deployed = deployed

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Invoke it and return its result. Raises OperationError with its message on failure."""
        return invoke(self.deployed, "provisioner", request)
