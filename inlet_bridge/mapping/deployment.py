"""Ask a deployed bridge what the messages of a connection must fit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bridge.provisioning.direct_invocation import DECLARED, SCHEMAS, VALIDATE
from inlet_bridge.operations.errors import InvalidPropertyError
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
    """A connection of a deployment. Methods raise OperationError.

    Attributes:
        declared: its properties in the file, which may be ahead of the deployment; None if the file
            does not have it.
    """

    provisioner: Provisioner
    name: str
    declared: Mapping[str, Any] | None = None

    def schemas(self) -> DeployedSchemas:
        """Read the schemas of its flows as they will be."""
        answer = self._answer({"action": SCHEMAS, "connection": self.name})
        namespaces = answer["namespaces"]
        return DeployedSchemas(
            "raw" if answer["data_type"] == "raw" else "xdm",
            tuple(answer["flows"]),
            {flow: schema for flow, schema in answer["flows"].items() if schema is not None},
            None if namespaces is None else tuple(namespaces),
        )

    def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        flows = _flows(self.declared)
        if not any("Schema" in each for each in flows):
            try:
                answer = self.provisioner.ask(request)
            except InvalidPropertyError:
                if self.declared is None:
                    raise
            else:
                if all(each.get("Name") in answer["flows"] for each in flows):
                    return answer
        return ask_as_declared(self.provisioner, request, self.declared)

    def verdict(self, flow: str, message: Any) -> dict[str, Any]:
        """Have Adobe validate a message, which it ingests if it is valid."""
        request = {"action": VALIDATE, "connection": self.name, "flow": flow, "message": message}
        verdict: dict[str, Any] = self.provisioner.ask(request)["verdict"]
        return verdict


def ask_as_declared(
    provisioner: Provisioner, request: dict[str, Any], declared: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Ask about a connection as its properties describe it, or as it is.

    Args:
        provisioner: of the deployment; one of an earlier version knows no `declared`.
        request: without `declared`.
        declared: its properties; None if they are not known.

    Raises:
        OperationError: as of `Provisioner.ask`.
    """
    if declared is not None:
        try:
            return provisioner.ask({**request, DECLARED: dict(declared)})
        except InvalidPropertyError as exc:
            if exc.path != DECLARED:
                raise
    return provisioner.ask(request)


def _flows(declared: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    flows = (declared or {}).get("Flows")
    return [each for each in flows if isinstance(each, Mapping)] if isinstance(flows, list) else []
