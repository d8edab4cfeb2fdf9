"""A request has the headers of its webhook, and those that its sender invents beside them."""

import json
from datetime import UTC, datetime

import pytest

from bridge.verification.catalogue import PRESETS
from inlet_bridge.mapping.sample_webhook import sample_webhook
from inlet_bridge.senders.providers import SENDERS
from inlet_bridge.senders.sender import Sender, Sending

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
URL = "https://hooks.example.com/webhooks/it"
# XML, which `inlet send` takes from a file.
SAMPLED = sorted(set(SENDERS) - {"salesforce_outbound"})
IDS = ("4ab5a822-0000-4000-8000-000000000001", "4ab5a822-0000-4000-8000-000000000002")


def headers(provider: str, delivery_id: str) -> tuple[dict[str, str], dict[str, str]]:
    """The headers of a sample, and those of its request."""
    sender = SENDERS[provider]
    given, body = sample_webhook(PRESETS[provider], "some/event", delivery_id)
    sending = Sending(body, sender.new_secret(), NOW, URL, delivery_id, given)
    request = sender.request(sending)
    return given, {name.lower(): text for name, text in request.headers.items()}


@pytest.mark.parametrize("provider", SAMPLED)
def test_it_has_the_id_and_the_event_type_of_the_sample(provider: str) -> None:
    given, sent = headers(provider, IDS[0])

    assert {name: sent[name] for name in given} == given


@pytest.mark.parametrize("provider", SAMPLED)
def test_two_webhooks_have_two_ids_where_a_header_has_it(provider: str) -> None:
    names = [
        place.removeprefix("header:").partition("|")[0]
        for recipe in PRESETS[provider].delivery_id[:1]
        for place in recipe.split("+")
        if place.startswith("header:") and place != "header:x-amzn-trace-id"
    ]
    (_, first), (_, second) = (headers(provider, each) for each in IDS)

    assert not names or any(first[name] != second[name] for name in names)


def test_the_signature_and_the_content_type_are_the_senders() -> None:
    sender = Sender(lambda _: {"x-signature": "good"}, content_type="text/xml")

    given = {"x-signature": "bad", "content-type": "text/plain", "x-topic": "it"}
    request = sender.request(Sending(b"", "secret", NOW, URL, headers=given))

    assert request.headers == {
        "x-signature": "good",
        "content-type": "text/xml",
        "x-topic": "it",
    }


@pytest.mark.parametrize(
    ("event", "parts"),
    [
        ("Issue+create", ("Issue", "create")),
        ("Issue", ("Issue", "created")),
        ("a+b+c", ("a+b+c", "created")),
    ],
)
def test_type_of_several_parts_is_written_as_it_is_printed(
    event: str, parts: tuple[str, str]
) -> None:
    _, body = sample_webhook(PRESETS["linear"], event, IDS[0])

    document = json.loads(body)
    assert (document["type"], document["action"]) == parts
