"""Unusual requests get the verdict of the vendors' libraries."""

import base64
from collections.abc import Callable
from copy import replace
from datetime import timedelta

import pytest

from bridge.verification.catalogue import PRESETS
from bridge.verification.schemes import MacScheme
from bridge.webhook import Webhook
from tests.support.handled_source import handled_preset
from tests.support.signing_senders import BODY, CASES, NOW, URL, b64, mac, seconds

VERDICT = {True: {200, 204}, False: {401, 498}}
NUMERIC = [
    name
    for name, preset in PRESETS.items()
    if (timestamp := getattr(preset.scheme, "timestamp", None)) and timestamp.numeric
]
EXCLUSIVE = [
    name
    for name, preset in PRESETS.items()
    if (timestamp := getattr(preset.scheme, "timestamp", None)) and not timestamp.inclusive
]
ANY_CASE = [
    name
    for name, preset in PRESETS.items()
    if (signature := getattr(preset.scheme, "signature", None)) and signature.ignore_case
]
HEX = [
    name
    for name, preset in PRESETS.items()
    if isinstance(preset.scheme, MacScheme)
    and preset.scheme.signature.encoding == "hex"
    and preset.scheme.signature.from_[0].startswith("header:")
    and name not in ANY_CASE
]


def verdict(name: str, webhook: Webhook, monkeypatch: pytest.MonkeyPatch) -> bool:
    status = handled_preset(name, monkeypatch).send(webhook).status
    assert status in VERDICT[True] | VERDICT[False]
    return status in VERDICT[True]


def with_headers(webhook: Webhook, change: Callable[[str, str], str]) -> Webhook:
    headers = {name: change(name, text) for name, text in webhook.headers.items()}
    assert headers != webhook.headers
    return replace(webhook, headers=headers)


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        ("Basic {}", True),
        ("Basic  {}", True),
        ("basic   {}", True),
        ("BASIC {}  ", True),
        ("Basic \t{}", True),
        ("Basic\t{}", False),
        ("Basic{}", False),
        ("Bearer {}", False),
        ("Basic {} x", False),
    ],
)
def test_several_spaces_may_follow_basic(
    header: str, monkeypatch: pytest.MonkeyPatch, *, accepted: bool
) -> None:
    """https://www.rfc-editor.org/rfc/rfc9110#section-11.4, and Werkzeug 3.1.9."""
    encoded = base64.b64encode(CASES["basic_auth"].secret.encode()).decode()
    webhook = Webhook("POST", URL, {"authorization": header.format(encoded)}, BODY)

    assert verdict("basic_auth", webhook, monkeypatch) is accepted


@pytest.mark.parametrize("name", ["cloudevents", "bearer_api_key", "google_pubsub", "jwt"])
@pytest.mark.parametrize(
    ("word", "accepted"),
    [("Bearer ", True), ("Bearer   ", True), ("bearer \t", True), ("Bearer\t", False)],
)
def test_several_spaces_may_follow_bearer(
    name: str, word: str, monkeypatch: pytest.MonkeyPatch, *, accepted: bool
) -> None:
    webhook = CASES[name].send()
    token = webhook.headers["authorization"].removeprefix("Bearer ")
    changed = replace(webhook, headers={**webhook.headers, "authorization": word + token})

    assert verdict(name, changed, monkeypatch) is accepted


@pytest.mark.parametrize("name", EXCLUSIVE)
def test_limit_of_the_age_is_exclusive_where_the_library_compares_so(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, scheme = CASES[name], PRESETS[name].scheme
    limit = timedelta(seconds=getattr(scheme, "timestamp").past_seconds)  # noqa: B009

    assert not verdict(name, case.send(at=NOW - limit), monkeypatch)
    assert verdict(name, case.send(at=NOW - limit + timedelta(seconds=1)), monkeypatch)


@pytest.mark.parametrize("name", ["stripe", "mux", "slack", "workos", "paddle", "svix", "telnyx"])
def test_limit_of_the_age_is_inclusive_elsewhere(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = timedelta(seconds=getattr(PRESETS[name].scheme, "timestamp").past_seconds)  # noqa: B009

    assert verdict(name, CASES[name].send(at=NOW - limit), monkeypatch)


def test_every_preset_with_a_number_is_tested() -> None:
    assert {"stripe", "svix", "zoom", "paddle", "mux", "standard_webhooks"} <= set(NUMERIC)
    assert {"contentful", "hubspot_v3"} <= set(EXCLUSIVE)
    assert set(ANY_CASE) == {"notion", "discord"}


def upper(_: str, text: str) -> str:
    prefix, mark, found = text.rpartition("=")
    return prefix + mark + (found if found.isdecimal() else found.upper())


def zeros(text: str) -> Callable[[str, str], str]:
    return lambda _, value: value.replace(text, f"00{text}")


@pytest.mark.parametrize("name", [*NUMERIC, "contentful"])
def test_number_is_signed_without_its_leading_zeros(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The libraries of these vendors sign the number that they parsed."""
    webhook, now = CASES[name].send(), seconds(NOW)

    assert verdict(name, with_headers(webhook, zeros(now)), monkeypatch)


@pytest.mark.parametrize("name", [*NUMERIC, "contentful", *ANY_CASE])
def test_other_spelling_of_a_proof_is_a_repetition(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody can send a captured webhook again with another spelling of its proof."""
    handled, webhook = handled_preset(name, monkeypatch), CASES[name].send()
    respelled = with_headers(webhook, upper if name in ANY_CASE else zeros(seconds(NOW)))

    assert {handled.send(each).status for each in (webhook, respelled)} <= VERDICT[True]
    assert len(handled.inlet.requests) == 1


@pytest.mark.parametrize(
    ("name", "prefix", "time", "signature"),
    [
        ("slack", "v0:", "x-slack-request-timestamp", "x-slack-signature"),
        ("zoom", "v0:", "x-zm-request-timestamp", "x-zm-signature"),
    ],
)
def test_text_with_leading_zeros_is_signed_only_where_the_text_is(
    name: str, prefix: str, time: str, signature: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"00{seconds(NOW)}"
    proof = mac(CASES[name].secret, f"{prefix}{text}:".encode() + BODY).hex()
    webhook = Webhook("POST", URL, {time: text, signature: f"v0={proof}"}, BODY)

    assert verdict(name, webhook, monkeypatch) is (name == "slack")


@pytest.mark.parametrize("name", ["standard_webhooks", "svix", "stripe", "paddle"])
def test_signature_of_a_text_with_leading_zeros_is_rejected(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, text = CASES[name], f"0{seconds(NOW)}"
    content = {
        "stripe": f"{text}.",
        "paddle": f"{text}:",
        "standard_webhooks": f"msg_1.{text}.",
        "svix": f"msg_1.{text}.",
    }[name].encode() + BODY
    if name in {"stripe", "paddle"}:
        proof = mac(case.secret, content).hex()
        form = {"stripe": "t={},v1={}", "paddle": "ts={};h1={}"}[name]
        headers = {f"{name}-signature": form.format(text, proof)}
    else:
        prefix = "webhook" if name == "standard_webhooks" else name
        headers = {
            f"{prefix}-id": "msg_1",
            f"{prefix}-timestamp": text,
            f"{prefix}-signature": f"v1,{b64(mac(b'k' * 24, content))}",
        }

    assert not verdict(name, Webhook("POST", URL, headers, BODY), monkeypatch)


@pytest.mark.parametrize("name", ANY_CASE)
def test_hex_may_be_in_upper_case_where_the_library_decodes_it(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert verdict(name, with_headers(CASES[name].send(), upper), monkeypatch)


@pytest.mark.parametrize("name", ANY_CASE)
def test_prefix_before_hex_keeps_its_case(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    webhook = with_headers(CASES[name].send(), lambda _, text: f"SHA256={text.rpartition('=')[2]}")

    assert not verdict(name, webhook, monkeypatch)


@pytest.mark.parametrize("name", HEX)
def test_hex_in_upper_case_is_rejected_where_the_library_compares_texts(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = CASES[name]
    signature = getattr(case.declared.scheme, "signature").from_[0].removeprefix("header:")  # noqa: B009
    webhook = case.send()
    proof = webhook.headers[signature]
    prefix, mark, digest = proof.rpartition("=")
    changed = {**webhook.headers, signature: prefix + mark + digest.upper()}

    assert not verdict(name, replace(webhook, headers=changed), monkeypatch)
