"""Tests of the requests with which providers check a URL, through the receiver's handler."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bridge.adapters.http.fetch_budget import MAX_FAILURES
from bridge.adapters.http.public_https import Page, PublicHttps
from bridge.errors import UnavailableError
from bridge.verification.catalogue import PRESETS
from bridge.verification.fact_kinds import RegistrationCheck
from bridge.verification.facts import FACTS
from tests.support.delivery_cloud import DeliveryCloud
from tests.support.sent_requests import (
    check_request,
    declare,
    declare_pending,
    delete_secret,
    passed,
    sent,
    store_secret,
)
from tests.support.signing_senders import CASES

TOKEN = "CANARY-path-token-1"
ADOBE = "https://csm.adobe.io/csm/registrations/validate?id=guid-1&challenge=guid-2"
ZENDESK_KEY = PRESETS["zendesk"].handshakes[0].published_key
MANDRILL_KEY = "test-webhook"
# `test_provider_keys` has the confirmation of SNS, which needs a certificate.
CHECKED = [
    name for name, facts in FACTS.items() if facts.registration.checks and "aws_sns" not in name
]
BRING_SECRET = {name for name in CHECKED if any(each.capture for each in PRESETS[name].handshakes)}
SLACK_CHECK = b"ssl_check=1&token=t"


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The URLs that the receiver fetched; the sites respond with 200."""
    urls: list[str] = []

    def respond(_self: PublicHttps, url: str, _posted: bytes, _seconds: float) -> Page:
        urls.append(url)
        return Page(200, b"")

    monkeypatch.setattr(PublicHttps, "request", respond)
    return urls


def nothing_left(cloud: DeliveryCloud) -> bool:
    """Whether no message was forwarded, buffered or recorded."""
    received = cloud.adobe.ledger.received
    return (received, cloud.buffered(), cloud.records()) == ((), [], [])


def checks(provider: str) -> Iterator[tuple[RegistrationCheck, dict[str, Any]]]:
    """The checks of a provider, and their requests."""
    for check in FACTS[provider].registration.checks:
        brings_secret = provider in BRING_SECRET and not check.signed
        yield check, check_request(provider, check, TOKEN if brings_secret else "")


def test_every_registration_check_is_answered_and_not_forwarded(
    cloud: DeliveryCloud, fetched: list[str]
) -> None:
    wrong = []
    for provider in CHECKED:
        if provider in BRING_SECRET:
            declare_pending(cloud, provider, TOKEN)
        else:
            declare(cloud, provider)
        for check, request in checks(provider):
            if provider in BRING_SECRET and check.signed:
                declare(cloud, provider)
            answer = cloud.receive(request)
            shown = answer.body + "".join(answer.headers.values())
            if answer.status != check.status or check.answer not in shown:
                wrong.append((provider, check.note, answer))

    assert len(CHECKED) > 25
    assert wrong == []
    assert nothing_left(cloud)
    assert [url.partition("?")[0] for url in fetched] == [ADOBE.partition("?")[0]]


def test_check_without_a_secret_gets_the_same_answer_before_the_secret_exists(
    cloud: DeliveryCloud, fetched: list[str]
) -> None:
    """Mandrill and Zendesk create the secret after they have checked the URL."""
    compared = []
    for provider in CHECKED:
        unkeyed = [
            request
            for check, request in checks(provider)
            if not check.signed and "{secret}" not in check.query
        ]
        if provider in BRING_SECRET or "{mac:" in str(PRESETS[provider].handshakes) or not unkeyed:
            continue
        declare(cloud, provider)
        with_secret = [cloud.receive(request) for request in unkeyed]
        if CASES[provider].sender.stored(CASES[provider].secret):
            delete_secret(provider)
        cloud.restart()
        compared.append(provider)

        assert [cloud.receive(request) for request in unkeyed] == with_secret, provider
        assert {answer.status for answer in with_secret} == {200}, provider
    assert {"mandrill", "zendesk", "trello", "mailchimp", "azure_event_grid"} <= set(compared)
    assert nothing_left(cloud)
    assert all(url.startswith("https://csm.adobe.io/") for url in fetched)


def mandrill(key: str, events: str) -> dict[str, Any]:
    return sent("mandrill", events.encode(), key)


def test_published_key_proves_nothing(cloud: DeliveryCloud) -> None:
    declare(cloud, "mandrill")
    declare(cloud, "zendesk")
    event = b'{"id":"01GJ","type":"zen:event-type:ticket.created","zendesk_event_version":"1"}'

    assert cloud.receive(mandrill(MANDRILL_KEY, "[]")).status == 200
    assert cloud.receive(mandrill(MANDRILL_KEY, '[{"event":"open","_id":"1"}]')).status == 401
    assert cloud.receive(mandrill("another", "[]")).status == 401
    assert cloud.receive(passed("mandrill", body=b"mandrill_events=%5B%5D")).status == 401
    assert cloud.receive(sent("zendesk", event, ZENDESK_KEY)).status == 200
    assert cloud.receive(sent("zendesk", event, "another")).status == 401
    assert nothing_left(cloud)


def test_published_key_that_is_stored_as_the_secret_proves_nothing(cloud: DeliveryCloud) -> None:
    declare(cloud, "zendesk")
    store_secret("zendesk", ZENDESK_KEY)

    assert cloud.receive(sent("zendesk", b'{"id":"01GJ"}', ZENDESK_KEY)).status == 200
    assert nothing_left(cloud)


def test_webhook_with_the_secret_is_forwarded_next_to_the_checks(cloud: DeliveryCloud) -> None:
    declare(cloud, "zendesk")

    cloud.receive(sent("zendesk", b'{"id":"01GJ"}', ZENDESK_KEY))
    assert cloud.receive(sent("zendesk", b'{"id":"01GJ"}')).status == 200

    assert len(cloud.adobe.ledger.received) == 1


def test_url_of_adobe_is_fetched_and_no_other(cloud: DeliveryCloud, fetched: list[str]) -> None:
    declare(cloud, "adobe_io_events")

    def validate(url: str, **more: str) -> int:
        body = json.dumps({"validationUrl": url, **more}).encode()
        return cloud.receive(passed("adobe_io_events", body=body)).status

    assert validate(ADOBE) == 200
    for url in (
        "https://csm.adobe.io.evil.example/csm/registrations/validate?id=1&challenge=2",
        "https://evil.example/csm/registrations/validate?id=1&challenge=2",
        "http://csm.adobe.io/csm/registrations/validate?id=1&challenge=2",
        "https://csm.adobe.io:8443/csm/registrations/validate?id=1&challenge=2",
        "https://u@csm.adobe.io/csm/registrations/validate?id=1&challenge=2",
        "https://csm.adobe.io/csm/other?id=1&challenge=2",
        f"{ADOBE}&next=https://evil.example",
        "",
    ):
        assert validate(url) == 401, url
    assert validate(ADOBE, recipient_client_id="client-1") == 401
    assert fetched == [ADOBE]
    assert nothing_left(cloud)


def test_confirmations_that_fail_are_limited(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unauthenticated client can cause the requests, so they get 429 and no 503."""
    asked: list[str] = []

    def fail(_self: PublicHttps, url: str, _posted: bytes, _seconds: float) -> Page:
        asked.append(url)
        raise UnavailableError("cannot be reached: gaierror")

    monkeypatch.setattr(PublicHttps, "request", fail)
    declare(cloud, "adobe_io_events")
    body = json.dumps({"validationUrl": ADOBE}).encode()

    answers = [cloud.receive(passed("adobe_io_events", body=body)) for _ in range(20)]

    assert {answer.status for answer in answers} == {429}
    assert len(asked) <= MAX_FAILURES


def test_check_of_a_slack_certificate_never_becomes_an_event(cloud: DeliveryCloud) -> None:
    declare(cloud, "slack")
    form = b"command=%2Fweather&text=ssl_check%3D1&trigger_id=1.2"

    assert cloud.receive(passed("slack", body=SLACK_CHECK)).status == 200
    assert cloud.receive(passed("slack", body=b'{"type":"event","ssl_check":"1"}')).status == 401
    assert cloud.receive(passed("slack", body=form)).status == 401
    assert nothing_left(cloud)


def test_check_is_subject_to_the_access_rules(cloud: DeliveryCloud) -> None:
    declare(cloud, "trello", AllowedCidrs=["192.0.2.0/24"])
    declare(cloud, "mandrill", AllowedCidrs=["192.0.2.0/24"])

    assert cloud.receive(passed("trello", method="HEAD")).status == 401
    assert cloud.receive(mandrill(MANDRILL_KEY, "[]")).status == 401
    assert cloud.receive(passed("unknown", method="HEAD")).status == 404


def test_code_of_a_vercel_log_drain_is_answered_with_a_handshake_of_the_source(
    cloud: DeliveryCloud,
) -> None:
    handshake = {
        "When": "method=GET",
        "Signed": "false",
        "Answer": {"Headers": "x-vercel-verify=6ebf4087434daf81"},
    }
    declare(cloud, "vercel", Handshakes=[handshake])

    answer = cloud.receive(passed("vercel", method="GET"))

    assert (answer.status, answer.headers["x-vercel-verify"]) == (200, "6ebf4087434daf81")
    assert nothing_left(cloud)
