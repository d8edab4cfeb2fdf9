"""Pause and resume a source or a connection: asked for a connection, recorded, then a notice."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bridge.names import NAME
from bridge.sources.cache import PAUSE_DELAY, SOURCE_LIFETIME
from inlet_bridge.inspector.web.forms import Form, posted
from inlet_bridge.inspector.web.panels import panel
from inlet_bridge.inspector.web.rendering import inspector_of, page
from inlet_bridge.inspector.web.request_stack import deployed_of
from inlet_bridge.operations.configuration import pause as pausing
from inlet_bridge.operations.configuration.topology import read_topology
from inlet_bridge.operations.delivery.actions import ActionResult

_SECOND: Final = timedelta(seconds=1)


def question(request: Request) -> Response:
    """Ask before a source or a connection is paused."""
    named = _named(request.query_params)
    [(kind, name)] = named.items()
    topology = panel(lambda: read_topology(deployed_of(request))).value
    sources = [
        each.name
        for each in (topology.sources if topology else ())
        if kind == "connection" and name in each.connections
    ]
    return page(
        request,
        "confirm_pause.html",
        kind=kind,
        name=name,
        sources=sources,
        seconds=SOURCE_LIFETIME // _SECOND,
    )


def pause(request: Request, form: Form) -> Response:
    """Pause a source or a connection."""
    named = _permitted(request, form, "pause")
    pausing.pause(deployed_of(request), **named)
    text = (
        f"The {_title(named)} is paused: sending stops within {SOURCE_LIFETIME // _SECOND} s."
        " Webhooks are accepted, and wait in the buffer until it is resumed."
    )
    return _back(request, text)


def resume(request: Request, form: Form) -> Response:
    """Resume a source or a connection."""
    named = _permitted(request, form, "resume")
    if not pausing.resume(deployed_of(request), **named):
        return _back(request, f"The {_title(named)} was not paused.")
    # A waiting message looks again after each delay, with settings that may be as old as that.
    latest = datetime.now(UTC) + PAUSE_DELAY + SOURCE_LIFETIME
    text = (
        f"The {_title(named)} is resumed. New webhooks are sent within"
        f" {SOURCE_LIFETIME // _SECOND} s, and those that wait by {latest:%H:%M} UTC."
    )
    return _back(request, text)


def _title(named: Mapping[str, str]) -> str:
    [(kind, name)] = named.items()
    return f"{kind} {name}"


def _named(given: Mapping[str, str]) -> dict[str, str]:
    """The source or connection that is named. Raises HTTPException."""
    named = {kind: given[kind] for kind in ("source", "connection") if given.get(kind)}
    if len(named) != 1 or not all(map(NAME.fullmatch, named.values())):
        text = "The form must have the name of one source or one connection."
        raise HTTPException(HTTPStatus.BAD_REQUEST, text)
    return named


def _permitted(request: Request, form: Form, action: str) -> dict[str, str]:
    """The source or connection of an action, which is recorded. Raises HTTPException."""
    inspector, stack = inspector_of(request), deployed_of(request).stack
    if not inspector.actions_allowed:
        text = f"This inspector only reads; start it with --allow-actions to {action}."
        raise HTTPException(HTTPStatus.FORBIDDEN, text)
    named = _named(form)
    inspector.actions.record(action, stack, **named)
    return named


def _back(request: Request, text: str) -> Response:
    stack = request.path_params["stack"]
    notice = request.app.state.notices.add(ActionResult(text))
    path = f"/stacks/{stack}/overview?notice={notice}#waiting"
    return RedirectResponse(path, HTTPStatus.SEE_OTHER)


ROUTES = [
    Route("/stacks/{stack}/overview/pause", question),
    Route("/stacks/{stack}/overview/pause", posted(pause), methods=["POST"]),
    Route("/stacks/{stack}/overview/resume", posted(resume), methods=["POST"]),
]
