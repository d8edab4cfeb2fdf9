"""Tests of the signers against examples of the providers, their SDKs and the bridge."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import InvalidSignatureError
from bridge.verification.declaration import declare_scheme
from bridge.verification.verify import verify
from bridge.webhook import Webhook
from inlet_bridge.local.signatures import PROVIDERS, Sending, new_secret, signed_headers
from inlet_bridge.local.workspace import ROOT

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
VECTORS = ROOT.parent / "shared" / "providers" / "vectors.jsonl"
PROOF = {
    "github": "x-hub-signature-256",
    "stripe": "stripe-signature",
    "shopify": "x-shopify-hmac-sha256",
    "slack": "x-slack-signature",
}


def headers_of(provider: str, body: bytes, secret: str, now: datetime = NOON) -> dict[str, str]:
    event = "orders/create" if provider == "shopify" else "issues.opened"
    return signed_headers(provider, Sending(event, body, "delivery-1", now), secret)


def webhook(body: bytes, headers: dict[str, str]) -> Webhook:
    return Webhook("POST", "https://hooks.example.com/webhooks/x", headers, body)


def test_github_signs_as_its_documentation_shows() -> None:
    headers = headers_of("github", b"Hello, World!", "It's a Secret to Everybody")

    expected = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert headers["x-hub-signature-256"] == f"sha256={expected}"
    assert headers["x-github-event"] == "issues"


def test_stripe_signs_the_time_with_the_body() -> None:
    headers = headers_of("stripe", b"{}", "whsec_1")

    mac = hmac.new(b"whsec_1", b"1773489600.{}", hashlib.sha256).hexdigest()
    assert headers["stripe-signature"] == f"t=1773489600,v1={mac}"


def test_shopify_signs_in_base64_and_sends_what_it_always_sends() -> None:
    headers = headers_of("shopify", b"{}", "shpss_1")

    mac = hmac.new(b"shpss_1", b"{}", hashlib.sha256).digest()
    assert headers["x-shopify-hmac-sha256"] == base64.b64encode(mac).decode()
    assert headers["x-shopify-topic"] == "orders/create"
    assert headers["x-shopify-webhook-id"] == "delivery-1"


def test_slack_signs_version_time_and_body() -> None:
    headers = headers_of("slack", b"{}", "8f742231b10e")

    mac = hmac.new(b"8f742231b10e", b"v0:1773489600:{}", hashlib.sha256).hexdigest()
    assert headers["x-slack-signature"] == f"v0={mac}"
    assert headers["x-slack-request-timestamp"] == "1773489600"


@pytest.mark.skipif(not VECTORS.exists(), reason="the vectors are not at hand")
def test_signatures_are_accepted_by_the_sdks_of_the_providers() -> None:
    compared = 0
    for line in VECTORS.read_text(encoding="utf-8").splitlines():
        vector = json.loads(line)
        if vector["case"] != "valid" or vector["provider"] not in PROVIDERS:
            continue
        provider, now = vector["provider"], datetime.fromtimestamp(vector["now"], UTC)
        body = base64.b64decode(vector["body_b64"])
        ours = headers_of(provider, body, vector["secrets"][0], now)
        compared += 1

        assert ours[PROOF[provider]] == vector["headers"][PROOF[provider]]
    assert compared == len(PROVIDERS)


@pytest.mark.parametrize("provider", PROVIDERS)
@given(body=st.binary(min_size=1, max_size=200))
def test_signatures_are_accepted_by_the_bridge(provider: str, body: bytes) -> None:
    secret = new_secret(provider)
    genuine = webhook(body, headers_of(provider, body, secret))

    verify(declare_scheme(provider, None).scheme, genuine, [secret], NOON)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_signature_of_another_secret_is_rejected(provider: str) -> None:
    forged = webhook(b"{}", headers_of(provider, b"{}", new_secret(provider)))

    with pytest.raises(InvalidSignatureError):
        verify(declare_scheme(provider, None).scheme, forged, [new_secret(provider)], NOON)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_secret_is_new(provider: str) -> None:
    assert new_secret(provider) != new_secret(provider)
