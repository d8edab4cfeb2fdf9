"""What a provider signs, as a template: `{timestamp}.{body}`.

Tokens are `{body}`, `{timestamp}`, `{url}`, `{method}`, `{secret}` and places: `{header:NAME}`,
`{json:PATH}`, `{query:NAME}`. Everything else stands for itself, in UTF-8; there is no way to
write a brace.
"""

import re
from functools import lru_cache

from bridge.sources.encodings import utf8
from bridge.sources.places import parse_place, value
from bridge.webhook import Webhook

WORDS = ("body", "timestamp", "url", "method", "secret")

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
            case place:
                if not (found := value(webhook, place)):
                    return None
                filled.append(utf8(found))
    return b"".join(filled)


def _check_token(token: str) -> None:
    if token in WORDS:
        return
    try:
        parse_place(token)
    except ValueError as exc:
        allowed = ", ".join(f"{{{word}}}" for word in WORDS)
        raise ValueError(
            f"no token {{{token}}}; there are {allowed}, {{header:NAME}}, {{query:NAME}} and "
            "{json:PATH}"
        ) from exc
