"""Another name of a provider is answered with its preset."""

import pytest

from bridge.verification.catalogue import PRESETS
from bridge.verification.preset_names import similar_presets


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("stripe_webhooks", ["stripe"]),
        ("stripe-webhook", ["stripe"]),
        ("StripeEvents", ["stripe"]),
        ("box_webhooks_v2", ["box"]),
        ("standardwebhooks", ["standard_webhooks"]),
        ("Shopify", ["shopify"]),
        ("githup", ["github"]),
        ("zzzz", []),
    ],
)
def test_preset_without_what_surrounds_its_name_is_meant(name: str, meant: list[str]) -> None:
    assert similar_presets(name, PRESETS)[:1] == meant
