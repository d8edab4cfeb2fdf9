"""Webhooks of every provider, from request to response."""

import json
from collections.abc import Mapping
from copy import replace

import pytest

from bridge.errors import InvalidSignatureError, UnsupportedBodyError
from bridge.receiving.receiver import Receipt, Receiver
from bridge.receiving.responses import accepted
from bridge.sources.source import Source
from bridge.webhook import Webhook
from tests.support import sample_webhooks as samples
from tests.support.faked_receiver import faked_receiver
from tests.support.fakes import FakeInlet, FakeParameters, taken
from tests.support.provider_fakes import FakeProviderSites
from tests.support.receiver_fakes import at, source_of
from tests.support.signing_senders import CASES, NOW, UNVERIFIED, Case

# Not JSON objects, which are all that the inlet accepts.
NO_OBJECT = ["braintree", "jotform", "mailchimp", "mandrill", "twilio_form", "twilio_sharedkey"]
# Bodies of providers that never send the sample's format.
BODIES: Mapping[str, bytes] = {"salesforce_outbound": b"<Envelope/>", "sendgrid": b"[{}]"}


def receiver(case: Case) -> Receiver:
    """The receiver of one source, read back from its document."""
    stored = case.sender.stored(case.secret)
    source = source_of(case.declared, 1 if stored else 0)
    settled = replace(source, flows={"events": samples.flow(NOW)})
    assert Source.from_document(settled.to_document()) == settled
    values = {"/inlet-bridge/test/sources/it": settled.to_document()}
    values |= dict.fromkeys(source.secrets, stored)
    clock, published = at(NOW), case.published()
    parameters = FakeParameters(values)
    sites = FakeProviderSites(published.pages, published.trusted)
    return faked_receiver(parameters, clock, FakeInlet([taken()]), sites=lambda: sites)


@pytest.mark.parametrize("name", [name for name in CASES if name not in {*NO_OBJECT, *BODIES}])
def test_genuine_webhook_is_delivered_and_gets_a_response(name: str) -> None:
    """With the source document that the provisioner writes."""
    case = CASES[name]

    receipt = receiver(case).receive("it", case.send())

    assert isinstance(receipt, Receipt)
    answer = accepted(receipt)
    wanted = case.declared.acknowledgement
    assert answer["statusCode"] == (wanted.status if wanted else 200)
    assert answer["body"] == wanted.body if wanted else "delivery_id" in answer["body"]


@pytest.mark.parametrize("name", ["linear", "mailgun", "adyen_payments", "stripe"])
def test_body_is_parsed_once(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """For signature, time, id, type and message."""
    read: list[str] = []

    decode = json.JSONDecoder.decode

    def reading(decoder: json.JSONDecoder, text: str) -> object:
        read.append(text)
        return decode(decoder, text)

    monkeypatch.setattr(json.JSONDecoder, "decode", reading)
    case = CASES[name]
    webhook = case.send()

    receiver(case).receive("it", webhook)

    assert read.count(webhook.body.decode()) == 1


@pytest.mark.parametrize("name", [*NO_OBJECT, *BODIES])
def test_body_that_is_not_a_json_object_is_verified_and_then_rejected(name: str) -> None:
    """With status 415, since it cannot be forwarded unchanged."""
    case = CASES[name]
    webhook = case.send(body=BODIES[name]) if name in BODIES else case.send()

    with pytest.raises(UnsupportedBodyError):
        receiver(case).receive("it", webhook)


@pytest.mark.parametrize("name", [name for name in CASES if name != UNVERIFIED])
def test_unauthenticated_request_is_rejected(name: str) -> None:

    with pytest.raises(InvalidSignatureError):
        receiver(CASES[name]).receive("it", Webhook("POST", "https://x/y", {}, b'{"a":1}'))
