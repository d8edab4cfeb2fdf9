"""Check the path token, method, source IP and size of a request."""

from collections.abc import Collection

from bridge.errors import BodyTooLargeError, InvalidSignatureError, UnknownSourceError
from bridge.verification.encodings import utf8
from bridge.verification.token import is_one_of
from bridge.webhook import Webhook


def check_access(
    webhook: Webhook,
    *,
    path_tokens: Collection[str],
    cidrs: Collection[str],
    methods: Collection[str],
    max_bytes: int | None,
) -> None:
    """Check all access rules, the path token first: without it a source does not exist.

    Raises:
        WebhookRejectedError: as the single checks below.
    """
    check_path_token(webhook, path_tokens)
    check_source_ip(webhook, cidrs)
    check_method(webhook, methods)
    check_size(webhook, max_bytes)


def check_path_token(webhook: Webhook, tokens: Collection[str]) -> None:
    """Check the last path segment.

    Raises:
        UnknownSourceError: it is not one of the tokens. The response is that of an unknown
            source, so it does not reveal that the source exists.
    """
    if not tokens and not webhook.path_token:
        return
    if not is_one_of(webhook.path_token, [utf8(token) for token in tokens]):
        raise UnknownSourceError("the path token does not match")


def check_method(webhook: Webhook, allowed: Collection[str]) -> None:
    """Check the method; an empty `allowed` means any. Raises InvalidSignatureError."""
    if allowed and webhook.method not in allowed:
        raise InvalidSignatureError("the method is not allowed")


def check_source_ip(webhook: Webhook, cidrs: Collection[str]) -> None:
    """Check the source IP; an empty `cidrs` means any. Raises InvalidSignatureError."""
    if not cidrs:
        return
    from ipaddress import ip_address, ip_network  # noqa: PLC0415 (few sources use it)

    try:
        address = ip_address(webhook.source_ip)
    except ValueError:
        raise InvalidSignatureError("the source IP is unknown") from None
    if not any(address in ip_network(cidr) for cidr in cidrs):
        raise InvalidSignatureError("the source IP is not allowed")


def check_size(webhook: Webhook, max_bytes: int | None) -> None:
    """Check the body's length. Raises BodyTooLargeError."""
    if max_bytes is not None and len(webhook.body) > max_bytes:
        raise BodyTooLargeError(f"the body is over {max_bytes} bytes")


def check_content_size(webhook: Webhook, max_bytes: int) -> None:
    """Check the length of a body without its compression. Raises BodyTooLargeError."""
    if len(webhook.content.content) > max_bytes:
        raise BodyTooLargeError(f"the decompressed body is over {max_bytes} bytes")
