"""Verify a secret that the sender shows as it is.

Such a secret proves who sent, not what: the body is not protected by it.
"""

import hmac
from collections.abc import Sequence

from bridge.errors import InvalidSignatureError
from bridge.verification.encodings import utf8
from bridge.verification.extractors import values
from bridge.verification.schemes import TokenScheme
from bridge.webhook import Webhook


def verify_token(scheme: TokenScheme, webhook: Webhook, secrets: Sequence[str]) -> None:
    """Accept the webhook when one place holds nothing but secrets.

    Raises:
        InvalidSignatureError: no place does.
    """
    keys = [utf8(secret) for secret in secrets]
    for place in scheme.from_:
        word = scheme.authorization if place.startswith("header:") else ""
        shown = [bare_token(text, word) for text in values(webhook, place)]
        if shown and all(is_one_of(token, keys) for token in shown):
            return
    raise InvalidSignatureError("no token matches")


def bare_token(text: str, word: str) -> str:
    """The text without the word before it; nothing when the word has to be there and is not."""
    if not word:
        return text
    before, _, token = text.partition(" ")
    if before.lower() == word.removesuffix("?").lower():
        return token.strip(" ")
    return text if word.endswith("?") else ""


def is_one_of(token: str, keys: Sequence[bytes]) -> bool:
    """Whether the token is a secret, in a time that does not tell how near it came."""
    return any([hmac.compare_digest(utf8(token), key) for key in keys])  # noqa: C419 (no early end)
