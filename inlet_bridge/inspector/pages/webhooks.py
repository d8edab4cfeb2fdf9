"""The list of webhooks."""

from datetime import UTC, datetime, timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inlet_bridge.inspector.rendering import page
from inlet_bridge.inspector.request_stack import deployed_of
from inlet_bridge.operations.delivery_log import DeliveryLog

_ROWS: Final = 50
_SINCE: Final = timedelta(days=1)


def webhooks(request: Request) -> Response:
    """The newest webhooks."""
    since = datetime.now(UTC) - _SINCE
    rows = DeliveryLog(deployed_of(request)).newest("", since=since, limit=_ROWS)
    return page(request, "webhooks.html", rows=rows)


ROUTES = [Route("/stacks/{stack}/webhooks", webhooks)]
