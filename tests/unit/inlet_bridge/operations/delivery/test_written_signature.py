"""Messages and pages show a signature as the provider writes it."""

import pytest

from bridge.verification.catalogue import PRESETS
from inlet_bridge.operations.delivery.written_signature import signature_header


@pytest.mark.parametrize(
    ("provider", "written"),
    [
        ("zoom", "x-zm-signature: v0=…"),
        ("stripe", "stripe-signature: t=…,v1=…"),
        ("sanity", "sanity-webhook-signature: t=…,v1=…"),
        ("workos", "workos-signature: t=…, v1=…"),
        ("standard_webhooks", "webhook-signature: v1,…"),
        ("shopify", "x-shopify-hmac-sha256: …"),
        ("discord", "x-signature-ed25519: …"),
        ("braintree", ""),
        ("okta", ""),
    ],
)
def test_header_has_the_keys_of_the_provider(provider: str, written: str) -> None:
    assert signature_header(PRESETS[provider].scheme) == written
