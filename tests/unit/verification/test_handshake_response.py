"""Responses to handshakes, beyond those of the presets."""

import pytest

from bridge.verification.handshake_response import build_response
from bridge.verification.handshakes import Handshake, HandshakeResponse
from bridge.verification.provider_response import ProviderResponse
from bridge.webhook import Webhook
from tests.support.signing_senders import b64, mac

ASKING = Webhook("GET", "https://x/y?crc_token=tok&other=1", {"x-a": "b"}, b"")
CRC = Handshake(
    when=("query:crc_token",),
    answer=HandshakeResponse(
        content_type="application/json",
        fields=("response_token=sha256={mac:query:crc_token}", "kind=fixed"),
    ),
    signed=False,
    pattern="[a-z]+",
    encoding="base64",
)


def test_keyed_response_may_contain_literal_text() -> None:
    reply = build_response(CRC, ASKING, ["s", "former"])

    assert reply is not None
    assert reply.body == (f'{{"response_token":"sha256={b64(mac("s", b"tok"))}","kind":"fixed"}}')


@pytest.mark.parametrize("secrets", [[], [""]])
def test_nothing_is_keyed_without_a_secret(secrets: list[str]) -> None:
    assert build_response(CRC, ASKING, secrets) is None


def test_static_response_needs_no_secret() -> None:
    fixed = Handshake(
        when=("method=GET",), answer=HandshakeResponse(status=204, headers=("X-Ok=yes",))
    )

    assert build_response(fixed, ASKING, []) == ProviderResponse(204, {"X-Ok": "yes"}, "")


def test_a_template_is_filled_from_the_request() -> None:
    asked = Handshake(
        when=("method=GET",), answer=HandshakeResponse(text="{header:x-a}/{query:other}")
    )

    assert build_response(asked, ASKING, []) == ProviderResponse(200, {}, "b/1")
    assert build_response(asked, Webhook("GET", "https://x/y", {"x-a": "b"}, b""), []) is None
