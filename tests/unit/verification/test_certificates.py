"""Tests of certificate chains where the provider publishes only its own certificate.

SNS publishes only its certificate, which Amazon Trust Services issued as for websites and which
has the URL of its issuer's (seen in the test resources of the AWS SDK for Java v2: common name
sns.amazonaws.com, issuer Amazon RSA 2048 M01, 2025-11-10 to 2026-10-14).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import certifi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from bridge.errors import InvalidSignatureError, UnavailableError
from bridge.verification.certificates import check_certificate
from bridge.verification.declaration import declare_scheme
from bridge.verification.public_key_scheme import KeyAddress, PublicKeyScheme
from tests.support.fakes import FakePublishedKeys

NOW = datetime(2026, 11, 28, tzinfo=UTC)
YEAR = timedelta(days=365)
ISSUERS_URL = "http://crt.r2m01.amazontrust.com/r2m01.cer"
SERVERS = (ExtendedKeyUsageOID.SERVER_AUTH,)
_KEYS = [rsa.generate_private_key(65537, 2048) for _ in range(4)]


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


ROOT = Made("Amazon Root CA 1", _KEYS[0], is_authority=True)
ISSUER = Made("Amazon RSA 2048 M01", _KEYS[1], is_authority=True, usages=SERVERS, pathlen=0)
LEAF = Made("sns.amazonaws.com", _KEYS[2], ["sns.amazonaws.com"], ISSUERS_URL, usages=SERVERS)


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


@pytest.mark.parametrize("written", [der, pem])
def test_issuers_certificate_is_fetched_from_the_url_in_the_certificate(
    written: object,
) -> None:
    assert callable(written)
    site = network(written(ISSUER.by(ROOT)))

    assert is_believed(pem(LEAF.by(ISSUER)), site)
    assert site.asked == [(ISSUERS_URL, b"")]


def test_chain_that_the_provider_publishes_is_not_fetched_again() -> None:
    site = network()

    assert is_believed(pem(LEAF.by(ISSUER)) + pem(ISSUER.by(ROOT)), site)
    assert is_believed(pem(LEAF.by(ROOT)), site)
    assert site.asked == []


def test_cross_signed_authority_adds_one_certificate() -> None:
    above = "http://crt.rootca1.amazontrust.com/rootca1.cer"
    newer = Made("Amazon Root CA 9", _KEYS[3], is_authority=True)
    issuer = Made("Amazon RSA 2048 M99", _KEYS[1], (), above, is_authority=True, usages=SERVERS)
    site = network(der(issuer.by(newer)))
    site.pages[above] = der(newer.by(ROOT))

    assert is_believed(pem(LEAF.by(issuer)), site)


@pytest.mark.parametrize(
    "usages",
    [
        (),
        SERVERS,
        (ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH),
        (ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,),
    ],
)
def test_issuer_for_servers_only_is_accepted(usages: Sequence[x509.ObjectIdentifier]) -> None:
    """Browsers accept no other issuers: Chrome Root Program Policy 1.6."""
    issuer = Made("Amazon RSA 2048 M01", _KEYS[1], is_authority=True, usages=usages)

    assert is_believed(pem(LEAF.by(issuer)), network(der(issuer.by(ROOT))))


@pytest.mark.parametrize(
    "usages", [(ExtendedKeyUsageOID.EMAIL_PROTECTION,), (ExtendedKeyUsageOID.CODE_SIGNING,)]
)
def test_issuer_for_other_purposes_is_rejected(
    usages: Sequence[x509.ObjectIdentifier],
) -> None:
    issuer = Made("Amazon Mail", _KEYS[1], is_authority=True, usages=usages)

    assert not is_believed(pem(LEAF.by(issuer)), network(der(issuer.by(ROOT))))


@pytest.mark.parametrize(
    ("partition", "region", "name"),
    [
        # As in the AWS SDK for Java v2, SnsHostProvider, where new regions have the partition's.
        ("aws", "us-east-1", "sns.amazonaws.com"),
        ("aws", "eu-west-1", "sns.amazonaws.com"),
        ("aws", "ap-east-1", "sns-signing.ap-east-1.amazonaws.com"),
        ("aws", "me-south-1", "sns-signing.me-south-1.amazonaws.com"),
        ("aws", "mx-central-1", "sns-signing.mx-central-1.amazonaws.com"),
        ("aws", "ap-southeast-7", "sns-signing.ap-southeast-7.amazonaws.com"),
        ("aws", "us-east-9", "sns.amazonaws.com"),
        ("aws-cn", "cn-north-1", "sns-cn-north-1.amazonaws.com.cn"),
        ("aws-cn", "cn-northwest-1", "sns-cn-northwest-1.amazonaws.com.cn"),
        ("aws-cn", "cn-northwest-9", "sns.amazonaws.com.cn"),
        ("aws-us-gov", "us-gov-west-1", "sns-us-gov-west-1.amazonaws.com"),
        ("aws-us-gov", "us-gov-east-1", "sns-us-gov-west-1.amazonaws.com"),
    ],
)
def test_every_region_has_its_certificate_subject(partition: str, region: str, name: str) -> None:
    leaf = Made(name, _KEYS[2], issuer_url=ISSUERS_URL)
    nameless = Made("", _KEYS[2], ["other.amazonaws.com", name], ISSUERS_URL)
    site = network(der(ISSUER.by(ROOT)))

    assert is_believed(pem(leaf.by(ISSUER)), site, address(region, partition))
    assert is_believed(pem(nameless.by(ISSUER)), site, address(region, partition))


@pytest.mark.parametrize(
    "name",
    [
        "",
        "evil.example",
        "amazonaws.com",
        "s3.amazonaws.com",
        "sns.s3.amazonaws.com",
        "sns.amazonaws.com.evil.example",
        "sns-signing.us-east-1.amazonaws.com",
        "sns.us-east-1.amazonaws.com",
        "snsXamazonaws.com",
        "*.amazonaws.com",
        "sns.amazonaws.com\n",
    ],
)
def test_certificate_with_another_subject_is_rejected(name: str) -> None:
    site = network(der(ISSUER.by(ROOT)))
    leaf = Made(name, _KEYS[2], [], ISSUERS_URL)

    assert not is_believed(pem(leaf.by(ISSUER)), site)
    assert site.asked == []


def test_self_signed_certificate_or_one_of_another_issuer_is_rejected() -> None:
    evil = Made("Amazon RSA 2048 M01", _KEYS[3], is_authority=True)
    for document in (
        pem(LEAF.by()),
        pem(LEAF.by(evil)),
        pem(LEAF.by(evil)) + pem(evil.by()),
        pem(LEAF.by(evil)) + pem(ISSUER.by(ROOT)),
    ):
        # The forged certificate has the URL of the genuine issuer's.
        assert not is_believed(document, network(der(ISSUER.by(ROOT))))


def test_certificate_without_a_trusted_authority_is_rejected() -> None:
    site_owner = Made("www.example.com", _KEYS[1], ["www.example.com"], usages=SERVERS)

    assert not is_believed(pem(LEAF.by(site_owner)), network(der(site_owner.by(ROOT))))


@pytest.mark.parametrize(
    ("begins", "ends"), [(NOW + timedelta(seconds=1), NOW + YEAR), (NOW - YEAR, NOW - YEAR / 2)]
)
def test_expired_or_future_certificate_is_rejected(begins: datetime, ends: datetime) -> None:
    site = network(der(ISSUER.by(ROOT)))
    leaf = Made(LEAF.common, _KEYS[2], issuer_url=ISSUERS_URL, begins=begins, ends=ends)
    expired = Made(ISSUER.common, _KEYS[1], is_authority=True, begins=begins, ends=ends)

    assert not is_believed(pem(leaf.by(ISSUER)), site)
    assert site.asked == []  # Nothing is fetched for a rejected certificate.
    assert not is_believed(pem(LEAF.by(ISSUER)), network(der(expired.by(ROOT))))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://evil.example/r2m01.cer",
        "http://crt.r2m01.amazontrust.com.evil.example/r2m01.cer",
        "http://169.254.169.254/r2m01.cer",
        "http://crt.r2m01.amazontrust.com:8080/r2m01.cer",
        "http://crt.r2m01.amazontrust.com@evil.example/r2m01.cer",
        "http://crt.r2m01.amazontrust.com/../r2m01.cer",
        "ldap://crt.r2m01.amazontrust.com/r2m01.cer",
        "file:///etc/passwd",
    ],
)
def test_no_certificate_is_fetched_from_another_host(url: str) -> None:
    site = network(der(ISSUER.by(ROOT)))
    leaf = Made(LEAF.common, _KEYS[2], issuer_url=url)

    assert not is_believed(pem(leaf.by(ISSUER)), site)
    assert site.asked == []


@pytest.mark.parametrize("page", [None, b"", b"<html>", b"-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_unreadable_issuer_certificate_is_unavailable(page: bytes | None) -> None:
    """The sender retries, since the certificate's subject and URL are those of Amazon."""
    with pytest.raises(UnavailableError, match="no certificate at"):
        check_certificate(pem(LEAF.by(ISSUER)), address(), network(page), NOW)


@pytest.mark.parametrize("document", [b"", b"<html>", b"-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_document_that_is_not_a_certificate_is_rejected(document: bytes) -> None:
    assert not is_believed(document, network())


def test_unreadable_authority_does_not_affect_others() -> None:
    broken = b"-----BEGIN CERTIFICATE-----\nMAAA\n-----END CERTIFICATE-----\n"
    site = network(der(ISSUER.by(ROOT)))
    site.trusted = b"# A comment\n" + broken + site.trusted

    assert is_believed(pem(LEAF.by(ISSUER)), site)
    site.trusted = b""
    assert not is_believed(pem(LEAF.by(ISSUER)), site)


def test_authorities_that_browsers_trust_are_read_without_a_warning(
    recwarn: pytest.WarningsRecorder,
) -> None:
    """A warning would be a log line that is not JSON."""
    site = network(der(ISSUER.by(ROOT)))
    site.trusted = Path(certifi.where()).read_bytes()

    assert not is_believed(pem(LEAF.by(ISSUER)), site)
    assert recwarn.list == []


def test_source_can_set_another_authority_and_its_issuers() -> None:
    """For a region whose certificates are from an authority that the preset does not allow."""
    own = Made("Another Authority", _KEYS[3], is_authority=True)
    url = "http://pki.example.com/issuer.crt"
    issuer = Made("Another Issuer", _KEYS[1], is_authority=True)
    leaf = Made("sns.amazonaws.com", _KEYS[2], issuer_url=url)
    site = network()
    site.pages[url] = der(issuer.by(own))
    authority = pem(own.by()).decode()
    issuers = r"http://pki\.example\.com/[a-z]+\.crt"

    assert not is_believed(pem(leaf.by(issuer)), site, address(Authority=authority))
    where = address(Authority=authority, Issuers=issuers)
    assert is_believed(pem(leaf.by(issuer)), site, where)
    assert address(Subject="").subject == ""
