"""What expressions make of the requests of a provider."""

import base64
import json
from typing import Any

import pytest

from bridge.messages.money import amount_providers
from bridge.verification.catalogue import PRESETS
from bridge.verification.facts import FACTS
from tests.support.sending_provider import SendingProvider, sending_provider

PAID = [name for name in PRESETS if FACTS[name].amounts.documented]


def mapped(monkeypatch: pytest.MonkeyPatch, name: str, **expressions: str) -> SendingProvider:
    """A source of a provider with these properties in its messages."""
    route = {"Flow": "events", "Map": {**expressions, "id": "delivery_id"}}
    return sending_provider(monkeypatch, name, Routes=[route])


def entity(source: SendingProvider) -> dict[str, Any]:
    """The only message."""
    [(_, _, content)] = source.inlet.requests
    document: dict[str, Any] = json.loads(content)
    found: dict[str, Any] = document["body"]["xdmEntity"]
    return found


def test_every_preset_with_a_unit_is_tested() -> None:
    assert set(PAID) == set(amount_providers()) & PRESETS.keys()


@pytest.mark.parametrize("name", PAID)
def test_amounts_are_in_the_unit_of_the_provider(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = mapped(monkeypatch, name, euros="money('500', 'EUR')", yen="money('500', 'JPY')")

    assert source.event(1) in range(200, 300)

    found = entity(source)
    assert found["euros"] == (5 if FACTS[name].amounts.unit == "minor" else 500)
    assert found["yen"] == 500


def test_data_of_pubsub_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    source = mapped(monkeypatch, "google_pubsub", data="base64_decode(body.message.data)")
    data = base64.b64encode("Zoë 🎉".encode()).decode()
    body = {"subscription": "s", "message": {"messageId": "1", "data": data}}

    assert source.send(json.dumps(body).encode(), {}) in range(200, 300)

    assert entity(source)["data"] == "Zoë 🎉"


def test_push_notification_is_made_of_its_headers(monkeypatch: pytest.MonkeyPatch) -> None:
    source = mapped(
        monkeypatch,
        "google_push",
        uri='headers."x-goog-resource-uri"',
        state='headers."x-goog-resource-state"',
    )
    headers = {
        "x-goog-channel-id": "c",
        "x-goog-message-number": "7",
        "x-goog-resource-state": "update",
        "x-goog-resource-uri": "https://www.googleapis.com/drive/v3/files/1",
    }

    assert source.send(b"", headers) in range(200, 300)

    found = entity(source)
    assert (found["uri"], found["state"]) == (headers["x-goog-resource-uri"], "update")
