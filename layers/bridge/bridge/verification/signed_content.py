"""Templates of signed content, such as `{timestamp}.{body}`.

Tokens are `{body}`, `{timestamp}`, `{url}`, `{decoded_url}` (some of its characters without
percent-encoding), `{method}`, `{secret}`, `{form_sorted}` (names and
values of a form, sorted and without repetitions), `{crc32(body)}`, `{canonical:sns}`,
`{canonical:contentful}` and extractors: `{header:NAME}`, `{query:NAME}`, `{form:NAME}`,
`{json:PATH}`, which are optional if they end in `?`. Everything else is literal text, in UTF-8;
braces cannot be escaped.
"""

import re
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING

from bridge.verification.encodings import utf8
from bridge.verification.extractors import parse_extractor, value
from bridge.webhook import Webhook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bridge.bodies.form_parsing import Field

WORDS = (
    *("body", "timestamp", "url", "decoded_url", "method", "secret", "form_sorted"),
    "crc32(body)",
)
CANONICAL = ("canonical:sns", "canonical:contentful")

# https://developers.hubspot.com/docs/api/webhooks/validating-requests lists them. None of them
# separates parameters of a query, or a name from its value.
_DECODED = re.compile(r"%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)", re.IGNORECASE)
_TOKEN = re.compile(r"\{([^{}]*)\}")


@lru_cache(maxsize=256)
def parse_content(template: str) -> tuple[bytes | str, ...]:
    """The parts of a template in order: literal bytes, and tokens without their braces.

    Raises:
        ValueError: there is no token, an unknown one or a brace outside a token.
    """
    parts: list[bytes | str] = []
    for index, part in enumerate(_TOKEN.split(template)):
        if index % 2:
            _check_token(part)
            parts.append(part)
        elif "{" in part or "}" in part:
            raise ValueError("has a brace outside a {token}")
        elif part:
            parts.append(utf8(part))
    if not tokens(tuple(parts)):
        raise ValueError("must hold a {token}, or nothing of the request is signed")
    return tuple(parts)


def tokens(parts: tuple[bytes | str, ...]) -> frozenset[str]:
    """The tokens among the parts."""
    return frozenset(part for part in parts if isinstance(part, str))


def fill_content(template: str, webhook: Webhook, timestamp: str, key: bytes) -> bytes | None:
    """The bytes that the provider signed, or None when the request lacks a required value."""
    filled = []
    for part in parse_content(template):
        match part:
            case bytes():
                filled.append(part)
            case "body":
                filled.append(webhook.body)
            case "timestamp":
                filled.append(utf8(timestamp))
            case "url":
                filled.append(utf8(webhook.url))
            case "method":
                filled.append(utf8(webhook.method))
            case "secret":
                filled.append(key)
            case "crc32(body)":
                filled.append(str(zlib.crc32(webhook.body)).encode())
            case token:
                found = _token_value(token, webhook)
                if found is None:
                    return None
                filled.append(found)
    return b"".join(filled)


def _token_value(token: str, webhook: Webhook) -> bytes | None:
    """The value of a token that few schemes use."""
    if token == "decoded_url":  # noqa: S105 (not a password)
        return utf8(_DECODED.sub(lambda escape: chr(int(escape[1], 16)), webhook.url))
    if token == "form_sorted":  # noqa: S105 (not a password)
        from bridge.bodies.form_parsing import form_fields  # noqa: PLC0415 (few providers sign forms)

        fields = form_fields(webhook.content.content)
        return None if fields is None else _sorted_form(fields)
    if token in CANONICAL:
        from bridge.verification.canonical_requests import (  # noqa: PLC0415 (two providers)
            canonical_contentful,
            canonical_sns,
        )

        is_sns = token == "canonical:sns"  # noqa: S105 (not a password)
        return canonical_sns(webhook) if is_sns else canonical_contentful(webhook)
    found = value(webhook, token.removesuffix("?"))
    return utf8(found) if found or token.endswith("?") else None


def _sorted_form(fields: "Sequence[Field]") -> bytes:
    """Names and values, sorted and without repetitions."""
    signed: list[bytes] = []
    former: tuple[bytes, ...] = ()
    for field in sorted(fields):  # Unlike a set, this reads no long value whose name differs.
        if field != former:
            signed += field
            former = field
    return b"".join(signed)


def _check_token(token: str) -> None:
    if token in WORDS or token in CANONICAL:
        return
    try:
        parse_extractor(token.removesuffix("?"))
    except ValueError as exc:
        allowed = ", ".join(f"{{{word}}}" for word in (*WORDS, *CANONICAL))
        raise ValueError(
            f"unknown token {{{token}}}; must be one of {allowed}, {{header:NAME}}, "
            "{query:NAME}, {form:NAME} and {json:PATH}"
        ) from exc
