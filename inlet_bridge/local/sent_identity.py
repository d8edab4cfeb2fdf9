"""The delivery ID of a webhook that was sent to the local cloud, by the provider's rule."""

from datetime import datetime

from bridge.errors import BridgeError
from bridge.messages.received_event import received_event
from bridge.receiving.gate import public_request_url
from bridge.sources.source import Source
from bridge.verification.verify import verify
from bridge.webhook import Webhook, with_charset
from inlet_bridge.senders.sender import Request


def sent_identity(source: Source, secret: str, request: Request, now: datetime) -> str:
    """The ID that the receiver computes, for providers that get no receipt; empty if it cannot be.

    Args:
        source: that received the webhook.
        secret: that signed it, for providers that sign a part of the webhook only.
        request: as it was sent.
        now: when it was sent.
    """
    headers = {name.lower(): value for name, value in request.headers.items()}
    webhook = Webhook("POST", request.url, headers, request.body)
    if source.public_url:
        url = public_request_url(source.public_url, webhook)
        webhook = Webhook("POST", url, headers, request.body)
    try:
        signed = b"" if source.coverage.body else verify(source.scheme, webhook, [secret], now)
        if source.charset:
            headers = with_charset(headers, source.charset)
            webhook = Webhook("POST", webhook.url, headers, request.body)
        return received_event(source, webhook, now, signed=signed).delivery_id
    except (BridgeError, ValueError):
        return ""
