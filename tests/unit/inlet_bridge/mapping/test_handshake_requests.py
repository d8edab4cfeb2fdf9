"""Handshakes are recognized by the rules of their provider."""

import json
from copy import replace

import pytest

from bridge.sources.source import Source
from bridge.verification.catalogue import PRESETS
from bridge.webhook import Webhook
from inlet_bridge.mapping.handshake_requests import (
    HandshakeRequest,
    handshake_request,
    incomplete_handshake,
)
from tests.support import sample_webhooks as samples


def source(provider: str) -> Source:
    preset = PRESETS[provider]
    return replace(
        samples.source(),
        provider=provider,
        handshakes=preset.handshakes,
        event_type=preset.event_type,
    )


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"event": "meeting.started"}, None),
        ({"event": "endpoint.url_validation"}, HandshakeRequest(("json:payload.plainToken",))),
        (
            {"event": "endpoint.url_validation", "payload": {"plainToken": "a"}},
            HandshakeRequest(),
        ),
    ],
)
def test_request_is_a_handshake_by_its_conditions(
    body: dict[str, object], found: HandshakeRequest | None
) -> None:
    webhook = Webhook("POST", "https://it.example/", {}, json.dumps(body).encode())

    assert handshake_request(source("zoom"), webhook, "secret") == found


def test_type_of_a_handshake_is_told_from_that_of_an_event() -> None:
    said = incomplete_handshake(source("zoom"), "endpoint.url_validation")

    assert said.startswith("it is a handshake of zoom, which needs no route, but lacks payload.pl")
    for provider in PRESETS:
        assert incomplete_handshake(source(provider), "") == ""
        assert incomplete_handshake(source(provider), "zz") == ""
