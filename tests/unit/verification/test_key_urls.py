"""The URLs from which keys are fetched."""

from copy import replace

import pytest

from bridge.errors import InvalidSignatureError
from bridge.verification.public_key import verify_public_key
from bridge.verification.public_key_scheme import (
    KeyAddress,
    PublicKeyScheme,
)
from bridge.verification.published_keys import is_allowed_address
from bridge.webhook import Webhook
from tests.support.provider_fakes import FakePublishedKeys
from tests.support.rsa_webhooks import HEADERS, KEY, PLAIN
from tests.support.signing_senders import BODY, CASES, NOW

# An allowed URL of each preset, and similar ones that are not allowed.
ADDRESSES = {
    "aws_sns_v2": (
        "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-7506a1e35b36ef5a444d.pem",
        "https://sns.s3-eu-west-1.amazonaws.com/SimpleNotificationService-7506a1e35b36ef5a444d.pem",
        "https://sns.eu-west-1.amazonaws.com/evil.pem",
    ),
    "paypal": (
        "https://api.sandbox.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-df8cd2d5",
        "https://www.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-df8cd2d5",
        "https://api.paypal.com/v1/notifications/certs/../../checkout/CERT-1",
        "https://api.paypal.com/v1/notifications/certs/CERT-1/../../x",
        "https://api.paypal.com/v1/notifications/certs/CERT-1?x=y",
        "https://api.paypal.com/anything",
    ),
    "adobe_io_events": (
        "https://static.adobeioevents.com/prod/keys/pub-key-lyTiz3gQe4.pem",
        "https://static.adobeioevents.com/prod/keys/../../x/pub-key-lyTiz3gQe4.pem",
        "https://static.adobeioevents.com/customer/pub-key-lyTiz3gQe4.pem",
        "https://static.adobeioevents.com/prod/keys/pub-key-lyTiz3gQe4.pem.pem",
        "https://static.adobeioevents.com.evil.example/prod/keys/pub-key-lyTiz3gQe4.pem",
    ),
}


@pytest.mark.parametrize("name", ADDRESSES)
def test_preset_allows_only_the_urls_of_its_provider(name: str) -> None:
    scheme = CASES[name].declared.scheme
    assert isinstance(scheme, PublicKeyScheme)
    assert scheme.address
    good, *others = ADDRESSES[name]

    assert is_allowed_address(good, scheme.address.allow)
    assert not any(is_allowed_address(url, scheme.address.allow) for url in others)


ANY_PATH = r"https://keys\.example\.com/.*"


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://keys.example.com/a.pem", True),
        ("https://keys.example.com/a?b=c", True),
        ("http://keys.example.com/a", False),
        ("HTTPS://keys.example.com/a", False),
        ("https://keys.example.com:443/a", False),
        ("https://keys.example.com/a#b", False),
        ("https://keys.example.com@evil.example/a", False),
        ("https://keys.example.com\\@evil.example/", False),
        ("https://keys.example.com/a\n", False),
        ("https://keys.example.com/ä", False),
        ("https://keys.example.com/a b", False),
        ("xhttps://keys.example.com/a", False),
        ("https://keys.example.com", False),
        ("https://keys.example.com/" + "a" * 2_000, False),
        ("https://[/", False),
        ("", False),
    ],
)
def test_allowed_url_is_https_with_a_host_and_a_path(url: str, *, allowed: bool) -> None:
    assert is_allowed_address(url, ANY_PATH) is allowed


def test_url_of_a_key_is_base_and_path() -> None:
    address = KeyAddress(("header:x-path",), ANY_PATH, base="https://keys.example.com")
    scheme = replace(PLAIN, address=address)
    network = FakePublishedKeys({"https://keys.example.com/a.pem": KEY.encode()})
    webhook = Webhook("POST", "https://x/y", {**HEADERS, "x-path": "/a.pem"}, BODY)

    verify_public_key(scheme, webhook, [], NOW, network)
    for path in (
        "@evil.example/a.pem",
        ".evil.example/a.pem",
        "",
        "https://keys.example.com/a.pem",
    ):
        moved = replace(webhook, headers={**HEADERS, "x-path": path})
        with pytest.raises(InvalidSignatureError):
            verify_public_key(scheme, moved, [], NOW, network)


@pytest.mark.parametrize("url", ["https://[/a", "https://a:x/b", "https://a:99999/b"])
def test_malformed_url_is_not_allowed(url: str) -> None:
    assert not is_allowed_address(url, ".*")
