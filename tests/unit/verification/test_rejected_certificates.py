"""Certificates that are not believed: other subjects, issuers, hosts and dates."""

from datetime import datetime, timedelta

import pytest

from bridge.errors import UnavailableError
from bridge.verification.certificates import check_certificate
from tests.support.certificate_chains import (
    ISSUER,
    ISSUERS_URL,
    KEYS,
    LEAF,
    NOW,
    ROOT,
    SERVERS,
    YEAR,
    Made,
    address,
    der,
    is_believed,
    network,
    pem,
)


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
    leaf = Made(name, KEYS[2], [], ISSUERS_URL)

    assert not is_believed(pem(leaf.by(ISSUER)), site)
    assert site.asked == []


def test_self_signed_certificate_or_one_of_another_issuer_is_rejected() -> None:
    evil = Made("Amazon RSA 2048 M01", KEYS[3], is_authority=True)
    for document in (
        pem(LEAF.by()),
        pem(LEAF.by(evil)),
        pem(LEAF.by(evil)) + pem(evil.by()),
        pem(LEAF.by(evil)) + pem(ISSUER.by(ROOT)),
    ):
        # The forged certificate has the URL of the genuine issuer's.
        assert not is_believed(document, network(der(ISSUER.by(ROOT))))


def test_certificate_without_a_trusted_authority_is_rejected() -> None:
    site_owner = Made("www.example.com", KEYS[1], ["www.example.com"], usages=SERVERS)

    assert not is_believed(pem(LEAF.by(site_owner)), network(der(site_owner.by(ROOT))))


@pytest.mark.parametrize(
    ("begins", "ends"), [(NOW + timedelta(seconds=1), NOW + YEAR), (NOW - YEAR, NOW - YEAR / 2)]
)
def test_expired_or_future_certificate_is_rejected(begins: datetime, ends: datetime) -> None:
    site = network(der(ISSUER.by(ROOT)))
    leaf = Made(LEAF.common, KEYS[2], issuer_url=ISSUERS_URL, begins=begins, ends=ends)
    expired = Made(ISSUER.common, KEYS[1], is_authority=True, begins=begins, ends=ends)

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
    leaf = Made(LEAF.common, KEYS[2], issuer_url=url)

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
