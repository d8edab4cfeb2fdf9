"""The web application: pages, and what protects them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from inlet_bridge.inspector.inspector import Inspector
from inlet_bridge.inspector.pages import (
    maps,
    overview,
    pausing,
    refusal,
    stacks,
    webhook,
    webhook_actions,
    webhook_events,
    webhooks,
)
from inlet_bridge.inspector.security.access import Access
from inlet_bridge.inspector.security.response_headers import ResponseHeaders
from inlet_bridge.inspector.security.sign_in import SignIn
from inlet_bridge.inspector.web.cached import Cached
from inlet_bridge.inspector.web.errors import error_page, signed_out_page, unforeseen_page
from inlet_bridge.inspector.web.notices import Notices
from inlet_bridge.inspector.web.request_stack import KEPT_SECONDS
from inlet_bridge.operations.configuration.source_facts import SourceFacts
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError

STATIC: Final = Path(__file__).with_name("static")
LOOPBACK: Final = "127.0.0.1"
# A new source is shown with what is known of it soon after its first webhook.
_SOURCES_SECONDS: Final = 5.0
_SHOWN: Final = (HTTPException, OperationError, ClientError, BotoCoreError)


def create_application(inspector: Inspector, sign_in: SignIn, port: int) -> Starlette:
    """The application of an inspector on a port of the loopback."""
    hosts = frozenset({f"{LOOPBACK}:{port}", f"localhost:{port}"})
    application = Starlette(
        routes=[
            *stacks.ROUTES,
            *webhooks.ROUTES,
            *webhook.ROUTES,
            *webhook_actions.ROUTES,
            *refusal.ROUTES,
            *overview.ROUTES,
            *pausing.ROUTES,
            *maps.ROUTES,
            *webhook_events.ROUTES,
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        middleware=[
            Middleware(ResponseHeaders),
            Middleware(Access, sign_in=sign_in, hosts=hosts, signed_out=signed_out_page),
        ],
        exception_handlers=dict.fromkeys(_SHOWN, error_page) | {Exception: unforeseen_page},
    )
    application.state.inspector = inspector
    application.state.notices = Notices()
    application.state.stacks = Cached[Deployed](KEPT_SECONDS)
    application.state.streams = webhook_events.OpenStreams()
    application.state.sources = Cached[Mapping[str, SourceFacts]](_SOURCES_SECONDS)
    return application
