"""The parameters of a signature that anyone can check and only the provider can make."""

from dataclasses import dataclass
from typing import Literal

from bridge.verification.schemes import Signature, Timestamp

type PkAlgorithm = Literal["ed25519", "ecdsa-p256-sha256", "rsa-sha256", "rsa-sha1"]
type PublicKeyForm = Literal["hex", "base64", "whpk", "spki-base64", "spki-pem", "x509-pem"]


@dataclass(frozen=True, slots=True)
class KeyAddress:
    """Where the provider publishes its public key, as the request itself says.

    Attributes:
        from_: places of the address, one for each place of the signature, in its order.
        allow: a pattern that the whole address must match; a stranger's key verifies strangers.
        base: stands before what is at the place.
        subject: a pattern for the name that the certificate was issued to: its common name or,
            without one, a DNS name of its. Empty is not checked. With one, the certificate has to
            be valid and to lead to a certificate authority.
        authority: that authority's certificate as PEM; empty means those that browsers trust.
        issuers: a pattern for where certificates of issuers may be fetched, http or https, when
            the provider publishes its own certificate alone and that says where its issuer's is.
    """

    from_: tuple[str, ...]
    allow: str
    base: str = ""
    subject: str = ""
    authority: str = ""
    issuers: str = ""


@dataclass(frozen=True, slots=True)
class PublicKeyScheme:
    """A public-key signature of parts of the request.

    Attributes:
        key: how a key is written: the stored secret, or what is at its address. `hex`, `base64`
            and `whpk` (base64 with that prefix) are the 32 bytes of Ed25519.
        address: where the key is; None when the stored secrets are the keys.
        algorithm_from: place of the word that names the algorithm; empty when there is one only.
        algorithms: `word=algorithm`; other words are refused.
        content, timestamp, require, reject_empty_body: as in `MacScheme`.
    """

    content: str
    signature: Signature
    algorithm: PkAlgorithm = "ed25519"
    key: PublicKeyForm = "hex"
    address: KeyAddress | None = None
    algorithm_from: str = ""
    algorithms: tuple[str, ...] = ()
    timestamp: Timestamp | None = None
    require: tuple[str, ...] = ()
    reject_empty_body: bool = False
    family: Literal["pk"] = "pk"
