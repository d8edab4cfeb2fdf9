"""Tests for `bridge.receiving.gate`: URLs that are requested to confirm a subscription."""

import json
from copy import replace

import pytest

from bridge.errors import UnavailableError
from bridge.verification.provider_response import ProviderResponse
from tests.support.gates import SUBSCRIPTION, gate, signed
from tests.support.signing_senders import CASES

VALIDATION = "https://csm.adobe.io/csm/registrations/validate?id=1-a&challenge=2-b"


def test_confirmation_url_must_be_on_a_host_of_the_provider() -> None:
    here = gate("adobe_io_events", pages=True)
    good = VALIDATION

    assert here.reply(signed("adobe_io_events", {"validationUrl": good})).status == 200
    for url in (
        good.replace("adobe.io", "adobe.io.evil.example"),
        good.replace("https:", "http:"),
        f"https://evil.example/?{good}",
        good.replace("adobe.io", "adobe.io@evil.example"),
        good.replace("adobe.io", "adobe.io:8443"),
        good.replace("csm.adobe.io", "169.254.169.254"),
        # Customers run their own actions on these Adobe hosts.
        good.replace("csm.adobe.io", "runtime.adobe.io"),
        "https://csm.adobe.io/csm/registrations/validate",
        f"{good}&then=https://evil.example/",
        good.replace("registrations", "../api"),
    ):
        assert here.status(signed("adobe_io_events", {"validationUrl": url})) == 401
    assert here.sites.opened == [good]


@pytest.mark.parametrize("name", ["aws_sns_v1", "aws_sns_v2"])
def test_subscription_with_a_valid_signature_is_confirmed(name: str) -> None:
    here = gate(name, pages=True)

    assert here.reply(signed(name, SUBSCRIPTION)) == ProviderResponse(200, {}, "")
    assert here.sites.opened == [SUBSCRIPTION["SubscribeURL"]]


@pytest.mark.parametrize("name", ["aws_sns_v1", "aws_sns_v2"])
@pytest.mark.parametrize(
    "change",
    [
        {"Signature": ""},
        {"Token": "u"},
        {"Message": "another"},
        {"SubscribeURL": "https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe"},
        {"TopicArn": "arn:aws:sns:eu-west-1:999999999999:orders"},
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com@evil.example/a.pem"},
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com./a.pem"},
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com:443/a.pem"},
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com\uff0fx.evil.example/a.pem"},
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com\\@evil.example/a.pem"},
    ],
)
def test_subscription_without_a_valid_signature_requests_no_url(
    name: str, change: dict[str, str]
) -> None:
    here = gate(name, pages=True)
    asked = signed(name, SUBSCRIPTION)
    forged = json.dumps(json.loads(asked.body) | change).encode()

    assert here.status(replace(asked, body=forged)) == 401
    assert here.sites.opened == []


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("eu-west-1.amazonaws.com", "eu-west-1.amazonaws.com@evil.example"),
        ("eu-west-1.amazonaws.com", "eu-west-1.amazonaws.com.evil.example"),
        ("https://", "https://evil.example/https://"),
        ("https:", "http:"),
        ("https://sns.", "https://s3."),
        ("sns.eu-west-1", "sns.s3-eu-west-1"),
        ("sns.eu-west-1", "sns.us-east-1"),
        (".amazonaws.com", ".amazonaws.com.cn"),
        (".amazonaws.com/", ".amazonaws.com:8443/"),
        ("/?", "/evil?"),
        ("ConfirmSubscription", "Unsubscribe"),
        (":orders", ":others"),
        ("123456789012", "999999999999"),
        ("&Token", "&AuthenticateOnUnsubscribe=true&Token"),
        ("2336412f", "2336412f&Action=Unsubscribe"),
        ("2336412f", ""),
        ("&Token=2336412f", ""),
    ],
)
def test_subscription_is_confirmed_at_amazon_hosts_only(part: str, other: str) -> None:
    """The signature covers the topic; the URL is checked in addition."""
    here = gate("aws_sns_v2", pages=True)
    url = SUBSCRIPTION["SubscribeURL"].replace(part, other)
    assert url != SUBSCRIPTION["SubscribeURL"]

    assert here.status(signed("aws_sns_v2", SUBSCRIPTION | {"SubscribeURL": url})) == 401
    assert here.sites.opened == []


def test_failed_confirmation_makes_the_sender_retry() -> None:
    here = gate("adobe_io_events", pages=True)
    asked = signed("adobe_io_events", {"validationUrl": VALIDATION})
    here.verify(CASES["adobe_io_events"].send())  # The key is cached; then the site fails.
    here.sites.get = lambda url, **_: here.sites.pages[url]  # type: ignore[method-assign]
    here.sites.down = True

    with pytest.raises(UnavailableError):
        here.verify(asked)
