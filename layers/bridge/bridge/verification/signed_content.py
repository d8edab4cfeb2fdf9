"""What a provider signs, as a template: `{timestamp}.{body}`.

Tokens are `{body}`, `{timestamp}`, `{url}`, `{method}`, `{secret}`, `{form_sorted}` (names and
values of a form, in order and without repetitions), `{crc32(body)}`, `{canonical:sns}`,
`{canonical:contentful}` and places: `{header:NAME}`, `{query:NAME}`, `{form:NAME}`,
`{json:PATH}`, of which one ending in `?` may be missing. Everything else stands for itself, in
UTF-8; there is no way to write a brace.
"""

import re
import zlib
from functools import lru_cache

from bridge.verification.encodings import utf8
from bridge.verification.extractors import form_fields, parse_extractor, value
from bridge.webhook import Webhook

WORDS = ("body", "timestamp", "url", "method", "secret", "form_sorted", "crc32(body)")
CANONICAL = ("canonical:sns", "canonical:contentful")

_TOKEN = re.compile(r"\{([^{}]*)\}")


@lru_cache(maxsize=256)
def parse_content(template: str) -> tuple[bytes | str, ...]:
    """The template's parts in order: literal bytes, and tokens without their braces.

    Raises:
        ValueError: there is no token, an unknown one or a stray brace.
    """
    parts: list[bytes | str] = []
    for index, part in enumerate(_TOKEN.split(template)):
        if index % 2:
            _check_token(part)
            parts.append(part)
        elif "{" in part or "}" in part:
            raise ValueError("a brace stands outside a {token}")
        elif part:
            parts.append(utf8(part))
    if not tokens(tuple(parts)):
        raise ValueError("nothing of the request is signed without a {token}")
    return tuple(parts)


def tokens(parts: tuple[bytes | str, ...]) -> frozenset[str]:
    """The tokens among the parts."""
    return frozenset(part for part in parts if isinstance(part, str))


def fill_content(template: str, webhook: Webhook, timestamp: str, key: bytes) -> bytes | None:
    """The bytes that the provider signed, or None when the request lacks one of the places."""
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
            case rare:
                found = _rare(rare, webhook)
                if found is None:
                    return None
                filled.append(found)
    return b"".join(filled)


def _rare(word: str, webhook: Webhook) -> bytes | None:
    if word == "form_sorted":
        fields = form_fields(webhook.body)
        return None if fields is None else b"".join(b"".join(pair) for pair in sorted(set(fields)))
    if word in CANONICAL:
        from bridge.verification.canonical_requests import (  # noqa: PLC0415
            canonical_contentful,
            canonical_sns,
        )

        sns = word == "canonical:sns"
        return canonical_sns(webhook) if sns else canonical_contentful(webhook)
    found = value(webhook, word.removesuffix("?"))
    return utf8(found) if found or word.endswith("?") else None


def _check_token(token: str) -> None:
    if token in WORDS or token in CANONICAL:
        return
    try:
        parse_extractor(token.removesuffix("?"))
    except ValueError as exc:
        allowed = ", ".join(f"{{{word}}}" for word in (*WORDS, *CANONICAL))
        raise ValueError(
            f"no token {{{token}}}; there are {allowed}, {{header:NAME}}, {{query:NAME}}, "
            "{form:NAME} and {json:PATH}"
        ) from exc
