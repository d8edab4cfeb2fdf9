"""Lambda handler of the reconciler: a scheduled run, an event of Adobe's or a request of `inlet`.

`{"action": "reconcile"}` runs once, `{"action": "hint"}` unless a run started a short time ago;
`{"action": "copy", "batch": ID, "file": PATH, "line": N}` returns lines of Adobe's copy of the
failed records of a batch.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bridge.errors import BridgeError
from bridge.reconciliation.copies import copy_request
from bridge.reconciliation.summary import logged
from bridge.telemetry import logger
from functions.reconciler.wiring import calls, copies, deadline, reconciler

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

# The pages of a list of files, and repeated requests.
_CALLS_PER_COPY = 20


@logger.inject_lambda_context(clear_state=True)
def lambda_handler(event: object, context: "LambdaContext") -> dict[str, Any]:
    """Handle an event; an error is logged and returned, since no caller repeats it better."""
    deadline.start(context.get_remaining_time_in_millis() / 1000)
    action = event.get("action") if isinstance(event, Mapping) else None
    if not isinstance(event, Mapping) or not isinstance(action, str) or action not in _ACTIONS:
        return _refused(f"action must be one of {', '.join(_ACTIONS)}")
    try:
        return _ACTIONS[action](event)
    except BridgeError as exc:
        logger.error("unavailable", extra={"reason": str(exc)})
        return {"ok": False, "error": str(exc)}


def _refused(reason: str) -> dict[str, Any]:
    logger.error("refused", extra={"reason": reason})
    return {"ok": False, "error": reason}


def _copy(event: Mapping[str, Any]) -> dict[str, Any]:
    try:
        wanted = copy_request(event)
    except ValueError as exc:
        return _refused(str(exc))
    calls.grant(_CALLS_PER_COPY)
    return {"ok": True, **copies().read(wanted)}


def _reconcile(event: Mapping[str, Any]) -> dict[str, Any]:
    outcome = reconciler().run(hinted=event["action"] == "hint")
    return {"ok": not outcome.problems, **logged(outcome)}


_ACTIONS = {"reconcile": _reconcile, "hint": _reconcile, "copy": _copy}
