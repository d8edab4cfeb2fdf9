"""Tests for `bridge.receiving.gate`: requests that get a specific response."""

import json
from copy import replace
from urllib.parse import quote

import pytest

from bridge.errors import InvalidPropertyError
from bridge.verification.declaration import declare_scheme
from bridge.verification.provider_response import ProviderResponse
from bridge.webhook import Webhook
from inlet_bridge.senders.sender import sha1_hex
from tests.support.gates import PATH_TOKENS, TOKEN, gate, get, signed
from tests.support.signing_senders import BODY, CASES, b64, mac

GITHUB = CASES["github"]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("slack", {"type": "url_verification", "challenge": "c-1"}),
        ("zoom", {"event": "endpoint.url_validation", "payload": {"plainToken": "t"}}),
        ("discord", {"type": 1, "id": "1", "application_id": "2"}),
        ("discord", {"type": 0, "version": 1}),
        ("xero", {"events": []}),
        ("line", {"events": [], "destination": "U1"}),
        ("asana", {"events": []}),
        ("pagerduty", {"event": {"event_type": "pagey.ping"}}),
        ("intercom", {"topic": "ping"}),
    ],
)
def test_signed_handshake_is_answered_only_with_a_valid_signature(
    name: str, body: dict[str, object]
) -> None:
    asked = signed(name, body)
    forged = replace(asked, body=asked.body + b" ")

    assert gate(name).reply(asked).status in {200, 204}
    assert gate(name).status(forged) == 401


def test_github_ping_is_answered_and_not_forwarded() -> None:
    ping = GITHUB.send()
    ping = replace(ping, headers={**ping.headers, "x-github-event": "ping"})

    assert gate("github").reply(ping) == ProviderResponse(200, {}, "")


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("discord", {"type": 1, "id": "1", "event": {"type": "ENTITLEMENT_CREATE"}}),
        ("slack", {"type": "event_callback", "challenge": "c-1"}),
        ("slack", {"type": "url_verification"}),
        ("line", {"events": [{"type": "message"}]}),
    ],
)
def test_request_that_resembles_a_handshake_is_a_webhook(
    name: str, body: dict[str, object]
) -> None:
    assert gate(name).status(signed(name, body)) == 0


def test_keyed_response_uses_the_secret_of_the_request() -> None:
    body = {"event": "endpoint.url_validation", "payload": {"plainToken": "t-1"}}
    for secret in (CASES["zoom"].secret, CASES["zoom"].other_secret):
        asked = CASES["zoom"].send(secret, body=json.dumps(body).encode())

        answer = json.loads(gate("zoom").reply(asked).body)

        assert answer == {"encryptedToken": mac(secret, b"t-1").hex(), "plainToken": "t-1"}


def test_unsigned_challenge_is_returned_as_inert_plain_text() -> None:
    challenge = "<script>alert(1)</script>"
    for name, field in (("dropbox", "challenge"), ("adobe_io_events", "challenge")):
        reply = gate(name).reply(get(f"https://x/y?{field}={quote(challenge)}"))

        assert reply.body == challenge
        assert reply.headers["Content-Type"] == "text/plain"
        assert reply.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "url", ["https://x/y?challenge=", "https://x/y?challenge=" + "x" * 5_000, "https://x/y"]
)
def test_invalid_challenge_is_verified_like_any_request(url: str) -> None:
    assert gate("dropbox").status(get(url)) == 401


def test_header_with_control_or_non_ascii_characters_is_not_returned() -> None:
    for origin in ("a\r\nSet-Cookie: b", "ë", "a\x00"):
        asked = Webhook("OPTIONS", "https://x/y", {"webhook-request-origin": origin}, b"")

        assert gate("cloudevents").status(asked) == 401


def test_cloudevents_handshake_may_omit_the_rate() -> None:
    asked = Webhook("OPTIONS", "https://x/y", {"webhook-request-origin": "a.example.com"}, b"")

    reply = gate("cloudevents").reply(asked)

    assert reply.headers == {"WebHook-Allowed-Origin": "a.example.com", "Allow": "POST"}


def test_braintree_challenge_response_is_keyed() -> None:
    case = CASES["braintree"]
    challenge = "20f9f8ed05f77439fe955c977e4c8a53"
    key = bytes.fromhex(sha1_hex(case.secret.encode()))

    reply = gate("braintree").reply(get(f"https://x/y?bt_challenge={challenge}"))

    assert reply.body == f"public-1|{mac(key, challenge.encode(), 'sha1').hex()}"


def test_challenge_never_signs_a_webhook() -> None:
    payload = b64(BODY)

    assert gate("braintree").status(get(f"https://x/y?bt_challenge={quote(payload)}")) == 401


def test_meta_handshake_uses_its_own_token_if_configured() -> None:
    app_secret = CASES["meta"].secret
    own = gate("meta", handshake_secrets=(TOKEN,))
    url = "https://x/y?hub.mode=subscribe&hub.challenge=1&hub.verify_token="

    assert own.reply(get(url + PATH_TOKENS[TOKEN])).body == "1"
    assert own.reply(get(url + quote(app_secret))).status == 403
    assert gate("meta").reply(get(url + quote(app_secret))).body == "1"
    assert gate("meta").reply(get(url)).status == 403


@pytest.mark.parametrize("name", ["dropbox", "meta", "microsoft_graph", "trello", "woocommerce"])
def test_answered_handshake_does_not_authenticate_the_sender(name: str) -> None:
    forged = Webhook("POST", "https://x/y?challenge=1&hub.challenge=1", {}, BODY)

    assert gate(name).status(forged) == 401


def test_unverified_sender_gets_no_keyed_response_or_confirmation() -> None:
    topic = {"topic_arn": "arn:aws:sns:eu-west-1:123456789012:orders"}

    assert declare_scheme("zoom", None, unverified=True).handshakes == ()
    with pytest.raises(InvalidPropertyError, match=r"Constants\.topic_arn"):
        declare_scheme("aws_sns_v2", None, topic, unverified=True)
