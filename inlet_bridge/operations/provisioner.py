"""Invoke the deployed provisioner, as `bridge.provisioning.direct_invocation` defines."""

import json
from typing import Any

from bridge.strict_json import write_json
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError


class Provisioner:
    """The provisioner of one stack. Raises OperationError if it cannot be invoked."""

    def __init__(self, deployed: Deployed) -> None:
        self._deployed = deployed

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Invoke it and return its result. Raises OperationError with its message on failure."""
        function = self._deployed.resources["ProvisionerFunction"]
        answer = self._deployed.functions.invoke(FunctionName=function, Payload=write_json(request))
        document = _read(answer["Payload"].read())
        told = document if isinstance(document, dict) else {}
        if answer.get("FunctionError") or not told.get("ok"):
            reason = told.get("error") or told.get("errorMessage") or "no answer"
            raise OperationError(f"the provisioner says: {reason}")
        return told


def _read(payload: bytes) -> Any:
    try:
        return json.loads(payload or b"null")
    except (ValueError, RecursionError):
        return None
