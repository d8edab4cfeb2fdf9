"""Invoke a function of a deployment that responds with `{"ok": ..., ...}`."""

import json
from typing import Any

from bridge.strict_json import write_json
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import InvalidPropertyError, OperationError


def invoke(deployed: Deployed, function: str, request: dict[str, Any]) -> dict[str, Any]:
    """Invoke a function and return its response.

    Args:
        deployed: the stack.
        function: which one, such as `provisioner`.
        request: its event.

    Raises:
        InvalidPropertyError: it rejects a property.
        OperationError: it failed, with its reason; or its response is not such a document.
    """
    answer = deployed.functions.invoke(
        FunctionName=deployed.resource(f"{function.title()}Function"), Payload=write_json(request)
    )
    document = _read(answer["Payload"].read())
    response: dict[str, Any] = document if isinstance(document, dict) else {}
    # A run with problems is not "ok", and its response has them instead of an error.
    succeeded = response.get("ok") or "problems" in response
    if answer.get("FunctionError") or response.get("error") or not succeeded:
        reason = response.get("error") or response.get("errorMessage") or "no answer"
        path = response.get("property")
        if isinstance(path, str) and path:
            raise InvalidPropertyError(path, str(reason).removeprefix(f"{path}: "))
        raise OperationError(f"the {function} says: {reason}")
    return response


def _read(payload: bytes) -> Any:
    try:
        return json.loads(payload or b"null")
    except (ValueError, RecursionError):
        return None
