"""A webhook with a body to extract from."""

from bridge.webhook import Webhook


def webhook(body: bytes, url: str = "https://x/y", **headers: str) -> Webhook:
    return Webhook("POST", url, headers, body)
