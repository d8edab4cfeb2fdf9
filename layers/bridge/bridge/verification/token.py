"""Verify shared-secret tokens.

A token authenticates the sender but does not protect the integrity of the body.
"""

import hmac
from collections.abc import Sequence

from bridge.errors import InvalidSignatureError
from bridge.verification.encodings import utf8
from bridge.verification.extractors import values
from bridge.verification.schemes import TokenScheme
from bridge.webhook import Webhook


def verify_token(scheme: TokenScheme, webhook: Webhook, secrets: Sequence[str]) -> None:
    """Accept the webhook if all values of one extractor are secrets.

    Raises:
        InvalidSignatureError: no extractor yields only secrets.
    """
    keys = [utf8(secret) for secret in secrets]
    for extractor in scheme.from_:
        authorization = scheme.authorization if extractor.startswith("header:") else ""
        tokens = [bare_token(text, authorization) for text in values(webhook, extractor)]
        if tokens and all(is_one_of(token, keys) for token in tokens):
            return
    raise InvalidSignatureError(_mismatch(scheme, webhook))


def _mismatch(scheme: TokenScheme, webhook: Webhook) -> str:
    """Why no token matches, for the log; depends on no secret."""
    word = scheme.authorization
    found = [(each, text) for each in scheme.from_ for text in values(webhook, each)]
    if word and found and not word.endswith("?"):
        headers = [text for each, text in found if each.startswith("header:")]
        if len(headers) == len(found) and not any(bare_token(text, word) for text in headers):
            return "the token has no authorization scheme before it, or another"
    return "no token matches"


def bare_token(text: str, authorization: str) -> str:
    """The token without its authorization scheme; empty when a required scheme is missing."""
    if not authorization:
        return text
    scheme, _, token = text.partition(" ")
    if scheme.lower() == authorization.removesuffix("?").lower():
        return token.strip(" \t")
    return text if authorization.endswith("?") else ""


def is_one_of(token: str, keys: Sequence[bytes]) -> bool:
    """Whether the token is one of the secrets, compared in constant time."""
    return any([hmac.compare_digest(utf8(token), key) for key in keys])  # noqa: C419 (no early end)
