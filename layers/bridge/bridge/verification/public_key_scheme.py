"""Parameters of public-key signatures."""

from typing import Literal, NamedTuple

from bridge.verification.scheme_parameters import Signature, Timestamp

type PublicKeyAlgorithm = Literal["ed25519", "ecdsa-p256-sha256", "rsa-sha256", "rsa-sha1"]
type PublicKeyForm = Literal["hex", "base64", "whpk", "spki-base64", "spki-pem", "x509-pem"]


class KeyAddress(NamedTuple):
    """Where the provider publishes its public key, as stated in the request.

    Attributes:
        from_: extractors of the URL, one per extractor of the signature, in the same order.
        allow: a pattern that the whole URL must match; otherwise anyone could supply a key.
        base: prefix of the extracted value.
        subject: a pattern for the certificate's common name or, without one, a DNS name. If set,
            the certificate must be valid and chain to a certificate authority; empty disables
            the check.
        authority: that authority's certificate as PEM; empty means those that browsers trust.
        issuers: a pattern for the http or https URLs of issuer certificates, for providers that
            publish only their own certificate with a reference to its issuer's.
    """

    from_: tuple[str, ...]
    allow: str
    base: str = ""
    subject: str = ""
    authority: str = ""
    issuers: str = ""


class PublicKeyScheme(NamedTuple):
    """A public-key signature of parts of the request.

    Attributes:
        key: format of a key, stored or published. `hex`, `base64` and `whpk` (base64 with that
            prefix) are the 32 bytes of Ed25519.
        address: where the key is published; None when the stored secrets are the keys.
        algorithm_from: extractor of the algorithm's name; empty when there is only one algorithm.
        algorithms: `name=algorithm`; other names are rejected.
        content, timestamp, require, reject_empty_body, uncompressed_body: as in `MacScheme`.
    """

    content: str
    signature: Signature
    algorithm: PublicKeyAlgorithm = "ed25519"
    key: PublicKeyForm = "hex"
    address: KeyAddress | None = None
    algorithm_from: str = ""
    algorithms: tuple[str, ...] = ()
    timestamp: Timestamp | None = None
    require: tuple[str, ...] = ()
    reject_empty_body: bool = False
    uncompressed_body: bool = False
    family: Literal["pk"] = "pk"
