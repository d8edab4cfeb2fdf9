"""New webhooks, and rows that change, for an open page of the list."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import anyio
from botocore.exceptions import BotoCoreError, ClientError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from inlet_bridge.inspector.pages.webhooks import sources_of
from inlet_bridge.inspector.web.panels import sentence_of
from inlet_bridge.inspector.web.request_stack import deployed_of
from inlet_bridge.inspector.webhook_list.list_query import (
    InvalidFieldError,
    ListQuery,
    check_names,
    list_query,
)
from inlet_bridge.inspector.webhook_list.live_events import (
    change_events,
    digest_of,
    end_event,
    reset_events,
    text_event,
)
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.webhooks.live_list import LiveList
from inlet_bridge.operations.webhooks.webhook_list import WebhookList, cursor_after

POLL_SECONDS: Final = 2.0
MOST_STREAMS: Final = 4
"""Pages that change by themselves. Browsers open six connections to a host, and pages need some:
https://developer.mozilla.org/docs/Web/API/EventSource"""
_LONGEST_SECONDS: Final = 60.0
_FAILURES: Final = (ClientError, BotoCoreError, OperationError)
_AGAIN: Final = "New webhooks appear again."
_TOO_MANY: Final = (
    f"{MOST_STREAMS} other pages are open and show new webhooks; this one does not. Close one and"
    " reload."
)


@dataclass
class OpenStreams:
    """How many pages are open."""

    number: int = 0


async def events(request: Request) -> Response:
    """The events of one page; 400 if a filter is invalid."""
    try:
        check_names(request.query_params.multi_items(), "shown")
        asked = list_query(request.query_params, datetime.now(UTC))
    except InvalidFieldError as exc:
        raise HTTPException(400, str(exc)) from exc
    live = await run_in_threadpool(_live_list, request, asked)
    streams: OpenStreams = request.app.state.streams
    path = request.url.path.removesuffix("/events")
    shown = request.query_params.get("shown", "")
    return StreamingResponse(
        changes_of(live, asked, path, shown, streams), media_type="text/event-stream"
    )


def _live_list(request: Request, asked: ListQuery) -> LiveList:
    deployed = deployed_of(request)
    webhooks = WebhookList(deployed, sources_of(request, deployed), deployed.time.now)
    return LiveList(deployed, webhooks, asked.wanted, deployed.time.now)


async def changes_of(
    live: LiveList, asked: ListQuery, path: str, shown: str, streams: OpenStreams
) -> AsyncIterator[str]:
    """The events until the browser closes the connection.

    Args:
        live: the rows of the page.
        asked: its filters.
        path: of the list.
        shown: the digest of what the page shows.
        streams: counts this one while it is open.
    """
    if streams.number >= MOST_STREAMS:
        yield text_event(_TOO_MANY)
        yield end_event()
        return
    streams.number += 1
    stack, pause, has_begun = live.deployed.stack, POLL_SECONDS, False
    has_failed = False
    try:
        while True:
            try:
                if has_begun:
                    changes = await run_in_threadpool(live.poll)
                    older = asked.text(cursor_after(live.rows)) if live.rows else ""
                    found = change_events(changes, stack, live.clock(), f"{path}?{older}")
                else:
                    await run_in_threadpool(live.begin)
                    is_same = digest_of(live.rows) == shown
                    found = iter(()) if is_same else reset_events(live.rows, stack, live.clock())
                    has_begun = True
                if has_failed:
                    yield text_event(_AGAIN)
                pause, has_failed = POLL_SECONDS, False
            except _FAILURES as exc:
                pause = min(pause * 2, _LONGEST_SECONDS)
                has_failed = True
                text = f"New webhooks cannot be read: {sentence_of(exc).rstrip('.')}."
                found = iter([text_event(f"{text} It is tried again in {pause:.0f} s.")])
            for event in found:
                yield event
            await anyio.sleep(pause)
    finally:
        streams.number -= 1


ROUTES = [Route("/stacks/{stack}/webhooks/events", events)]
