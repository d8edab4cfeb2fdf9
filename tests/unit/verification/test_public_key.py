"""The public-key family, beyond what the presets use."""

from copy import replace
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from bridge.errors import InvalidSignatureError, TooManyRequestsError, UnavailableError
from bridge.verification.public_key import verify_public_key
from bridge.verification.public_key_scheme import (
    KeyAddress,
    PublicKeyAlgorithm,
    PublicKeyForm,
    PublicKeyScheme,
)
from bridge.verification.published_keys import NoPublishedKeys
from bridge.verification.scheme_parameters import Signature
from bridge.verification.verify import verify
from bridge.webhook import Webhook
from inlet_bridge.senders.keys import (
    AUTHORITY_NAME,
    authority,
    certificate,
    new_rsa,
    public_pem,
)
from tests.support.provider_fakes import FakePublishedKeys
from tests.support.rsa_webhooks import HEADERS, KEY, PAYPAL, PLAIN, paypal
from tests.support.signing_senders import BODY, CASES, NOW


def accepted(scheme: PublicKeyScheme, *keys: str, headers: dict[str, str] | None = None) -> bool:
    webhook = Webhook("POST", "https://x/y", HEADERS if headers is None else headers, BODY)
    try:
        verify_public_key(scheme, webhook, keys, NOW, FakePublishedKeys())
    except InvalidSignatureError:
        return False
    return True


def test_one_of_several_keys_suffices() -> None:
    assert accepted(PLAIN, KEY)
    assert accepted(PLAIN, "no key", public_pem(new_rsa()).decode(), KEY)
    assert not accepted(PLAIN, public_pem(new_rsa()).decode())


@pytest.mark.parametrize("algorithm", ["rsa-sha1", "ecdsa-p256-sha256", "ed25519"])
def test_key_of_another_type_verifies_nothing(algorithm: PublicKeyAlgorithm) -> None:
    assert not accepted(replace(PLAIN, algorithm=algorithm), KEY)


@pytest.mark.parametrize("form", ["hex", "base64", "whpk", "x509-pem"])
def test_key_in_another_format_verifies_nothing(form: PublicKeyForm) -> None:
    assert not accepted(replace(PLAIN, key=form), KEY)


def test_request_selects_one_of_the_allowed_algorithms() -> None:
    scheme = replace(PLAIN, algorithm_from="header:x-alg", algorithms=("new=rsa-sha256",))

    assert accepted(scheme, KEY, headers={**HEADERS, "x-alg": "new"})
    for word in ("old", "rsa-sha256", "", "none"):
        assert not accepted(scheme, KEY, headers={**HEADERS, "x-alg": word})


def test_another_encoding_of_a_signature_is_rejected() -> None:
    signature = HEADERS["x-sig"]
    for spelling in (f" {signature}\n", signature.rstrip("="), signature + "=", f"{signature}AAAA"):
        assert not accepted(PLAIN, KEY, headers={"x-sig": spelling})


def test_certificate_must_chain_to_an_authority() -> None:
    issuer = (AUTHORITY_NAME, authority())
    good = certificate(PAYPAL.secret, "messageverificationcerts.paypal.com", issuer)

    assert paypal(good)
    assert not paypal(certificate(PAYPAL.secret, "messageverificationcerts.paypal.com"))
    assert not paypal(good, trusted=certificate(new_rsa(), AUTHORITY_NAME))
    assert not paypal(good, trusted="")


@pytest.mark.parametrize(
    "name",
    [
        "paypal.com.evil.example",
        "paypal.com",
        "www.paypal.com",
        "messageverificationcerts.paypal.com.",
        "messageverificationcerts.evil.example",
        "messageverificationcerts.paypal.com.evil.example",
        "é",
    ],
)
def test_certificate_must_name_the_provider(name: str) -> None:
    assert not paypal(certificate(PAYPAL.secret, name, (AUTHORITY_NAME, authority())))


def test_certificate_must_be_valid_now() -> None:
    name = "messageverificationcerts.sandbox.paypal.com"
    good = certificate(PAYPAL.secret, name, (AUTHORITY_NAME, authority()))

    assert paypal(good)
    assert not paypal(good, now=datetime(2019, 12, 31, tzinfo=UTC))
    assert not paypal(good, now=datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=9_001))


@pytest.mark.parametrize("page", ["", "<html>", "-----BEGIN CERTIFICATE-----\nAAAA\n", "\x00"])
def test_document_without_a_certificate_verifies_nothing(page: str) -> None:
    assert not paypal(page)


def test_authority_of_the_scheme_replaces_the_trusted_ones() -> None:
    scheme = PAYPAL.declared.scheme
    assert isinstance(scheme, PublicKeyScheme)
    assert scheme.address
    own = certificate(authority(), AUTHORITY_NAME)
    pinned = replace(scheme, address=replace(scheme.address, authority=own))
    network = PAYPAL.published()
    network.trusted = b""

    verify_public_key(pinned, PAYPAL.send(), [], NOW, network)


def test_unavailable_key_is_not_an_invalid_signature() -> None:
    network = PAYPAL.published()
    network.down = True
    scheme = PAYPAL.declared.scheme
    assert isinstance(scheme, PublicKeyScheme)

    with pytest.raises(UnavailableError):
        verify_public_key(scheme, PAYPAL.send(), [], NOW, network)


def test_url_that_is_not_allowed_is_never_fetched() -> None:
    network = PAYPAL.published()
    request = PAYPAL.send()
    evil = "https://api.paypal.com.evil.example/v1/notifications/certs/CERT-360caa42"
    request = replace(request, headers={**request.headers, "paypal-cert-url": evil})
    scheme = PAYPAL.declared.scheme
    assert isinstance(scheme, PublicKeyScheme)

    with pytest.raises(InvalidSignatureError, match="not allowed"):
        verify_public_key(scheme, request, [], NOW, network)
    assert network.asked == []


@dataclass
class Partly(FakePublishedKeys):
    """Sites of which some do not respond, or have no key."""

    errors: dict[str, Exception] = field(default_factory=dict)

    def get(self, url: str, *, posted: bytes = b"", renew: bool = False) -> bytes:
        if url in self.errors:
            raise self.errors[url]
        return super().get(url, posted=posted, renew=renew)


@pytest.mark.parametrize(
    "error", [UnavailableError("down"), TooManyRequestsError("often"), InvalidSignatureError("no")]
)
def test_unavailable_key_does_not_affect_the_other_pair(error: Exception) -> None:
    address = KeyAddress(("header:x-a", "header:x-b"), r"https://keys\.example\.com/[a-z]")
    scheme = replace(
        PLAIN, signature=Signature(("header:x-1", "header:x-2"), "base64"), address=address
    )
    first, second = "https://keys.example.com/a", "https://keys.example.com/b"
    network = Partly({second: KEY.encode()}, errors={first: error})
    headers = {"x-1": HEADERS["x-sig"], "x-a": first, "x-2": HEADERS["x-sig"], "x-b": second}

    verify_public_key(scheme, Webhook("POST", "https://x/y", headers, BODY), [], NOW, network)
    forged = Webhook("POST", "https://x/y", headers, b"another")
    with pytest.raises(type(error)):
        verify_public_key(scheme, forged, [], NOW, network)


def test_one_of_two_pairs_of_key_and_signature_suffices() -> None:
    case = CASES["adobe_io_events"]
    scheme = case.declared.scheme
    assert isinstance(scheme, PublicKeyScheme)
    request = case.send()
    signature, path = (
        request.headers[name]
        for name in ("x-adobe-digital-signature-1", "x-adobe-public-key1-path")
    )
    second = {
        "x-adobe-digital-signature-1": "AAAA",
        "x-adobe-public-key1-path": "/../../evil",
        "x-adobe-digital-signature-2": signature,
        "x-adobe-public-key2-path": path,
    }

    verify_public_key(scheme, replace(request, headers=second), [], NOW, case.published())
    crossed = {**second, "x-adobe-digital-signature-2": "AAAA"}
    crossed["x-adobe-digital-signature-1"] = signature
    with pytest.raises(InvalidSignatureError):
        verify_public_key(scheme, replace(request, headers=crossed), [], NOW, case.published())


def test_without_published_keys_nothing_is_verified() -> None:
    for name in ("paypal", "google_pubsub"):
        with pytest.raises(InvalidSignatureError, match="no keys are published"):
            verify(CASES[name].declared.scheme, CASES[name].send(), [], NOW)
    assert NoPublishedKeys().authorities() == b""
