"""What came beside the message that it becomes by today's routes and maps.

Both are redacted by today's `Privacy` of the source, also what was stored before it was changed.
"""

from copy import replace
from dataclasses import dataclass
from typing import Final

from bridge.delivery.delivery import Delivery
from bridge.errors import MappingError, WebhookRejectedError
from bridge.messages.documents import document_of
from bridge.messages.routing import context_of, target_to
from bridge.sources.source import Source
from inlet_bridge.inspector.redaction.credentials import shown_values
from inlet_bridge.inspector.redaction.visible_webhook import (
    HiddenBodyError,
    visible_webhook,
    without_credentials,
)
from inlet_bridge.inspector.webhook.shown_text import ShownText, shown_body, shown_bytes
from inlet_bridge.operations.delivery.history import DeliveryHistory
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.replay.outcomes import Tally
from inlet_bridge.operations.replay.routing import Routing

_HASHED_TWICE: Final = (
    "What is kept was redacted when it came. Privacy is applied again for this page, so what it"
    " hashes is hashed twice here."
)


@dataclass(frozen=True, slots=True)
class MessageView:
    """What a page shows of the content of a webhook.

    Attributes:
        came: the body; None if it cannot be shown, `came_problem` says why.
        headers, query: what is kept of them, without secrets.
        note: what to know about the body; empty for nothing.
        whole: the webhook as it may be shown, to be sent again; None if the body cannot be shown.
        message: by today's map; None if there is none, `message_problem` says why.
        flow: that the message goes to.
        route: the position and the condition of the route; empty if none is known.
        warnings: why Adobe may not ingest all of it, or not as its author may expect.
    """

    came: ShownText | None = None
    came_problem: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    query: tuple[tuple[str, str], ...] = ()
    note: str = ""
    whole: Delivery | None = None
    message: ShownText | None = None
    message_problem: str = ""
    flow: str = ""
    route: str = ""
    warnings: tuple[str, ...] = ()


def message_view(history: DeliveryHistory) -> MessageView:
    """The content of a delivery, before and after."""
    configured, webhook = history.source, history.webhook
    if webhook is None:
        return MessageView(came_problem=_why_not_kept(history))
    if configured is None:
        problem = f"the body is not shown, since {history.source_problem}: its Privacy is unknown"
        return MessageView(came_problem=problem)
    source = without_credentials(configured)
    try:
        may_be_shown = visible_webhook(source, webhook)
    except HiddenBodyError as exc:
        return MessageView(came_problem=str(exc))
    twice = webhook.kind == "document" and source.privacy.hash
    view = MessageView(
        came=_came(may_be_shown, webhook),
        headers=shown_values(webhook.headers, source.scheme),
        query=shown_values(webhook.query, source.scheme),
        note=_HASHED_TWICE if twice else "",
        whole=may_be_shown,
    )
    return _with_message(view, source, history, may_be_shown)


def _why_not_kept(history: DeliveryHistory) -> str:
    if history.webhook_problem:
        return history.webhook_problem
    if history.record and history.record.kept:
        return "the body was kept, and has expired or was erased"
    if any(line.message == "body was not kept" for line in history.lines.lines):
        return "the body could not be stored when the webhook came"
    source = history.source
    if source and source.keep_bodies:
        return "the body was not kept: KeepBodies was not set when the webhook came"
    return "bodies are not kept: set KeepBodies, which keeps those that come from then on"


def _came(shown: Delivery, webhook: Delivery) -> ShownText:
    if shown.kind == "document":
        found = shown_bytes(shown.body)
        return replace(found, size=len(webhook.body))
    return shown_body(shown)


def _with_message(
    view: MessageView, source: Source, history: DeliveryHistory, webhook: Delivery
) -> MessageView:
    """Add the message of the delivery; of a whole webhook with several, that of none."""
    to = history.flow if "/" in history.flow else ""
    if to and history.destination is None:
        return replace(view, message_problem=f"there is no flow {to} any more")
    routing = Routing(source, to, history.destination, read_schema=history.read_schema)
    tally = Tally()
    try:
        found = routing.of(webhook, tally)
        delivery = _this_one(found, history)
        if delivery is None:
            return replace(view, message_problem=_why_no_message(found, tally))
        entity = routing.message(delivery)
    except (MappingError, OperationError) as exc:
        return replace(view, message_problem=str(exc))
    flow = delivery.flow
    return replace(
        view,
        message=shown_bytes(entity.content),
        flow=flow,
        route=_route(source, delivery) if not to else "",
        warnings=entity.warnings + entity.notes,
    )


def _this_one(found: list[Delivery], history: DeliveryHistory) -> Delivery | None:
    if history.record:
        return next((each for each in found if each.key == history.key), None)
    return next((each for each in found if each.delivery_id == history.delivery_id), None)


def _why_no_message(found: list[Delivery], tally: Tally) -> str:
    if len(found) > 1:
        return f"today it becomes {len(found)} messages; each delivery below has its own"
    if reason := next(iter(tally.reasons), ""):
        return reason
    if found:
        return "today's routes lead to another delivery"
    return "no route of the source takes it today"


def _route(source: Source, delivery: Delivery) -> str:
    """The route of a delivery: `Routes.0`, with its condition."""
    try:
        context = context_of(source, delivery, document_of(source, delivery))
        route, _ = target_to(source, delivery.flow, context)
    except (MappingError, WebhookRejectedError):
        return ""
    if route not in source.routes:
        return f"Otherwise: {delivery.flow}"
    position = f"Routes.{source.routes.index(route)}"
    return f"{position}, When: {route.when}" if route.when else position
