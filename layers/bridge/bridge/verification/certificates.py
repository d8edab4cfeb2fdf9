"""Check that a certificate belongs to the provider: subject, validity and chain."""

import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    Policy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from bridge.errors import InvalidSignatureError, UnavailableError
from bridge.verification.encodings import utf8
from bridge.verification.public_key_scheme import KeyAddress
from bridge.verification.published_keys import PublishedKeys, is_allowed_address

# Public hierarchies have one intermediate certificate, or two with a cross-signed authority.
_MAX_ISSUERS = 2
_END = b"-----END CERTIFICATE-----"
_CHECKED_USAGES = {
    ExtendedKeyUsageOID.SERVER_AUTH,
    ExtendedKeyUsageOID.CLIENT_AUTH,
    ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
}


def check_certificate(
    document: bytes, address: KeyAddress, published: PublishedKeys, now: datetime
) -> None:
    """Check the first certificate of a PEM document; the others are its issuers.

    Raises:
        InvalidSignatureError: it is not the provider's.
        TooManyRequestsError, UnavailableError: its issuer's certificate cannot be fetched now.
    """
    authorities = utf8(address.authority) or published.authorities()
    try:
        chain = x509.load_pem_x509_certificates(document)
        # First, so that nothing is fetched for a certificate of somebody else.
        if not is_named(chain[0], address.subject) or not _is_valid(chain[0], now):
            raise InvalidSignatureError("the key's certificate is not the provider's, or expired")
        if address.issuers:
            chain += _issuers(chain[-1], address.issuers, authorities, published)
        if not _is_issued(chain, authorities, now):
            raise InvalidSignatureError("the key's certificate does not chain to an authority")
    except (ValueError, UnsupportedAlgorithm) as exc:
        raise InvalidSignatureError("the key's certificate cannot be read") from exc


def is_named(certificate: x509.Certificate, pattern: str) -> bool:
    """Whether a certificate was issued to a name that matches the pattern."""
    common = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    if common:
        return len(common) == 1 and bool(re.fullmatch(pattern, str(common[0].value)))
    # Authorities leave the common name out more and more: CA/Browser Forum, Baseline Requirements,
    # 7.1.4.3.
    found = _extension(certificate, x509.SubjectAlternativeName)
    names = found.get_values_for_type(x509.DNSName) if found else []
    return any(re.fullmatch(pattern, name) for name in names)


def _is_valid(certificate: x509.Certificate, now: datetime) -> bool:
    return certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc


def _issuers(
    certificate: x509.Certificate, allowed: str, authorities: bytes, published: PublishedKeys
) -> Iterator[x509.Certificate]:
    """Fetch the intermediate certificates; each names the URL of the next."""
    for _ in range(_MAX_ISSUERS):
        url = _issuer_address(certificate, allowed)
        if not url or certificate.issuer in _names(authorities):
            return
        try:
            certificate = _read(published.get(url))
        except (InvalidSignatureError, ValueError) as exc:
            # The URL is from the provider's certificate, so the request is not at fault.
            raise UnavailableError(f"no certificate at {url}") from exc
        yield certificate


def _issuer_address(certificate: x509.Certificate, allowed: str) -> str:
    """URL of the issuer's certificate (RFC 5280, 4.2.2.1); empty when not allowed."""
    for access in _extension(certificate, x509.AuthorityInformationAccess) or ():
        if access.access_method == AuthorityInformationAccessOID.CA_ISSUERS:
            url = str(access.access_location.value)
            if is_allowed_address(url, allowed, allow_http=True):
                return url
    return ""


def _read(document: bytes) -> x509.Certificate:
    """Load DER, as RFC 5280 requires, or PEM."""
    if document.startswith(b"-----BEGIN"):
        return x509.load_pem_x509_certificate(document)
    return x509.load_der_x509_certificate(document)


def _is_issued(chain: Sequence[x509.Certificate], authorities: bytes, now: datetime) -> bool:
    # The extensions of a certificate that signs messages are not checked. Those of its issuers are
    # checked as for any website, whether they certify servers or clients: since 2026 browsers
    # require authorities that certify only servers, which the verifier of clients would reject.
    issuers = ExtensionPolicy.webpki_defaults_ca().may_be_present(
        x509.ExtendedKeyUsage, Criticality.AGNOSTIC, _check_usage
    )
    policy = (
        PolicyBuilder()
        .store(_store(authorities))
        .time(now)
        .extension_policies(ca_policy=issuers, ee_policy=ExtensionPolicy.permit_all())
    )
    try:
        policy.build_client_verifier().verify(chain[0], list(chain[1:]))
    except VerificationError:
        return False
    return True


def _check_usage(
    _policy: Policy, _certificate: x509.Certificate, usage: x509.ExtendedKeyUsage | None
) -> None:
    """Reject an authority that certifies only code or e-mail. Raises ValueError."""
    if usage is not None and _CHECKED_USAGES.isdisjoint(usage):
        raise ValueError("the issuer certifies neither servers nor clients")


def _extension[Extension: x509.ExtensionType](
    certificate: x509.Certificate, kind: type[Extension]
) -> Extension | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return None


@lru_cache(maxsize=4)
def _store(authorities: bytes) -> Store:
    return Store(_trusted(authorities))


@lru_cache(maxsize=4)
def _names(authorities: bytes) -> frozenset[x509.Name]:
    return frozenset(each.subject for each in _trusted(authorities))


def _trusted(authorities: bytes) -> list[x509.Certificate]:
    """The certificates that can be parsed; some trusted ones predate the current rules."""
    found = []
    with warnings.catch_warnings():
        # "Loading this certificate will cause an exception in a future release", for each.
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        for text in authorities.split(_END)[:-1]:
            with suppress(ValueError):
                found.append(x509.load_pem_x509_certificate(text + _END))
    return found
