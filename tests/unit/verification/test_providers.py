"""Every preset with a sender that signs as the vendor documents."""

import base64
import json
from copy import replace

import pytest

from bridge.errors import InvalidSignatureError
from bridge.verification.catalogue import PRESETS
from bridge.verification.jwt_scheme import JwtScheme
from bridge.verification.verify import needs_secrets, verify
from bridge.webhook import Webhook
from tests.support.provider_groups import SIGNED, VERIFIED
from tests.support.signing_senders import (
    BODY,
    CASES,
    NOW,
    UNVERIFIED,
    URL,
    URL_SIGNED,
)

# Their signature is in the body, or covers only a part of it.
SIGNED_PARTS = ["adyen_payments", "aws_sns_v1", "aws_sns_v2", "braintree", "mailgun"]
BY_HASH = [
    name
    for name in VERIFIED
    if isinstance(scheme := CASES[name].declared.scheme, JwtScheme) and scheme.body_sha256
]
BODY_SIGNED = [name for name in SIGNED if name not in SIGNED_PARTS] + BY_HASH
FORMS = ["mandrill", "twilio_form", "twilio_sharedkey"]
PORTS_DO_NOT_MATTER = ["twilio_form", "twilio_json", "twilio_sharedkey"]
METHOD_SIGNED = ["contentful", "hubspot_v2", "hubspot_v3"]
BODY_CARRIES_PROOF = ["linear", "microsoft_graph", "adobe_io_events", *FORMS, *SIGNED_PARTS]
STORED = [name for name in VERIFIED if CASES[name].sender.published is None]
PUBLISHED = [name for name in VERIFIED if CASES[name].sender.published is not None]
NEEDS_SECRETS = [name for name in VERIFIED if needs_secrets(CASES[name].declared.scheme)]
every_provider = pytest.mark.parametrize("name", VERIFIED)


def test_every_preset_has_a_sender() -> None:
    assert set(CASES) == set(PRESETS)


@every_provider
def test_genuine_webhook_is_accepted(name: str) -> None:
    assert CASES[name].accepts(CASES[name].send())


def test_unsigned_webhook_is_accepted_with_verification_none() -> None:
    assert CASES[UNVERIFIED].accepts(CASES[UNVERIFIED].send())


@every_provider
def test_genuine_webhook_with_a_base64_body_is_accepted(name: str) -> None:
    webhook = CASES[name].send()
    path, _, query = webhook.url.removeprefix("https://hooks.example.com").partition("?")
    event = {
        "requestContext": {"http": {"method": "POST"}, "domainName": "hooks.example.com"},
        "rawPath": path,
        "rawQueryString": query,
        "headers": {header.title(): value for header, value in webhook.headers.items()},
        "body": base64.b64encode(webhook.body).decode(),
        "isBase64Encoded": True,
    }

    assert CASES[name].accepts(Webhook.from_http_api(event))


@every_provider
def test_genuine_webhook_of_900_kb_is_accepted(name: str) -> None:
    body = json.dumps({"id": "evt_1", "note": "Zoë 🎉 " * 90_000}, ensure_ascii=False).encode()

    assert CASES[name].accepts(CASES[name].send(body=body))


@every_provider
def test_another_secret_is_rejected(name: str) -> None:
    assert not CASES[name].accepts(CASES[name].send(), [CASES[name].other_secret])


@pytest.mark.parametrize("name", NEEDS_SECRETS)
@pytest.mark.parametrize("secrets", [[], [""], ["", ""]])
def test_without_a_secret_nothing_is_accepted(name: str, secrets: list[str]) -> None:
    case = CASES[name]
    with pytest.raises(InvalidSignatureError, match="no secret is configured"):
        verify(case.declared.scheme, case.send(), secrets, NOW, case.published())


@pytest.mark.parametrize("name", STORED)
def test_both_secrets_are_accepted_during_a_rotation(name: str) -> None:
    case = CASES[name]
    secrets = [case.secret, case.other_secret]

    assert case.accepts(case.send(case.secret), secrets)
    assert case.accepts(case.send(case.other_secret), secrets)


@pytest.mark.parametrize("name", PUBLISHED)
def test_key_that_is_not_published_is_rejected(name: str) -> None:
    case = CASES[name]
    published = case.published()
    published.pages.clear()

    with pytest.raises(InvalidSignatureError):
        verify(case.declared.scheme, case.send(), ["a secret"], NOW, published)


@every_provider
def test_request_without_headers_is_rejected(name: str) -> None:
    assert not CASES[name].accepts(Webhook("POST", URL, {}, b"{}"))
    assert not CASES[name].accepts(Webhook("POST", URL, {}, b""))


@every_provider
def test_missing_or_empty_signature_header_is_rejected(name: str) -> None:
    case = CASES[name]
    webhook = case.send()
    # SNS repeats the type in an unsigned header.
    for header in set(case.signature_headers()) - {"x-amz-sns-message-type"}:
        rest = {key: value for key, value in webhook.headers.items() if key != header}

        assert not case.accepts(replace(webhook, headers=rest))
        assert not case.accepts(replace(webhook, headers=rest | {header: ""}))


@pytest.mark.parametrize("name", BODY_SIGNED)
@pytest.mark.parametrize("change", [b" ", b"\n", b"\x00", b"\xff", "ë".encode(), b"&a=1"])
def test_altered_body_is_rejected(name: str, change: bytes) -> None:
    case = CASES[name]
    webhook = case.send()

    assert not case.accepts(replace(webhook, body=webhook.body + change))
    assert not case.accepts(replace(webhook, body=webhook.body[:-1]))
    assert not case.accepts(replace(webhook, body=b""))
    if change != b"&a=1" or name not in FORMS:
        assert not case.accepts(replace(webhook, body=change + webhook.body))


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("adyen_payments", b'"value": 1130'),
        ("adyen_payments", b"AUTHORISATION"),
        ("aws_sns_v1", b"msg_1"),
        ("aws_sns_v2", b"order.paid"),
        ("aws_sns_v2", b"2026-01-01"),
        ("braintree", b"bt_payload=P"),
        ("mailgun", b"msg_1"),
    ],
)
def test_altered_signed_part_is_rejected(name: str, part: bytes) -> None:
    case = CASES[name]
    webhook = case.send()
    altered = webhook.body.replace(part, part[:-1] + bytes([part[-1] ^ 1]))
    assert altered != webhook.body

    assert not case.accepts(replace(webhook, body=altered))


def test_last_line_break_of_a_braintree_payload_is_optional() -> None:
    case = CASES["braintree"]
    webhook = case.send()
    stripped = webhook.body.removesuffix(b"%0A")
    assert stripped != webhook.body

    assert case.accepts(replace(webhook, body=stripped))
    assert not case.accepts(replace(webhook, body=stripped[:-1]))
    assert not case.accepts(replace(webhook, body=webhook.body + b"%0A"))


@pytest.mark.parametrize("name", URL_SIGNED)
@pytest.mark.parametrize(
    ("old", "new"),
    [("b=2&", ""), ("/prod", ""), ("https", "http"), ("/it", "/it/"), ("?", "?c=3&")],
)
def test_another_url_is_rejected_where_the_url_is_signed(name: str, old: str, new: str) -> None:
    case = CASES[name]
    webhook = case.send()
    if name == "contentful":  # It signs the path and the query.
        old, new = old.replace("https", "/it"), new.replace("http", "/at")

    assert not case.accepts(replace(webhook, url=webhook.url.replace(old, new)))


@pytest.mark.parametrize("name", PORTS_DO_NOT_MATTER)
def test_port_is_optional_where_the_vendor_tries_both(name: str) -> None:
    case = CASES[name]
    with_port = URL.replace(".com", ".com:443")

    assert case.accepts(replace(case.send(url=with_port), url=case.send(url=URL).url))
    assert case.accepts(replace(case.send(url=URL), url=case.send(url=with_port).url))


@pytest.mark.parametrize("name", METHOD_SIGNED)
def test_another_method_is_rejected_where_the_method_is_signed(name: str) -> None:
    assert not CASES[name].accepts(replace(CASES[name].send(), method="PUT"))


@pytest.mark.parametrize("name", [n for n in BODY_SIGNED if n not in BODY_CARRIES_PROOF])
def test_signed_empty_body_is_rejected_only_where_the_vendor_does(name: str) -> None:
    rejects = getattr(CASES[name].declared.scheme, "reject_empty_body", False)

    assert CASES[name].accepts(CASES[name].send(body=b"")) is not rejects


@every_provider
def test_error_message_contains_no_secret_or_payload(name: str) -> None:
    case = CASES[name]
    webhook = case.send()
    wrong = [case.sender.stored(case.other_secret)]
    with pytest.raises(InvalidSignatureError) as caught:
        verify(case.declared.scheme, webhook, wrong, NOW, case.published(case.other_secret))
    said = str(caught.value)

    private = [case.secret, case.other_secret, webhook.body.decode(), BODY.decode()]
    shown = [value for name, value in webhook.headers.items() if name in case.signature_headers()]
    assert all(text not in said for text in [*private, *shown] if text)
