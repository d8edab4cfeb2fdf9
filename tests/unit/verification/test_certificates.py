"""Tests of certificate chains where the provider publishes only its own certificate.

SNS publishes only its certificate, which Amazon Trust Services issued as for websites and which
has the URL of its issuer's (seen in the test resources of the AWS SDK for Java v2: common name
sns.amazonaws.com, issuer Amazon RSA 2048 M01, 2025-11-10 to 2026-10-14).
"""

from collections.abc import Sequence
from pathlib import Path

import certifi
import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.support.certificate_chains import (
    ISSUER,
    ISSUERS_URL,
    KEYS,
    LEAF,
    ROOT,
    SERVERS,
    Made,
    address,
    der,
    is_believed,
    network,
    pem,
)


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
    newer = Made("Amazon Root CA 9", KEYS[3], is_authority=True)
    issuer = Made("Amazon RSA 2048 M99", KEYS[1], (), above, is_authority=True, usages=SERVERS)
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
    issuer = Made("Amazon RSA 2048 M01", KEYS[1], is_authority=True, usages=usages)

    assert is_believed(pem(LEAF.by(issuer)), network(der(issuer.by(ROOT))))


@pytest.mark.parametrize(
    "usages", [(ExtendedKeyUsageOID.EMAIL_PROTECTION,), (ExtendedKeyUsageOID.CODE_SIGNING,)]
)
def test_issuer_for_other_purposes_is_rejected(
    usages: Sequence[x509.ObjectIdentifier],
) -> None:
    issuer = Made("Amazon Mail", KEYS[1], is_authority=True, usages=usages)

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
    leaf = Made(name, KEYS[2], issuer_url=ISSUERS_URL)
    nameless = Made("", KEYS[2], ["other.amazonaws.com", name], ISSUERS_URL)
    site = network(der(ISSUER.by(ROOT)))

    assert is_believed(pem(leaf.by(ISSUER)), site, address(region, partition))
    assert is_believed(pem(nameless.by(ISSUER)), site, address(region, partition))


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
    own = Made("Another Authority", KEYS[3], is_authority=True)
    url = "http://pki.example.com/issuer.crt"
    issuer = Made("Another Issuer", KEYS[1], is_authority=True)
    leaf = Made("sns.amazonaws.com", KEYS[2], issuer_url=url)
    site = network()
    site.pages[url] = der(issuer.by(own))
    authority = pem(own.by()).decode()
    issuers = r"http://pki\.example\.com/[a-z]+\.crt"

    assert not is_believed(pem(leaf.by(issuer)), site, address(Authority=authority))
    where = address(Authority=authority, Issuers=issuers)
    assert is_believed(pem(leaf.by(issuer)), site, where)
    assert address(Subject="").subject == ""
