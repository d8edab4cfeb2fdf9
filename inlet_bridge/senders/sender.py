"""The sender of a provider, and helpers for signing."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

_NONE: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Sending:
    """One webhook before it is signed.

    Attributes:
        secret: the signing key: the shared secret, or the private key.
        at: aware time of sending.
        headers: of this webhook by lower-case name, such as its event type, instead of those that
            a sender invents.
    """

    body: bytes
    secret: str
    at: datetime
    url: str
    delivery_id: str = "msg_1"
    headers: Mapping[str, str] = _NONE


@dataclass(frozen=True, slots=True)
class Request:
    """The request that is sent."""

    url: str
    headers: Mapping[str, str]
    body: bytes


type Sign = Callable[[Sending], dict[str, str]]
"""The headers that authenticate a webhook."""


@dataclass(frozen=True)
class Sender:
    """The signing and delivery conventions of one provider.

    Attributes:
        sign: returns the signature headers for the result of `shape`.
        shape: adds signed values to the body or the URL.
        new_secret: creates a secret in the provider's format.
        stored: the value that the receiver stores: the secret, or the public key.
        published: documents by address, for a provider that publishes its keys.
        always: headers that the provider sends with every webhook.
        describe: returns further headers, such as an id, that authenticate nothing.
        constants: further values that the receiver needs.
        scheme: the receiver's properties of the scheme, as in a template.
    """

    sign: Sign
    shape: Callable[[Sending], Sending] = lambda sending: sending
    new_secret: Callable[[], str] = lambda: secrets.token_hex(16)
    stored: Callable[[str], str] = lambda secret: secret
    published: Callable[[str], Mapping[str, bytes]] | None = None
    always: Mapping[str, str] = field(default_factory=dict)
    describe: Sign = lambda _: {}
    content_type: str = "application/json"
    constants: Mapping[str, str] = field(default_factory=dict)
    scheme: Mapping[str, object] = field(default_factory=dict)

    def request(self, sending: Sending) -> Request:
        """The signed request; its content type and its signature are the sender's."""
        shaped = self.shape(sending)
        invented = {**self.describe(shaped), **self.always}
        headers = {
            **invented,
            **sending.headers,
            "content-type": invented.get("content-type", self.content_type),
            **self.sign(shaped),
        }
        return Request(shaped.url, headers, shaped.body)


def with_body(sending: Sending, body: bytes) -> Sending:
    """The same webhook with another body."""
    return replace(sending, body=body)


def mac(secret: str | bytes, content: bytes, name: str = "sha256") -> bytes:
    """An HMAC."""
    key = secret.encode() if isinstance(secret, str) else secret
    return hmac.new(key, content, name).digest()


def sha1_hex(content: bytes) -> str:
    """A plain SHA-1."""
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


def b64(data: bytes) -> str:
    """Base64 with padding."""
    return base64.b64encode(data).decode()


def seconds(at: datetime) -> str:
    """Seconds since 1970."""
    return str(int(at.timestamp()))


def milliseconds(at: datetime) -> str:
    """Milliseconds since 1970."""
    return str(int(at.timestamp() * 1000))


def rfc3339(at: datetime) -> str:
    """In UTC, to the second."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
