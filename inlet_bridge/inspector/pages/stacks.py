"""The first page: the stack, or the stacks among which to choose."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from inlet_bridge.inspector.web.rendering import inspector_of, page
from inlet_bridge.operations.stack_list import bridge_stacks


def first(request: Request) -> Response:
    """Lead to the only stack, or list all that are found."""
    inspector = inspector_of(request)
    if inspector.stack:
        return RedirectResponse(f"/stacks/{inspector.stack}/webhooks", 303)
    found = bridge_stacks(inspector.deployed("").client("cloudformation"))
    return page(request, "stacks.html", stacks=found)


def stack(request: Request) -> Response:
    """Lead to the webhooks of a stack."""
    name = quote(request.path_params["stack"], safe="")
    return RedirectResponse(f"/stacks/{name}/webhooks", 303)


ROUTES = [Route("/", first), Route("/stacks/{stack}", stack)]
