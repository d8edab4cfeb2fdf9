"""Verify a hash that is keyed with a shared secret."""

import hashlib
import hmac
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from bridge.errors import InvalidSignatureError
from bridge.verification.credentials import check_body_sha256, read_credentials
from bridge.verification.encodings import key_from_secret, utf8, written
from bridge.verification.extractors import value
from bridge.verification.schemes import Algorithm, MacScheme
from bridge.verification.signed_content import fill_content
from bridge.webhook import Webhook


def verify_mac(scheme: MacScheme, webhook: Webhook, secrets: Sequence[str], now: datetime) -> bytes:
    """Accept the webhook when one of its signatures was made with one of the secrets.

    Returns:
        What was signed.

    Raises:
        InvalidSignatureError: none was, or the request lacks what the scheme demands.
    """
    if scheme.require_utf8_body:
        _check_utf8(webhook.body)
    if scheme.body_sha256:
        check_body_sha256(value(webhook, scheme.body_sha256), webhook.body)
    shown, timestamp = read_credentials(scheme, webhook, now)
    padding = "=" if scheme.signature.encoding == "base64url" else ""
    signatures = [
        utf8(signature.rstrip(padding) if padding else signature)
        for signatures in shown
        for signature in signatures
    ]
    keys = [key for secret in secrets if (key := key_from_secret(secret, scheme.key))]
    if not keys:
        raise InvalidSignatureError(f"no secret is written in the key encoding {scheme.key}")
    for key in keys:
        for content in _contents(scheme, webhook, timestamp, key):
            expected = written(digest(scheme.algorithm, key, content), scheme.signature.encoding)
            for signature in signatures:
                if hmac.compare_digest(expected, signature):
                    return content
    raise InvalidSignatureError("no signature matches")


def digest(algorithm: Algorithm, key: bytes, content: bytes) -> bytes:
    """The hash of the content, keyed unless the algorithm is a plain one."""
    keyed, _, name = algorithm.rpartition("-")
    return hmac.digest(key, content, name) if keyed else hashlib.new(name, content).digest()


def _contents(scheme: MacScheme, webhook: Webhook, timestamp: str, key: bytes) -> Iterator[bytes]:
    """Everything that may have been signed. Raises InvalidSignatureError."""
    pattern = re.compile(scheme.content_pattern.encode()) if scheme.content_pattern else None
    for form in _forms(scheme, webhook):
        for template in (scheme.content, *scheme.or_content):
            content = fill_content(template, form, timestamp, key)
            if content is None:
                raise InvalidSignatureError("the request lacks a part that is signed")
            if pattern and not pattern.fullmatch(content):
                raise InvalidSignatureError("what is signed has not the form that it always has")
            yield content


def _forms(scheme: MacScheme, webhook: Webhook) -> Iterator[Webhook]:
    """The webhook, and as it would be with the other URL that may have been signed."""
    yield webhook
    if scheme.url_ports and (url := other_port(webhook.url)):
        yield replace(webhook, url=url)


def _check_utf8(body: bytes) -> None:
    try:
        body.decode()
    except UnicodeDecodeError:
        raise InvalidSignatureError("the body is not UTF-8") from None


_DEFAULTS = {"https": 443, "http": 80}


def other_port(url: str) -> str:
    """The URL with its port taken out, or the scheme's own put in; empty where there is none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    host = parts.netloc
    if port is not None:
        return url.replace(host, host.removesuffix(f":{port}"), 1)
    if host and parts.scheme in _DEFAULTS:
        return url.replace(host, f"{host}:{_DEFAULTS[parts.scheme]}", 1)
    return ""
