"""Requests without a body: GET webhooks, and notifications in headers."""

import json
from collections.abc import Iterator
from copy import replace

import pytest

from bridge.verification.catalogue import PRESETS
from inlet_bridge.senders.sender import Sending
from tests.support.body_requests import SECRET, messages, outcome, reason
from tests.support.delivery_cloud import DeliveryCloud, delivery_cloud
from tests.support.handled_source import handled_preset
from tests.support.http_requests import configure, http, send
from tests.support.sending_provider import sending_provider
from tests.support.signing_senders import CASES

TOKEN = {"Family": "token", "From": "header:x-token"}
ROUTES = [{"Flow": "orders", "Map": {"state": 'headers."x-state"', "body": "body"}}]
NO_BODY = "the request has no body; each route needs a Map, and Body must be auto"
NO_GET = "the request has no body; for GET, set AllowedMethods"
PROOF = {"x-token": SECRET, "x-state": "exists"}


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeliveryCloud]:
    with delivery_cloud(monkeypatch) as cloud:
        given = {"Scheme": TOKEN, "Routes": ROUTES}
        assert configure(cloud, "push", SECRET, **given, DeliveryId=["header:x-a+header:x-b"]) == ""
        assert configure(cloud, "got", SECRET, **given, AllowedMethods=["GET", "POST"]) == ""
        assert configure(cloud, "json", SECRET, **given, Body="json") == ""
        assert configure(cloud, "plain", SECRET, Scheme=TOKEN, AllowedMethods=["GET"]) == ""
        yield cloud


def test_post_without_a_body_is_an_event(cloud: DeliveryCloud) -> None:
    """As Google's push notifications are: their content is in the headers."""
    for number in ("1", "2", "1", "3"):
        headers = {**PROOF, "x-a": "channel", "x-b": number}
        assert send(cloud, http("push", b"", headers))[0].status == 200
    for headers in (PROOF, {**PROOF, "x-b": "1"}, {**PROOF, "x-b": "2"}, {**PROOF, "x-b": "1"}):
        assert send(cloud, http("push", b"", headers))[0].status == 200

    received = cloud.adobe.ledger.received
    assert len(received) == 3 + 3, "what the recipe finds of an id still distinguishes events"
    assert all(each.get("state") == "exists" for each in messages(cloud))
    assert not any("body" in each for each in messages(cloud))


def test_get_is_an_event_where_the_source_says_so(cloud: DeliveryCloud) -> None:
    for query in ("msisdn=1&text=a", "msisdn=1&text=b", "msisdn=1&text=a"):
        assert send(cloud, http("got", b"", PROOF, method="GET", query=query))[0].status == 200
    assert len(cloud.adobe.ledger.received) == 2
    assert outcome(cloud, http("got", b"", {}, method="GET", query="msisdn=1"))[0] == 401


def test_requests_without_anything_are_events_of_their_own(cloud: DeliveryCloud) -> None:
    for trace in ("Root=1", "Root=2"):
        headers = {**PROOF, "x-amzn-trace-id": trace}
        assert send(cloud, http("got", b"", headers, method="GET"))[0].status == 200
    assert len(cloud.adobe.ledger.received) == 2


@pytest.mark.parametrize(
    ("source", "method", "status", "said"),
    [
        ("push", "GET", 415, NO_GET),
        ("push", "HEAD", 415, NO_GET),
        ("push", "BREW", 415, NO_GET),
        ("got", "HEAD", 401, "the method is not allowed"),
        ("got", "PUT", 401, "the method is not allowed"),
        ("json", "POST", 415, NO_BODY),
        ("plain", "GET", 415, NO_BODY),
    ],
)
def test_other_requests_without_a_body_are_refused_with_the_reason(
    cloud: DeliveryCloud, source: str, method: str, status: int, said: str
) -> None:
    assert outcome(cloud, http(source, b"", PROOF, method=method)) == (status, None)
    assert reason(cloud) == said


def test_twilio_signs_the_parameters_of_a_get_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """https://www.twilio.com/docs/usage/webhooks/webhooks-security: with GET, only the URL."""
    route = {"Flow": "events", "Map": {"from": "query.From"}}
    given = {"AllowedMethods": ["GET", "POST"], "Body": "auto", "Routes": [route]}
    source = sending_provider(monkeypatch, "twilio_form", **given)
    signed = source.case.sender.request(
        Sending(b"", source.secret, source.clock(), f"{source.url}?From=%2B1&Body=Hi")
    )

    assert source.pass_on(signed, {}, method="GET") == 200
    assert json.loads(source.inlet.requests[-1][2])["body"]["xdmEntity"]["from"] == "+1"
    changed = replace(signed, url=signed.url.replace("%2B1", "%2B2"))
    assert source.pass_on(changed, {}, method="GET") == 401


@pytest.mark.parametrize(
    "name", [n for n, each in PRESETS.items() if getattr(each.scheme, "reject_empty_body", False)]
)
def test_signature_of_an_empty_body_proves_nothing(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the same for every webhook, such as Jira's with Exclude body."""
    handled = handled_preset(name, monkeypatch)

    assert handled.send(CASES[name].send(body=b"")).status == 401
    assert not handled.inlet.requests
