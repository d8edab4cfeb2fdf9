"""Ask a deployed bridge what the messages of a connection must fit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bridge.provisioning.direct_invocation import SCHEMAS, VALIDATE
from inlet_bridge.operations.provisioner import Provisioner


@dataclass(frozen=True, slots=True)
class DeployedSchemas:
    """The schemas of a connection as the provisioner reads them now.

    Attributes:
        flows: names of the connection's flows.
        schemas: constraints with the class, by flow; only those that can be read.
        namespaces: of the sandbox; None if they cannot be read.
    """

    data_type: Literal["xdm", "raw"]
    flows: tuple[str, ...]
    schemas: Mapping[str, Mapping[str, Any]]
    namespaces: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class DeployedConnection:
    """A connection of a deployment. Methods raise OperationError."""

    provisioner: Provisioner
    name: str

    def schemas(self) -> DeployedSchemas:
        """Read the schemas of its flows."""
        answer = self.provisioner.ask({"action": SCHEMAS, "connection": self.name})
        namespaces = answer["namespaces"]
        return DeployedSchemas(
            "raw" if answer["data_type"] == "raw" else "xdm",
            tuple(answer["flows"]),
            {flow: schema for flow, schema in answer["flows"].items() if schema is not None},
            None if namespaces is None else tuple(namespaces),
        )

    def verdict(self, flow: str, message: Any) -> dict[str, Any]:
        """Have Adobe validate a message, which it ingests if it is valid."""
        request = {"action": VALIDATE, "connection": self.name, "flow": flow, "message": message}
        verdict: dict[str, Any] = self.provisioner.ask(request)["verdict"]
        return verdict
