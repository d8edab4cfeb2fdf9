"""Responses to handshakes are never valid signatures of webhooks."""

import json
import re
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bridge.errors import InvalidPropertyError, WebhookRejectedError
from bridge.sources.route import Coverage
from bridge.verification.catalogue import PRESETS
from bridge.verification.declaration import declare_scheme
from bridge.verification.handshake_pattern import parse_pattern
from bridge.verification.provider_response import ProviderResponse
from bridge.verification.signed_content import fill_content
from bridge.webhook import Webhook
from tests.support.receiver_fakes import GateHarness, source_of
from tests.support.signing_senders import CASES, NOW, seconds

SECRET = "a shared secret"
CONTENTS = (
    "{body}",
    "{timestamp}.{body}",
    "v0:{timestamp}:{body}",
    "{body}{timestamp}",
    "{method}{body}",
    "{form:token}",
    "{form:token}\n",
    "{header:x-id}",
    "{header:x-id}.{json:a?}",
    "{url}{form_sorted}",
    "{url}",
)
PATTERNS = (
    "[a-f0-9]{20,32}",
    "[A-Za-z0-9_-]{1,64}",
    "[A-Za-z0-9+/=]+",
    "[0-9]+",
    "[^{]+",
    "[ -z]{1,200}",
    ".{1,3}",
    ".*",
    "[\\s\\S]{0,4000}",
    "[!-~]+",
    "x?y*[a-z]+",
)
BODIES = st.sampled_from([b"0123456789abcdef01234567", b"1234", b'{"a":1}', b"token=abc", b"[]"])
WORDS = st.from_regex(r"[a-f0-9]{1,40}", fullmatch=True) | st.text(max_size=8)


@given(
    content=st.sampled_from(CONTENTS),
    handshake=st.fixed_dictionaries(
        {
            "Pattern": st.sampled_from(PATTERNS),
            "Encoding": st.sampled_from(["hex", "base64", "base64url"]),
            "Signed": st.booleans(),
        }
    ),
    body=BODIES | WORDS.map(lambda text: f"token={text}".encode()),
    name=WORDS,
)
def test_handshake_never_signs_a_webhook(
    content: str, handshake: dict[str, Any], body: bytes, name: str
) -> None:
    """Any combination of scheme and handshake is rejected at deployment or at run time."""
    asking = {"When": ["method=GET"], "Answer": {"Text": "{mac:header:x-ask}"}}
    scheme: dict[str, Any] = {
        "Family": "mac",
        "Content": content,
        "Signature": {"From": "header:x-signature", "Encoding": handshake["Encoding"]},
    }
    if "{timestamp}" in content:
        scheme["Timestamp"] = {"From": "header:x-time"}
    try:
        declared = declare_scheme(None, scheme, None, [asking | handshake])
    except InvalidPropertyError:
        return
    gate = GateHarness(source_of(declared, coverage=Coverage()), [SECRET])
    gate.clock.now = NOW
    headers = {"x-id": name, "x-time": str(seconds(NOW))}
    forged = Webhook("POST", "https://x/y", headers, body)
    asked = fill_content(content, forged, headers["x-time"], b"")
    assume(asked is not None)
    assert asked is not None
    question = {**headers, "x-ask": asked.decode(errors="surrogatepass")}
    try:
        answer = gate.verify(Webhook("GET", "https://x/y", question, b""))
    except WebhookRejectedError:
        return

    assert isinstance(answer, ProviderResponse)
    headers["x-signature"] = answer.body
    assert gate.status(Webhook("POST", "https://x/y", headers, body)) in {401, 413}


KEYED = [
    (name, handshake)
    for name, preset in PRESETS.items()
    for handshake in preset.handshakes
    if "{mac:" in json.dumps([handshake.answer.text, *handshake.answer.fields])
]


def test_keyed_handshakes_of_presets_have_a_pattern() -> None:
    assert {name for name, _ in KEYED} == {"braintree", "x_twitter", "zoom"}
    assert all(parse_pattern(handshake.pattern) for _, handshake in KEYED)


@pytest.mark.parametrize("name", [name for name, _ in KEYED])
def test_what_a_preset_signs_does_not_match_the_pattern_of_its_handshake(name: str) -> None:
    case = CASES[name]
    [handshake] = [each for preset, each in KEYED if preset == name]
    webhook = case.send()
    signed = {
        "braintree": webhook.body.split(b"bt_payload=")[-1].decode(),
        "x_twitter": webhook.body.decode(),
        "zoom": f"v0:{seconds(NOW)}:{webhook.body.decode()}",
    }[name]

    assert not re.fullmatch(handshake.pattern, signed)


@pytest.mark.parametrize(
    ("text", "allowed", "excluded", "max_length"),
    [
        ("[a-f0-9]{20,32}", "a9", "g{", 32),
        (r"\d{4}-\w+", "0-z_", "{", float("inf")),
        ("[^{]?a", "}a", "{", 2),
        (".{3}", "{\n", "", 3),
        (r"\{x\}", "{x}", "a", 3),
    ],
)
def test_parsed_pattern_has_its_characters_and_maximum_length(
    text: str, allowed: str, excluded: str, max_length: float
) -> None:
    pattern = parse_pattern(text)

    assert all(map(pattern.allows, allowed))
    assert not any(map(pattern.allows, excluded))
    assert pattern.max_length == max_length


@pytest.mark.parametrize("pattern", ["(a)", "a|b", "^a$", "a{", "[a", "(?i)a", r"\bx", r"\1"])
def test_unsupported_pattern_is_rejected(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"consist of characters|invalid set"):
        parse_pattern(pattern)
