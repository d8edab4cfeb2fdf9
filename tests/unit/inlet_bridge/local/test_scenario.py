"""Tests of the scenario of a run."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from bridge.errors import InvalidSignatureError
from bridge.verification.declaration import declare_scheme
from bridge.verification.verify import verify
from bridge.webhook import Webhook as Arrived
from inlet_bridge.local.samples import Sample, read_samples
from inlet_bridge.local.scenario import OVERSIZED_BYTES, Script, Variation, Webhook, write_script
from inlet_bridge.local.signatures import PROVIDERS
from inlet_bridge.local.workspace import SAMPLES

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
SECRET = "a secret of this run"
OWN = Sample("github/mine", "github", "mine", b'{"mine":true}')


def script() -> Script:
    numbers = iter(range(100))
    return write_script(read_samples(SAMPLES), [OWN], (f"d-{number}" for number in numbers))


def everything() -> list[Webhook]:
    written = script()
    return [*written.while_settling, *written.settled, *written.again]


def arrived(webhook: Webhook) -> Arrived:
    headers, body = webhook.request(SECRET, NOON)
    return Arrived("POST", f"https://hooks.example.com/webhooks/{webhook.source}", headers, body)


def test_at_least_twelve_webhooks_of_four_providers_are_accepted() -> None:
    accepted = Counter(w.sample.provider for w in everything() if w.refusal is None)

    assert accepted.total() >= 12
    assert set(accepted) == set(PROVIDERS)


def test_providers_of_the_users_own_sources_are_left_out() -> None:
    numbers = iter(range(100))
    ids = (f"d-{number}" for number in numbers)

    written = write_script(read_samples(SAMPLES), [], ids, {"slack", "stripe"})

    sent = (*written.while_settling, *written.settled, *written.again)
    assert {webhook.sample.provider for webhook in sent} == {"github", "shopify"}
    assert len(written.again) == 2


def test_every_provider_sends_before_the_flow_is_ready() -> None:
    early = [w.sample.provider for w in script().while_settling if w.refusal is None]

    assert sorted(early) == sorted(PROVIDERS)


def test_every_reason_for_rejection_is_tested() -> None:
    refused = {w.variation for w in everything() if w.refusal is not None}

    assert refused == set(Variation) - {Variation.NONE, Variation.AGAIN}


@pytest.mark.parametrize("webhook", [w for w in everything() if w.refusal is None], ids=str)
def test_accepted_webhooks_are_genuine_and_unchanged(webhook: Webhook) -> None:
    request = arrived(webhook)
    verify(declare_scheme(webhook.source, None).scheme, request, [SECRET], NOON)

    assert request.body == webhook.sample.body


@pytest.mark.parametrize("webhook", [w for w in everything() if w.refusal == 401], ids=str)
def test_unauthenticated_webhooks_have_an_invalid_signature(webhook: Webhook) -> None:
    with pytest.raises(InvalidSignatureError):
        verify(declare_scheme(webhook.source, None).scheme, arrived(webhook), [SECRET], NOON)


@pytest.mark.parametrize("variation", [Variation.OVERSIZED, Variation.ASTRAY])
def test_invalid_size_and_url_have_a_valid_signature(variation: Variation) -> None:
    (webhook,) = (w for w in everything() if w.variation is variation)
    request = arrived(webhook)
    verify(declare_scheme(webhook.sample.provider, None).scheme, request, [SECRET], NOON)

    assert (len(request.body) == OVERSIZED_BYTES) is (variation is Variation.OVERSIZED)
    assert (webhook.source == "nobody") is (variation is Variation.ASTRAY)


def test_repetition_is_the_same_delivery() -> None:
    written = script()
    originals = {(w.sample, w.delivery_id) for w in (*written.while_settling, *written.settled)}

    assert len(written.again) == 2
    assert all((w.sample, w.delivery_id) in originals for w in written.again)


def test_own_payloads_are_sent_when_the_flow_is_ready() -> None:
    assert OWN in [webhook.sample for webhook in script().settled]
