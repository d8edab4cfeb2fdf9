"""A configured source and webhooks of it, signed as GitHub's documentation says."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from copy import replace
from datetime import datetime, timedelta
from typing import Literal

from bridge.sources.connection import Connection, Flow
from bridge.sources.route import Route, RouteTarget
from bridge.sources.source import Source
from bridge.verification.declaration import declare_scheme
from bridge.webhook import Webhook
from tests.support.fakes import NOON

SECRET = "It's a Secret to Everybody"
SECRET_NAME = "/inlet-bridge/test/secrets/github"
DOCUMENT_NAME = "/inlet-bridge/test/sources/github"
CREDENTIALS_NAME = "/inlet-bridge/test/secrets/adobe"
INLET_URL = f"https://dcs.adobedc.net/collection/{'a' * 64}"
FLOW_ID = "11111111-2222-3333-4444-555555555555"
BODY = b'{"action":"opened","number":1,"title":"caf\xc3\xa9"}'


def connection(
    *,
    data_type: Literal["xdm", "raw"] = "xdm",
    authenticated: bool = True,
    inlet_url: str = INLET_URL,
) -> Connection:
    """A connection with an inlet."""
    return Connection(
        name="webhooks",
        inlet_url=inlet_url,
        authenticated=authenticated,
        data_type=data_type,
        source_id="inlet-bridge-test-webhooks",
        org_id="1234567890@AdobeOrg",
        sandbox="dev",
    )


def flow(ready_at: datetime = NOON - timedelta(hours=1)) -> Flow:
    """A flow that has settled."""
    return Flow(
        flow_id=FLOW_ID,
        dataset_id="0123456789abcdef01234567",
        schema_id="https://ns.adobe.com/acme/schemas/0123456789abcdef",
        ready_at=ready_at,
    )


def source(
    *,
    delivery: Literal["inline", "queued"] = "inline",
    to: Connection | None = None,
    through: Flow | None = None,
) -> Source:
    """GitHub, as the provisioner writes it down."""
    declared = declare_scheme("github", None)
    return Source(
        name="github",
        provider="github",
        scheme=declared.scheme,
        delivery_id=declared.delivery_id,
        event_type=declared.event_type,
        secrets=(SECRET_NAME,),
        delivery=delivery,
        routes=(Route((RouteTarget("events"),)),),
        connection=to or connection(),
        flows={"events": through or flow()},
        handshakes=declared.handshakes,
    )


def routed(name: str, connection_name: str, *flows: str) -> Source:
    """A source whose routes lead to these flows of a connection."""
    routes = tuple(Route((RouteTarget(each),)) for each in flows)
    to = replace(connection(), name=connection_name)
    return replace(source(to=to), name=name, routes=routes)


def github_headers(body: bytes = BODY, delivery_id: str = "d-1") -> dict[str, str]:
    """GitHub's headers (docs.github.com, "Validating webhook deliveries")."""
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    return {
        "content-type": "application/json",
        "x-github-event": "issues",
        "x-github-delivery": delivery_id,
        "x-hub-signature-256": f"sha256={signature}",
    }


def webhook(body: bytes = BODY, headers: Mapping[str, str] | None = None) -> Webhook:
    """A webhook of GitHub, signed unless other headers are given."""
    return Webhook(
        method="POST",
        url="https://hooks.example.com/webhooks/github",
        headers=github_headers(body) if headers is None else headers,
        body=body,
    )


def credentials() -> str:
    """The technical account's secret."""
    return json.dumps(
        {
            "client_id": "client",
            "client_secret": "p&s+e%cret",
            "org_id": "1234567890@AdobeOrg",
            "scopes": "openid,AdobeID",
            "sandbox": "dev",
        }
    )
