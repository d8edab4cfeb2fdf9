"""What the bridge finds in a webhook that was sent to the local cloud, by the provider's rules."""

from datetime import datetime

from bridge.errors import BridgeError
from bridge.messages.fan_out import fan_out
from bridge.messages.received_event import received_event
from bridge.receiving.gate import public_request_url
from bridge.sources.source import Source
from bridge.verification.verify import verify
from bridge.webhook import Webhook, with_charset
from inlet_bridge.mapping.handshake_requests import HandshakeRequest, handshake_request
from inlet_bridge.mapping.negated_paths import negated_paths
from inlet_bridge.mapping.unmet_conditions import unmet_conditions
from inlet_bridge.senders.sender import Request


def sent_identity(source: Source, secret: str, request: Request, now: datetime) -> str:
    """The ID that the receiver computes, for providers that get no receipt; empty if it cannot be.

    Args:
        source: that received the webhook.
        secret: that signed it, for providers that sign a part of the webhook only.
        request: as it was sent.
        now: when it was sent.
    """
    webhook = _webhook(source, request)
    try:
        signed = b"" if source.coverage.body else verify(source.scheme, webhook, [secret], now)
        return received_event(source, _decoded(source, webhook), now, signed=signed).delivery_id
    except (BridgeError, ValueError):
        return ""


def unmet_conditions_of(source: Source, request: Request, now: datetime) -> tuple[str, ...]:
    """Sentences on why no route takes the webhook, as far as it is known.

    Args: as of `sent_identity`.
    """
    try:
        received = received_event(source, _decoded(source, _webhook(source, request)), now)
        unmet = unmet_conditions(source, fan_out(source, received).whole)
        return (*negated_paths(source), *unmet)
    except (BridgeError, ValueError):
        return ()


def sent_handshake(source: Source, secret: str, request: Request) -> HandshakeRequest | None:
    """The handshake that was sent; None for a webhook.

    Args: as of `sent_identity`.
    """
    try:
        return handshake_request(source, _webhook(source, request), secret)
    except (BridgeError, ValueError):
        return None


def sent_event_type(source: Source, request: Request, now: datetime) -> str:
    """The type of the event, or of the first of several; empty if it has none.

    Args: as of `sent_identity`.
    """
    try:
        return received_event(source, _decoded(source, _webhook(source, request)), now).event_type
    except (BridgeError, ValueError):
        return ""


def _webhook(source: Source, request: Request) -> Webhook:
    """The request as the receiver gets it."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    webhook = Webhook("POST", request.url, headers, request.body)
    if source.public_url:
        url = public_request_url(source.public_url, webhook)
        webhook = Webhook("POST", url, headers, request.body)
    return webhook


def _decoded(source: Source, webhook: Webhook) -> Webhook:
    """The webhook with the charset that the source assumes."""
    if not source.charset:
        return webhook
    return Webhook("POST", webhook.url, with_charset(webhook.headers, source.charset), webhook.body)
