"""The ID of a webhook that was sent is that which the receiver computes."""

from copy import replace
from datetime import UTC, datetime

import pytest

from bridge.sources.route import Coverage
from bridge.verification.catalogue import PRESETS
from bridge.verification.declaration import declare_scheme
from bridge.verification.identification import event_type, identity_of
from bridge.webhook import Webhook
from inlet_bridge.local.sent_identity import sent_identity
from inlet_bridge.mapping.sample_webhook import sample_webhook
from inlet_bridge.senders.providers import SENDERS
from inlet_bridge.senders.sender import Request, Sending
from tests.support.receiver_fakes import source_of

NOW = datetime.now(UTC)
URL = "https://it.example/webhooks/it"
NAMES = ("github", "stripe", "linear", "mailgun", "hubspot_v3", "twilio_form")


def sent(name: str) -> tuple[str, Request]:
    """A sample as `inlet send` sends it, and the secret."""
    secret = SENDERS[name].new_secret()
    headers, body = sample_webhook(PRESETS[name], "created", "d-1")
    request = SENDERS[name].request(Sending(body, secret, NOW, URL, "d-1"))
    return secret, replace(request, headers={**headers, **request.headers})


@pytest.mark.parametrize("name", NAMES)
def test_id_is_that_of_the_providers_rule(name: str) -> None:
    secret, request = sent(name)
    declared = declare_scheme(name, SENDERS[name].scheme, SENDERS[name].constants)
    source = replace(source_of(declared), coverage=Coverage())
    headers = {key.lower(): value for key, value in request.headers.items()}
    webhook = Webhook("POST", request.url, headers, request.body)

    found = sent_identity(source, secret, request, NOW)

    event = event_type(source.event_type, webhook)
    assert (
        found
        == identity_of(source.delivery_id, webhook, event, by_content=source.by_content).delivery_id
    )
    assert found


def test_webhook_that_cannot_be_verified_has_none() -> None:
    secret, request = sent("mailgun")
    declared = declare_scheme("mailgun", SENDERS["mailgun"].scheme, SENDERS["mailgun"].constants)
    source = source_of(declared)
    assert not source.coverage.body

    assert sent_identity(source, secret, request, NOW)
    assert sent_identity(source, "another", request, NOW) == ""
