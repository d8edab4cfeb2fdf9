"""The receiver's events of `events/receiver/`, completed with what depends on secret and time.

The first word of a file's name is the sender, and its source's name.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from inlet_bridge.local.signatures import PROVIDERS, Sending, signed_headers

EVENTS = Path(__file__).parents[2] / "events" / "receiver"

SECRETS = {
    "github": "CANARY-github-It's a Secret to Everybody",
    "stripe": "whsec_CANARY-stripe",
    "slack": "CANARY-slack-8f742231b10e8888abcd99yyyzzz85a5",
    "shopify": "shpss_CANARY-shopify",
    "square": "CANARY-square",
    "gitlab": "CANARY-gitlab",
}
"""One secret per source; a source has its sender's name."""

PRESETS = {"gitlab": "gitlab_token"}
"""The presets that are not called like their sender."""

SQUARE_URLS = {
    "square-signed": "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/webhooks/square",
    "square-query-string": (
        "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/webhooks/square"
        "?tenant=eu&path=%2Fa%20b"
    ),
    "square-custom-domain": "https://hooks.acme.example/webhooks/square",
    "square-stage-prefix": (
        "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/prod/webhooks/square"
    ),
}
"""What the sender called, and signs, in each of Square's events."""

_PROOFS = {
    "x-hub-signature-256",
    "stripe-signature",
    "x-slack-request-timestamp",
    "x-slack-signature",
    "x-shopify-hmac-sha256",
}


def event(name: str) -> dict[str, Any]:
    """An event as it lies in `events/receiver/`: its proof is a placeholder."""
    read: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
    return read


def body_of(event: Mapping[str, Any]) -> bytes:
    """The bytes on the wire."""
    text: str = event.get("body", "")
    return base64.b64decode(text) if event["isBase64Encoded"] else text.encode()


def signed(
    name: str,
    *,
    body: bytes | None = None,
    age: timedelta = timedelta(0),
    secret: str = "",
    headers: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """An event of `events/receiver/` with its proof.

    Args:
        name: of the file.
        body: in place of the file's.
        age: how long ago it was signed.
        secret: in place of the sender's own.
        headers: more of them, or others.
    """
    completed = event(name)
    sender = name.partition("-")[0]
    if body is not None:
        completed |= {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
    completed["headers"] |= headers or {}
    completed["headers"] |= _proof(name, completed, secret or SECRETS[sender], age)
    return completed


def _proof(name: str, event: Mapping[str, Any], secret: str, age: timedelta) -> dict[str, str]:
    sender, body = name.partition("-")[0], body_of(event)
    if sender in PROVIDERS:
        made = signed_headers(sender, Sending("", body, "", datetime.now(UTC) - age), secret)
        return {header: text for header, text in made.items() if header in _PROOFS}
    if sender == "square":
        # https://developer.squareup.com/docs/webhooks/step3validate
        mac = hmac.new(secret.encode(), SQUARE_URLS[name].encode() + body, hashlib.sha256)
        return {"x-square-hmacsha256-signature": base64.b64encode(mac.digest()).decode()}
    return {"x-gitlab-token": secret}
