"""Reject requests whose body was cut, and its beginning moved to another signed part.

`{header:webhook-id}.{timestamp}.{body}` is one text. With the signature of
`msg_1.1700000000.{"name":"x.1700000000.a=1"}`, anyone can send `msg_1.1700000000.{"name":"x` as the
ID and the form `a=1"}` as the body: what a user wrote would be the webhook.

"It's important that both the message id and the timestamp not be user controlled, or at the very
least not be allowed to include any `.` to prevent certain attacks":
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md

The part of a body before a text of a user has the brackets and quotes around that text.
"""

import re
from functools import lru_cache
from typing import Final

from bridge.errors import InvalidSignatureError
from bridge.verification.extractors import value
from bridge.verification.signed_content import parse_content
from bridge.webhook import Webhook

_BODY: Final = "body"
_URLS: Final = frozenset({"url", "decoded_url"})
_TIMESTAMP: Final = "timestamp"
# XML, but no Message-ID (RFC 5322, 3.6.4).
_XML: Final = re.compile(r"[^<]*|<[^<>]*>")
_BETWEEN_FIELDS: Final = "&"
_LINE_BREAK: Final = b"\n"


def check_nothing_moved(template: str, webhook: Webhook, timestamp: str) -> None:
    """Check the values that are signed beside the body.

    Args:
        template: of the signed content.
        webhook: the request.
        timestamp: the text that is signed.

    Raises:
        InvalidSignatureError: a value contains what may be a part of the body.
    """
    for token, separator in _beside_body(template):
        text = _text(token, webhook, timestamp)
        if separator not in text:  # The empty one is in every text.
            continue
        is_form = bool(separator) and token not in _URLS and _BETWEEN_FIELDS in text
        if is_form or _begins_json(text) or not _XML.fullmatch(text):
            raise InvalidSignatureError("a signed value may contain a part of the body")


def _begins_json(text: str) -> bool:
    """Whether there may be the beginning of JSON up to a text; `[` alone occurs in queries."""
    before = text[: max(text.rfind('"'), 0)]
    return "{" in before or "[" in before


@lru_cache(maxsize=256)
def _beside_body(template: str) -> tuple[tuple[str, str], ...]:
    """The tokens to which a part of the body can be moved, and the text between them and others.

    A value of the request's head has no line breaks, so nothing moves beyond one.
    """
    parts = parse_content(template)
    if _BODY not in parts:
        return ()
    body = parts.index(_BODY)
    found = []
    for index, part in enumerate(parts):
        if not isinstance(part, str) or not _is_of_head(part):
            continue
        first, last = sorted((index, body))
        between = parts[first + 1 : last]
        if any(isinstance(each, bytes) and _LINE_BREAK in each for each in between):
            continue
        nearest = between[0 if index < body else -1] if between else b""
        separator = nearest.decode() if isinstance(nearest, bytes) else ""
        found.append((part, separator))
    return tuple(found)


def _is_of_head(token: str) -> bool:
    return token in {*_URLS, _TIMESTAMP} or token.startswith(("header:", "query:"))


def _text(token: str, webhook: Webhook, timestamp: str) -> str:
    if token in _URLS:
        return webhook.url
    return timestamp if token == _TIMESTAMP else value(webhook, token.removesuffix("?"))
