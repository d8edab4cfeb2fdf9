"""Verification schemes: families of parameters, no code per provider.

A scheme is plain data, because provisioning writes it and the receiver reads it for every
webhook: `parameter_json.document_of` makes its document and `scheme_document` reads it back.
"""

from typing import TYPE_CHECKING, Literal, NamedTuple

from bridge.verification.scheme_parameters import Algorithm, KeyEncoding, Signature, Timestamp

if TYPE_CHECKING:
    from bridge.verification.jwt_scheme import JwtScheme
    from bridge.verification.public_key_scheme import PublicKeyScheme

type BodyForm = Literal["auto", "json", "form", "multipart", "xml", "ndjson"]
"""Format of a body; `auto` detects it from the first characters, never from a header."""


class MacScheme(NamedTuple):
    """A hash of parts of the request, keyed with a shared secret.

    Attributes:
        algorithm: a plain hash is keyed by `{secret}` within the content.
        algorithm_from: extractor of the algorithm's name, if requests state it; else empty.
        algorithm_key: of the item of a list `key=value,key=value` that is the name; empty when the
            extracted value itself is the name.
        algorithms: `name=algorithm`, in any case; other names are rejected. `=algorithm` allows
            requests without a name.
        key: encoding of the stored secret.
        content: template of the signed content; see `signed_content`.
        or_content: alternative templates.
        require: values that every request has: `extractor` or `extractor=value`.
        reject_empty_body: reject empty bodies even if signed, as the vendor's library does.
        require_utf8_body: prevents length extension of a plain hash over raw bytes; no
            extension is valid UTF-8.
        uncompressed_body: the signature covers the body before it was compressed, not the bytes
            on the wire.
        body_sha256: extractor of the body's SHA-256 in hex, where only that hash is signed.
        url_ports: accept signatures of the URL with and without its port.
        content_pattern: pattern of all signed contents. It is required where a handshake uses
            the same secret: what the handshake signs must not match it.
    """

    content: str
    signature: Signature
    algorithm: Algorithm = "hmac-sha256"
    key: KeyEncoding = "utf8"
    timestamp: Timestamp | None = None
    require: tuple[str, ...] = ()
    reject_empty_body: bool = False
    require_utf8_body: bool = False
    uncompressed_body: bool = False
    or_content: tuple[str, ...] = ()
    body_sha256: str = ""
    url_ports: bool = False
    content_pattern: str = ""
    algorithm_from: str = ""
    algorithm_key: str = ""
    algorithms: tuple[str, ...] = ()
    family: Literal["mac"] = "mac"


class TokenScheme(NamedTuple):
    """A shared secret that the sender includes in the request.

    Attributes:
        from_: extractors such as `header:x-gitlab-token`, `query:token`, `json:value.*.state`
            or `basic` (`user:password`, RFC 7617). One of them suffices; if it yields several
            values, each must be a secret.
        authorization: authorization scheme before the token in a header, such as `Bearer`,
            case-insensitive; `Bearer?` makes it optional, empty means no scheme.
    """

    from_: tuple[str, ...]
    authorization: str = ""
    family: Literal["token"] = "token"


class NoScheme(NamedTuple):
    """No verification; the source sets `Verification: none` explicitly."""

    family: Literal["none"] = "none"


class IamScheme(NamedTuple):
    """Events arrive through a queue that AWS IAM protects; every webhook is rejected."""

    family: Literal["iam"] = "iam"


type Scheme = MacScheme | TokenScheme | PublicKeyScheme | JwtScheme | NoScheme | IamScheme
type SignedScheme = MacScheme | PublicKeyScheme
