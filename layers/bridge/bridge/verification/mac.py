"""Verify HMAC and hash signatures."""

import hashlib
import hmac
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from bridge.errors import InvalidSignatureError
from bridge.verification.credentials import check_body_sha256, read_credentials
from bridge.verification.encodings import encode_digest, key_from_secret, utf8
from bridge.verification.extractors import value
from bridge.verification.scheme_parameters import Algorithm
from bridge.verification.schemes import MacScheme
from bridge.verification.signed_content import fill_content
from bridge.webhook import Webhook

_OF_HEAD: Final = ("{header:", "{query:", "url}")


def verify_mac(scheme: MacScheme, webhook: Webhook, secrets: Sequence[str], now: datetime) -> bytes:
    """Accept the webhook if one of the secrets verifies one of its signatures.

    Returns:
        The signed content.

    Raises:
        InvalidSignatureError: no signature matches, or the request lacks a required value.
    """
    if scheme.require_utf8_body:
        _check_utf8(webhook.body)
    if scheme.body_sha256:
        check_body_sha256(value(webhook, scheme.body_sha256), webhook.body)
    algorithm = scheme.algorithm
    if scheme.algorithm_from:
        from bridge.verification.stated_algorithm import stated_algorithm  # noqa: PLC0415 (few senders state it)

        algorithm = stated_algorithm(scheme, webhook)
    presented, timestamp = read_credentials(scheme, webhook, now)
    padding = "=" if scheme.signature.encoding == "base64url" else ""
    signatures = [
        utf8(signature.rstrip(padding) if padding else signature)
        for signatures in presented
        for signature in signatures
    ]
    if scheme.signature.ignore_case:
        signatures = [signature.lower() for signature in signatures]
    keys = [key for secret in secrets if (key := key_from_secret(secret, scheme.key))]
    if not keys:
        raise InvalidSignatureError(f"no secret has the key encoding {scheme.key}")
    for key in keys:
        for content in _contents(scheme, webhook, timestamp, key):
            signed = digest(algorithm, key, content)
            expected = encode_digest(signed, scheme.signature.encoding)
            for signature in signatures:
                if hmac.compare_digest(expected, signature):
                    _check_not_extended(algorithm, content)
                    return content
    from bridge.verification.signature_form import mac_mismatch  # noqa: PLC0415 (few requests are refused)

    raise InvalidSignatureError(mac_mismatch(scheme.signature, algorithm, signatures, webhook.body))


def digest(algorithm: Algorithm, key: bytes, content: bytes) -> bytes:
    """The HMAC of the content, or its plain hash, depending on the algorithm."""
    keyed, _, name = algorithm.rpartition("-")
    return hmac.digest(key, content, name) if keyed else hashlib.new(name, content).digest()


def _check_not_extended(algorithm: Algorithm, content: bytes) -> None:
    if algorithm.startswith("hmac-"):
        return
    from bridge.verification.hash_extension import is_extended  # noqa: PLC0415 (few senders use a plain hash)

    if is_extended(content):
        raise InvalidSignatureError("the content continues another one under its hash")


def _contents(scheme: MacScheme, webhook: Webhook, timestamp: str, key: bytes) -> Iterator[bytes]:
    """All contents that may have been signed. Raises InvalidSignatureError."""
    pattern = (
        re.compile(scheme.content_pattern.encode(), re.DOTALL) if scheme.content_pattern else None
    )
    # Few senders sign more than the body and a number.
    is_head_signed = any(each in scheme.content for each in _OF_HEAD) or (
        scheme.timestamp is not None and scheme.timestamp.unit == "text"
    )
    for variant in _url_variants(scheme, webhook):
        for template in (scheme.content, *scheme.or_content):
            content = fill_content(template, variant, timestamp, key)
            if content is None:
                raise InvalidSignatureError("the request lacks a signed part")
            if pattern and not pattern.fullmatch(content):
                raise InvalidSignatureError("the signed content does not match ContentPattern")
            if is_head_signed:
                from bridge.verification.moved_content import check_nothing_moved  # noqa: PLC0415 (as above)

                check_nothing_moved(template, variant, timestamp)
            yield content


def _url_variants(scheme: MacScheme, webhook: Webhook) -> Iterator[Webhook]:
    """The webhook, and a copy with the other URL that may have been signed."""
    yield webhook
    if scheme.url_ports and (url := toggle_port(webhook.url)):
        yield webhook._replace(url=url)


def _check_utf8(body: bytes) -> None:
    try:
        body.decode()
    except UnicodeDecodeError:
        raise InvalidSignatureError("the body is not UTF-8") from None


_DEFAULT_PORTS = {"https": 443, "http": 80}


def toggle_port(url: str) -> str:
    """The URL without its port, or with the scheme's default port; empty if there is neither."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    host = parts.netloc
    if port is not None:
        return url.replace(host, host.removesuffix(f":{port}"), 1)
    if host and parts.scheme in _DEFAULT_PORTS:
        return url.replace(host, f"{host}:{_DEFAULT_PORTS[parts.scheme]}", 1)
    return ""
