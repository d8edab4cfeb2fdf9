"""The actions of the page of one webhook: POST, recorded, then a redirect to the page."""

from collections.abc import Mapping
from http import HTTPStatus

from botocore.exceptions import BotoCoreError, ClientError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from inlet_bridge.inspector.web.addresses import in_form, webhook_path
from inlet_bridge.inspector.web.forms import posted
from inlet_bridge.inspector.web.path_text import TEXT
from inlet_bridge.inspector.web.rendering import inspector_of
from inlet_bridge.inspector.web.request_stack import deployed_of
from inlet_bridge.operations.delivery.actions import ActionResult, SingleDelivery
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.unreachable import rejection, unreachable

_NAMES = frozenset({"replay", "redrive", "drop"})


def act(request: Request, fields: Mapping[str, str]) -> Response:
    """Do what the form says, if it was confirmed."""
    inspector, deployed = inspector_of(request), deployed_of(request)
    if not inspector.actions_allowed:
        raise HTTPException(
            HTTPStatus.FORBIDDEN, "The inspector is read-only: start it with --allow-actions."
        )
    source, delivery_id = request.path_params["source"], request.path_params["delivery_id"]
    name = fields.get("action", "")
    if name not in _NAMES:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "The form names no action.")
    if fields.get("delivery_id") != in_form(delivery_id):
        # The question again: what is done names its delivery.
        return _to(webhook_path(deployed.stack, source, delivery_id, confirm=name))
    inspector.actions.record(name, deployed.stack, source=source, delivery_id=delivery_id)
    single = SingleDelivery(deployed, source, delivery_id)
    notice = request.app.state.notices.add(_result(single, name, fields.get("run_id", "")))
    return _to(webhook_path(deployed.stack, source, delivery_id, notice=notice))


def _result(single: SingleDelivery, name: str, run_id: str) -> ActionResult:
    """What was done; an error is a result too, with its way out."""
    try:
        match name:
            case "replay":
                return single.replay(run_id)
            case "redrive":
                return single.redrive()
            case _:
                return single.drop()
    except OperationError as exc:
        text = f"It failed: {exc}. {exc.hint}".rstrip()
    except BotoCoreError as exc:
        text = f"It failed: {unreachable(exc)}. Load the page to see what was done."
    except ClientError as exc:
        text = f"{rejection(exc)}. Load the page to see what was done."
    return ActionResult(text, succeeded=False)


def _to(path: str) -> Response:
    return RedirectResponse(path, HTTPStatus.SEE_OTHER)


ROUTES = [
    Route(
        f"/stacks/{{stack}}/webhooks/{{source}}/{{delivery_id:{TEXT}}}",
        posted(act),
        methods=["POST"],
    )
]
