"""Chains of certificates, made as the authorities of providers do."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from bridge.errors import InvalidSignatureError
from bridge.verification.certificates import check_certificate
from bridge.verification.declaration import declare_scheme
from bridge.verification.public_key_scheme import KeyAddress, PublicKeyScheme
from tests.support.provider_fakes import FakePublishedKeys

NOW = datetime(2026, 11, 28, tzinfo=UTC)
YEAR = timedelta(days=365)
ISSUERS_URL = "http://crt.r2m01.amazontrust.com/r2m01.cer"
SERVERS = (ExtendedKeyUsageOID.SERVER_AUTH,)
KEYS = [rsa.generate_private_key(65537, 2048) for _ in range(4)]


@dataclass(frozen=True)
class Made:
    """A test certificate; `common` and `issuer_url` may be empty."""

    common: str
    key: rsa.RSAPrivateKey
    names: Sequence[str] = ()
    issuer_url: str = ""
    is_authority: bool = False
    usages: Sequence[x509.ObjectIdentifier] = ()
    begins: datetime = NOW - YEAR
    ends: datetime = NOW + YEAR
    pathlen: int | None = field(default=None)

    def by(self, issuer: "Made | None" = None) -> x509.Certificate:
        """The certificate, issued by another one or self-signed."""
        issuer = issuer or self
        builder = (
            x509.CertificateBuilder()
            .subject_name(_name(self.common))
            .issuer_name(_name(issuer.common))
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.begins)
            .not_valid_after(self.ends)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()),
                critical=False,
            )
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False
            )
            .add_extension(
                x509.BasicConstraints(ca=self.is_authority, path_length=self.pathlen),
                critical=True,
            )
            .add_extension(_usage(signs_certificates=self.is_authority), critical=True)
        )
        if self.usages:
            builder = builder.add_extension(x509.ExtendedKeyUsage(self.usages), critical=False)
        if self.names:
            names = [x509.DNSName(name) for name in self.names]
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        if self.issuer_url:
            access = x509.AccessDescription(
                AuthorityInformationAccessOID.CA_ISSUERS,
                x509.UniformResourceIdentifier(self.issuer_url),
            )
            builder = builder.add_extension(
                x509.AuthorityInformationAccess([access]), critical=False
            )
        return builder.sign(issuer.key, hashes.SHA256())


def _name(common: str) -> x509.Name:
    attributes = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Amazon")]
    if common:
        attributes.append(x509.NameAttribute(NameOID.COMMON_NAME, common))
    return x509.Name(attributes)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.PEM)


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


ROOT = Made("Amazon Root CA 1", KEYS[0], is_authority=True)
ISSUER = Made("Amazon RSA 2048 M01", KEYS[1], is_authority=True, usages=SERVERS, pathlen=0)
LEAF = Made("sns.amazonaws.com", KEYS[2], ["sns.amazonaws.com"], ISSUERS_URL, usages=SERVERS)


def address(region: str = "eu-west-1", partition: str = "aws", **changes: str) -> KeyAddress:
    topic = f"arn:{partition}:sns:{region}:123456789012:orders"
    scheme = declare_scheme("aws_sns_v2", {"Address": changes}, {"topic_arn": topic}).scheme
    assert isinstance(scheme, PublicKeyScheme)
    assert scheme.address
    return scheme.address


def network(issuer: bytes | None = None) -> FakePublishedKeys:
    published = {} if issuer is None else {ISSUERS_URL: issuer}
    return FakePublishedKeys(published, pem(ROOT.by()))


def is_believed(
    document: bytes, site: FakePublishedKeys, where: KeyAddress | None = None, now: datetime = NOW
) -> bool:
    try:
        check_certificate(document, where or address(), site, now)
    except InvalidSignatureError:
        return False
    return True
