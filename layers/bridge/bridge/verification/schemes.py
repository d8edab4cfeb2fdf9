"""How a provider proves that it sent a request: families of parameters, no code per provider.

A scheme is written by whoever provisions a source and read for every webhook, so it is plain
data: `dataclasses.asdict` turns it into JSON and `scheme_document` reads it back to its equal.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from bridge.verification.jwt_scheme import JwtScheme
    from bridge.verification.public_key_scheme import PublicKeyScheme

type Algorithm = Literal["hmac-sha256", "hmac-sha1", "hmac-sha512", "sha256", "sha1"]
type KeyEncoding = Literal["utf8", "hex", "base64", "whsec", "sha1"]
type SignatureEncoding = Literal["hex", "base64", "base64url"]
type TimeUnit = Literal["s", "ms", "iso8601", "text"]

type BodyForm = Literal["auto", "json", "form", "xml"]
"""How a body is written; with `auto` its first characters say it, never a header."""

SIGNATURE_ITEM = "signature"
"""Where a timestamp stands that is an item of the signature header."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Where the signatures stand and how they are written; see `signature_header`.

    Attributes:
        from_: places such as `header:x-hub-signature-256`; the signatures of all are tried.
        separator: between the items of the text; empty when the text is one item.
        assignment: between an item's key and value; empty when an item is a signature.
        key: of the items that are signatures; other items are ignored.
        timestamp_key: of the item that is the timestamp.
    """

    from_: tuple[str, ...]
    encoding: SignatureEncoding = "hex"
    separator: str = ""
    assignment: str = ""
    key: str = ""
    timestamp_key: str = ""


@dataclass(frozen=True, slots=True)
class Timestamp:
    """When the provider signed, and how far from now that may be.

    Attributes:
        from_: a place, or `signature` for an item of the signature header.
        unit: `text` is whatever the provider signs for a time, read by nobody. Only for bodies
            that are JSON objects: no shorter or longer one is left when bytes wander between
            time and body under the same signature.
        past_seconds, future_seconds: at most so long ago, so far ahead; None is not checked.
    """

    from_: str
    unit: TimeUnit = "s"
    past_seconds: int | None = 300
    future_seconds: int | None = 300


@dataclass(frozen=True, slots=True)
class MacScheme:
    """A hash, keyed with a shared secret, of parts of the request.

    Attributes:
        algorithm: a plain hash is keyed by `{secret}` within the content.
        key: how the stored text of a secret becomes the key.
        content: what is signed; see `content_template`.
        or_content: what else may have been signed in its place.
        require: what else the provider always sends: `place` or `place=value`.
        reject_empty_body: the vendor's library takes no empty body, signed or not.
        require_utf8_body: a plain hash over raw bytes can be extended by a stranger; no such
            extension is UTF-8.
        body_sha256: place of the body's SHA-256 in hex, where only that is signed.
        url_ports: the URL may have been signed with its port, or without.
        content_pattern: pattern that the content always has, where a handshake is keyed with the
            same secret: what the handshake signs must not match it.
    """

    content: str
    signature: Signature
    algorithm: Algorithm = "hmac-sha256"
    key: KeyEncoding = "utf8"
    timestamp: Timestamp | None = None
    require: tuple[str, ...] = ()
    reject_empty_body: bool = False
    require_utf8_body: bool = False
    or_content: tuple[str, ...] = ()
    body_sha256: str = ""
    url_ports: bool = False
    content_pattern: str = ""
    family: Literal["mac"] = "mac"


@dataclass(frozen=True, slots=True)
class TokenScheme:
    """A secret that the sender shows as it is.

    Attributes:
        from_: places such as `header:x-gitlab-token`, `query:token`, `json:value.*.state` or
            `basic` (`user:password`, RFC 7617). One place suffices; where a place holds several
            values, each must be a secret.
        authorization: word before the token in a header, such as `Bearer`, in any case;
            `Bearer?` when it may be missing. Empty when there is none.
    """

    from_: tuple[str, ...]
    authorization: str = ""
    family: Literal["token"] = "token"


@dataclass(frozen=True, slots=True)
class NoScheme:
    """The sender proves nothing, and whoever configured the source wrote that out."""

    family: Literal["none"] = "none"


@dataclass(frozen=True, slots=True)
class IamScheme:
    """Events come through a queue, and AWS IAM says who may write to it; no webhook gets in."""

    family: Literal["iam"] = "iam"


type Scheme = MacScheme | TokenScheme | PublicKeyScheme | JwtScheme | NoScheme | IamScheme
type SignedScheme = MacScheme | PublicKeyScheme
