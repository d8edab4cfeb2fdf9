"""Requests state the algorithm of their signature in a header."""

from copy import replace
from typing import Any

import pytest

from bridge.errors import InvalidPropertyError
from bridge.verification.catalogue import PRESETS
from bridge.verification.declaration import declare_scheme
from bridge.verification.schemes import MacScheme
from bridge.webhook import Webhook
from tests.support.handled_source import handled, handled_preset
from tests.support.signing_senders import BODY, CASES, URL, b64, mac

SETTINGS = "x-twilio-webhooks-signature-settings"
TWILIO = ["twilio_form", "twilio_json", "twilio_sharedkey"]
FORM = b"From=%2B1&To=%2B2"

every_twilio = pytest.mark.parametrize("name", TWILIO)


def signed(name: str, algorithm: str, settings: str | None, body: bytes = FORM) -> Webhook:
    """A webhook with this algorithm and header, as Twilio's library computes it."""
    case = CASES[name]
    webhook = case.send(body=body if name != "twilio_json" else BODY)
    content = webhook.url + ("" if name == "twilio_json" else "From+1To+2")
    proof = b64(mac(case.secret, content.encode(), algorithm))
    headers = {**webhook.headers, "x-twilio-signature": proof}
    headers.pop(SETTINGS, None)
    return replace(webhook, headers=headers | ({} if settings is None else {SETTINGS: settings}))


def test_every_stated_algorithm_is_tested() -> None:
    stated = {
        name
        for name, preset in PRESETS.items()
        if isinstance(preset.scheme, MacScheme) and preset.scheme.algorithm_from
    }
    assert stated == set(TWILIO)


@every_twilio
@pytest.mark.parametrize(
    ("settings", "algorithm"),
    [
        (None, "sha1"),
        ("", "sha1"),
        ("key=webhooks_sharedkey_1", "sha1"),
        ("key=1,algorithm=", "sha1"),
        ("key=1,algorithm=HMAC_SHA1", "sha1"),
        ("key=webhooks_sharedkey_1,algorithm=HMAC_SHA256", "sha256"),
        ("algorithm=hmac_sha256", "sha256"),
        (" key=1 , algorithm = HMAC_SHA256 ", "sha256"),
        ("algorithm=HMAC_SHA256,algorithm=HMAC_SHA1", "sha256"),
    ],
)
def test_stated_algorithm_is_the_one_that_counts(
    name: str, settings: str | None, algorithm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """https://github.com/twilio/twilio-python/blob/main/twilio/request_validator.py."""
    other = {"sha1": "sha256", "sha256": "sha1"}[algorithm]
    statuses = {
        used: handled_preset(name, monkeypatch).send(signed(name, used, settings)).status
        for used in (algorithm, other)
    }

    # A form needs a Map, so it is refused only after it was verified.
    assert statuses == {algorithm: 200 if name == "twilio_json" else 415, other: 401}


@every_twilio
@pytest.mark.parametrize(
    "settings",
    [
        "algorithm=HMAC_MD5",
        "algorithm=none",
        "algorithm=sha1",
        "algorithm=hmac-sha1",
        "algorithm=HMAC_SHA256;HMAC_SHA1",
        "algorithm=\x00",
        "algorithm=" + "A" * 8_000,
    ],
)
@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_algorithm_that_is_not_allowed_is_rejected(
    name: str, settings: str, algorithm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = handled_preset(name, monkeypatch).send(signed(name, algorithm, settings))

    assert answer.status == 401


def test_own_scheme_states_its_algorithm(monkeypatch: pytest.MonkeyPatch) -> None:
    scheme = {
        "Family": "mac",
        "Content": "{body}",
        "Signature": {"From": "header:x-signature"},
        "AlgorithmFrom": "header:x-algorithm",
        "Algorithms": ["sha512=hmac-sha512", "sha256=hmac-sha256"],
    }
    source = handled(declare_scheme(None, scheme), ["secret"], monkeypatch)
    statuses = {}
    for algorithm in ("sha512", "sha256", "sha1"):
        proof = mac("secret", BODY, algorithm).hex()
        webhook = Webhook("POST", URL, {"x-signature": proof, "x-algorithm": algorithm}, BODY)
        statuses[algorithm] = source.send(webhook).status

    assert statuses == {"sha512": 200, "sha256": 200, "sha1": 401}
    proof = mac("secret", BODY, "sha512").hex()
    assert source.send(Webhook("POST", URL, {"x-signature": proof}, BODY)).status == 401


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"AlgorithmFrom": "header:x-a"}, r"Scheme\.Algorithms"),
        ({"Algorithms": ["a=hmac-sha256"]}, r"Scheme\.Algorithms"),
        ({"AlgorithmFrom": "x-a", "Algorithms": ["a=hmac-sha1"]}, r"Scheme\.AlgorithmFrom"),
        ({"AlgorithmFrom": "header:x-a", "Algorithms": ["a=md5"]}, r"Scheme\.Algorithms\.0"),
        ({"AlgorithmFrom": "header:x-a", "Algorithms": ["a=sha256"]}, r"Scheme\.Algorithms\.0"),
        ({"AlgorithmFrom": "header:x-a", "Algorithms": ["hmac-sha1"]}, r"Scheme\.Algorithms\.0"),
        ({"AlgorithmKey": "a"}, r"Scheme\.AlgorithmFrom"),
    ],
)
def test_choices_that_allow_anything_else_are_rejected(given: dict[str, Any], path: str) -> None:
    scheme = {"Family": "mac", "Content": "{body}", "Signature": {"From": "header:x-s"}, **given}
    with pytest.raises(InvalidPropertyError, match=path):
        declare_scheme(None, scheme)
