"""Say what is wrong first with a request that could not be verified.

A request without a signature fails at the first part that its scheme reads, such as the timestamp.
The cause may be before that: a browser that opens the URL, or a body that is not JSON.
"""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Final

from bridge.bodies.charsets import in_utf8
from bridge.errors import UnsupportedBodyError
from bridge.strict_json import read_body
from bridge.verification.extractors import value
from bridge.webhook import Webhook

if TYPE_CHECKING:
    from bridge.verification.schemes import Scheme

# RFC 9110, 9.1, and RFC 5789. The log quotes no other: anybody can choose it.
_METHODS: Final = frozenset(
    {"GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE"}
)
_POST: Final = "POST"
_JSON: Final = "json:"


def first_fault(scheme: "Scheme", webhook: Webhook, methods: Collection[str]) -> str:
    """What is wrong before the signature is, for the log; empty if nothing is.

    Args:
        scheme: the scheme that did not verify the request.
        webhook: the request.
        methods: that the source or one of its handshakes takes, besides POST.
    """
    if webhook.method != _POST and webhook.method not in methods and _is_unsigned(scheme, webhook):
        method = webhook.method if webhook.method in _METHODS else "unknown"
        return f"the method is {method}; webhooks are sent with POST"
    parts = [part for part, extractors in _read(scheme) if _all_in_body(extractors)]
    if not parts or _is_json(webhook):
        return ""
    fault = "not JSON" if webhook.body else "empty"
    return f"the body is {fault}, so the {parts[0]} in it cannot be read"


def _is_unsigned(scheme: "Scheme", webhook: Webhook) -> bool:
    credentials = next((extractors for _, extractors in _read(scheme)), ())
    return bool(credentials) and not any(value(webhook, each) for each in credentials)


def _read(scheme: "Scheme") -> Iterator[tuple[str, tuple[str, ...]]]:
    """What a scheme reads from a request, the credentials first."""
    match scheme.family:
        case "mac" | "pk":
            yield "signature", scheme.signature.from_
            if scheme.timestamp:
                yield "timestamp", (scheme.timestamp.from_,)
        case "token" | "jwt":
            yield "token", scheme.from_


def _all_in_body(extractors: tuple[str, ...]) -> bool:
    return all(each.startswith(_JSON) for each in extractors)


def _is_json(webhook: Webhook) -> bool:
    content = webhook.content
    try:
        read_body(in_utf8(content.content, content.codec))
    except (UnsupportedBodyError, ValueError, RecursionError):
        return False
    return True
