"""The page of one webhook."""

from datetime import UTC, datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inlet_bridge.inspector.map_editor.edited_file import source_names
from inlet_bridge.inspector.overview.runbooks import runbooks
from inlet_bridge.inspector.redaction.credentials import MASKED
from inlet_bridge.inspector.web.addresses import in_form, webhook_path
from inlet_bridge.inspector.web.panels import panel
from inlet_bridge.inspector.web.path_text import TEXT
from inlet_bridge.inspector.web.rendering import inspector_of, page
from inlet_bridge.inspector.web.request_stack import deployed_of
from inlet_bridge.inspector.webhook.actions import confirmation, offered_actions
from inlet_bridge.inspector.webhook.curl import CurlRequest, curl_command
from inlet_bridge.inspector.webhook.message_view import MessageView, message_view
from inlet_bridge.inspector.webhook.timeline import timeline
from inlet_bridge.operations.delivery.history import DeliveryHistory, history_of
from inlet_bridge.operations.delivery.repetition import Repetition, repetition_of
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.replay.run import new_id
from inlet_bridge.operations.webhooks.rows import state_of


def webhook(request: Request) -> Response:
    """What came, what became of it and what can be done; or the question before an action."""
    deployed, inspector = deployed_of(request), inspector_of(request)
    source, delivery_id = request.path_params["source"], request.path_params["delivery_id"]
    history = history_of(deployed, source, delivery_id)
    if not history.is_known:
        raise HTTPException(
            404,
            f"No delivery {delivery_id} of {source} is recorded, or logged in the last 24 hours. It"
            " was refused, is older than its record, or never came.",
        )
    actions = offered_actions(history, is_allowed=inspector.actions_allowed)
    if wanted := request.query_params.get("confirm"):
        return _confirm(request, history, wanted)
    view = message_view(history)
    sent = _repetition(deployed, history, view, is_local=inspector.is_local)
    return page(
        request,
        "webhook.html",
        history=history,
        record=history.record,
        state=_state(history),
        view=view,
        steps=timeline(history, view),
        actions=actions,
        curl=curl_command(_as_curl(sent)) if sent else "",
        curl_notes=sent.notes if sent else (),
        notice=request.app.state.notices.find(request.query_params.get("notice", "")),
        address=lambda each: webhook_path(deployed.stack, each.source, each.key),
        own_address=webhook_path(deployed.stack, source, delivery_id),
        has_map=source in (panel(lambda: source_names(inspector.sources_file, {})).value or ()),
        runbooks=runbooks(),
        state_of=state_of,
    )


def _confirm(request: Request, history: DeliveryHistory, wanted: str) -> Response:
    """The page that asks before an action."""
    inspector = inspector_of(request)
    offered = offered_actions(history, is_allowed=True)
    action = next((each for each in offered if each.name == wanted), None)
    if action is None:
        raise HTTPException(404, f"There is no action {wanted} on this delivery now.")
    return page(
        request,
        "confirm.html",
        history=history,
        action=action,
        state=_state(history),
        confirmation=confirmation(action, history),
        is_allowed=inspector.actions_allowed,
        named=in_form(request.path_params["delivery_id"]),
        run_id=new_id(datetime.now(UTC)),
        own_address=webhook_path(
            request.path_params["stack"], history.name, request.path_params["delivery_id"]
        ),
    )


def _state(history: DeliveryHistory) -> str:
    if history.record:
        return state_of(history.record)
    outcomes = [line.message for line in history.lines.lines if line.is_outcome]
    return outcomes[-1] if outcomes else "unknown"


def _repetition(
    deployed: Deployed, history: DeliveryHistory, view: MessageView, *, is_local: bool
) -> Repetition | None:
    if view.whole is None or history.source is None or history.source.scheme.family == "iam":
        return None
    query: dict[str, list[str]] = {}
    for name, value in view.query:
        if value != MASKED:
            query.setdefault(name, []).append(value)
    headers = {name: value for name, value in view.headers if value != MASKED}
    return repetition_of(deployed, history.source, view.whole, headers, query, is_local=is_local)


def _as_curl(sent: Repetition) -> CurlRequest:
    return CurlRequest(sent.url, sent.headers, sent.body, sent.host)


ROUTES = [
    Route(f"/stacks/{{stack}}/webhooks/{{source}}/{{delivery_id:{TEXT}}}", webhook, methods=["GET"])
]
