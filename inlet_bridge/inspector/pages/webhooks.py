"""The list of webhooks."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inlet_bridge.inspector.web.rendering import page
from inlet_bridge.inspector.web.request_stack import deployed_of
from inlet_bridge.inspector.webhook_list.list_query import (
    DEFAULT_SINCE,
    REFUSALS,
    InvalidFieldError,
    ListQuery,
    check_names,
    given_fields,
    list_query,
)
from inlet_bridge.inspector.webhook_list.live_events import digest_of
from inlet_bridge.inspector.webhook_list.row_texts import shown_row
from inlet_bridge.operations.configuration.source_facts import SourceFacts, source_facts
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.webhooks.filters import STATES
from inlet_bridge.operations.webhooks.webhook_list import ListPage, WebhookList

if TYPE_CHECKING:
    from inlet_bridge.inspector.web.cached import Cached

_LIVE = "New webhooks appear by themselves."


def webhooks(request: Request) -> Response:
    """The newest webhooks, or older ones; 400 if a filter is invalid."""
    now = datetime.now(UTC)
    deployed = deployed_of(request)
    sources = sources_of(request, deployed)
    shared: dict[str, Any] = {
        "fields": defaultdict(str, given_fields(request.query_params)),
        "sources": list(sources),
        "states": STATES,
        "refusals": REFUSALS,
        "default_since": DEFAULT_SINCE,
    }
    try:
        check_names(request.query_params.multi_items())
        asked = list_query(request.query_params, now)
    except InvalidFieldError as exc:
        return page(request, "webhooks.html", status=400, problem=str(exc), **shared)
    found = WebhookList(deployed, sources, deployed.time.now).page(asked.wanted, asked.before)
    return page(
        request,
        "webhooks.html",
        problem="",
        unknown_source=asked.wanted.source not in ("", *sources),
        **_links(asked, found, request.url.path),
        rows=[shown_row(row, deployed.stack, now) for row in found.rows],
        searched_to=found.searched_to,
        **shared,
    )


def sources_of(request: Request, deployed: Deployed) -> Mapping[str, SourceFacts]:
    """The configured sources, kept for some seconds."""
    kept: Cached[Mapping[str, SourceFacts]] = request.app.state.sources
    return kept.get(deployed.stack, lambda: source_facts(deployed))


def _links(asked: ListQuery, found: ListPage, path: str) -> dict[str, Any]:
    return {
        "older": f"{path}?{asked.text(found.older)}" if found.older else "",
        "newest": f"{path}?{asked.text()}" if asked.before else "",
        "live": f"{path}/events?{asked.text()}&shown={digest_of(found.rows)}"
        if asked.is_live
        else "",
        "live_text": _LIVE if asked.is_live else "",
    }


ROUTES = [Route("/stacks/{stack}/webhooks", webhooks)]
