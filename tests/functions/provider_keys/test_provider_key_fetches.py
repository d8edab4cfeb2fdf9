"""Fetches of keys that fail or that clients invent are bounded and cause no server error."""

import socket
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus

import jwt
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bridge.adapters.http import provider_sites
from bridge.adapters.http.fetch_budget import MAX_FAILURES, MAX_PER_SOURCE
from bridge.adapters.http.public_https import Page, PublicHttps
from bridge.errors import UnavailableError
from functions.receiver import wiring as receiver_wiring
from inlet_bridge.senders.json_web_tokens import GOOGLE_URL, PLAID_URL
from inlet_bridge.senders.keys import new_p256
from inlet_bridge.senders.private_keys import CERTIFICATE_URL
from tests.support.delivery_cloud import DeliveryCloud
from tests.support.provider_key_sites import (
    AMAZONS,
    FORGERS,
    PEM_OF_OTHERS,
    SNS,
    Sites,
    naming,
    webhook,
)

PLAIDS = new_p256()
REQUEST = PublicHttps.request


def refuse_connection() -> Page:
    raise UnavailableError("cannot be reached: gaierror")


OUTAGES: tuple[Callable[[], Page], ...] = (
    refuse_connection,
    lambda: Page(500, b""),
    lambda: Page(503, b""),
    lambda: Page(429, b""),
)


def test_outage_of_a_provider_site_is_retryable_and_not_a_server_error(
    cloud: DeliveryCloud, sites: Sites
) -> None:
    """SNS retries 429 as it retries 5xx, and no other 4xx.

    https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
    """
    for name, key in ((SNS, AMAZONS), ("google_pubsub", AMAZONS), ("plaid", PLAIDS)):
        for number, outage in enumerate(OUTAGES):
            sites.pages.clear()
            sites.otherwise = outage
            cloud.restart()
            genuine = webhook(name, key, b'{"id":"%d"}' % number)

            answer = cloud.receive(genuine)

            assert answer.status == HTTPStatus.TOO_MANY_REQUESTS
            assert int(answer.headers["Retry-After"]) > 0
            assert answer.document["title"] == "Too Many Requests"
            sites.publish_keys(name, key)
            assert cloud.receive(genuine).status == HTTPStatus.OK


def test_unresolvable_host_is_not_a_server_error(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(_: str) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(PublicHttps, "request", REQUEST)
    here = provider_sites.HttpsSites(
        lambda: datetime.now(UTC), lambda: 5.0, PublicHttps(resolve=unknown)
    )
    monkeypatch.setattr(receiver_wiring, "provider_sites", cache(lambda: here))
    cloud.restart()

    assert cloud.receive(naming(CERTIFICATE_URL)).status == HTTPStatus.TOO_MANY_REQUESTS
    unknown_region = CERTIFICATE_URL.replace("eu-west-1", "eu-nowhere-1")
    assert cloud.receive(naming(unknown_region)).status == HTTPStatus.UNAUTHORIZED


def test_fetches_of_unknown_urls_are_bounded_without_affecting_known_keys(
    cloud: DeliveryCloud, sites: Sites
) -> None:
    assert cloud.receive(webhook(SNS, AMAZONS)).status == HTTPStatus.OK
    sites.asked.clear()
    statuses = [
        cloud.receive(naming(CERTIFICATE_URL.replace("abc", f"{number:032x}"))).status
        for number in range(50)
    ]

    assert statuses == [401] * MAX_FAILURES + [429] * (50 - MAX_FAILURES)
    assert len(sites.asked) == MAX_FAILURES
    # The key in use, and the next one.
    assert cloud.receive(webhook(SNS, AMAZONS, client="203.0.113.5")).status == HTTPStatus.OK
    successor = CERTIFICATE_URL.replace("abc", "def")
    sites.publish(successor, PEM_OF_OTHERS)
    rotated = naming(successor, client="203.0.113.5")
    assert cloud.receive(rotated).status == HTTPStatus.OK


def test_unknown_urls_from_many_clients_do_not_evict_known_keys(
    cloud: DeliveryCloud, sites: Sites
) -> None:
    assert cloud.receive(webhook(SNS, AMAZONS)).status == HTTPStatus.OK
    sites.asked.clear()
    for number in range(60):
        url = CERTIFICATE_URL.replace("abc", f"{number:032x}")
        answer = cloud.receive(naming(url, client=f"198.51.{number}.1"))
        assert answer.status in {401, 429}

    assert len(sites.asked) == MAX_PER_SOURCE - 1  # The first fetch counts as well.
    assert cloud.receive(webhook(SNS, AMAZONS)).status == HTTPStatus.OK
    google = webhook("google_pubsub", AMAZONS)
    sites.publish_keys("google_pubsub", AMAZONS)
    assert cloud.receive(google).status == HTTPStatus.OK  # Another source has its own limit.


def test_fetches_of_unknown_key_ids_are_bounded(cloud: DeliveryCloud, sites: Sites) -> None:
    """Plaid has one URL for each key id; Google publishes all keys at one URL."""
    sites.publish(GOOGLE_URL, b'{"keys": []}')
    for name, header in (("plaid", "plaid-verification"), ("google_pubsub", "authorization")):
        sites.asked.clear()
        key, algorithm = (PLAIDS, "ES256") if name == "plaid" else (FORGERS, "RS256")
        for number in range(40):
            made = webhook(name, key)
            token = jwt.encode({"iat": 1}, key, algorithm, headers={"kid": f"k-{number}"})
            made["headers"][header] = token if name == "plaid" else f"Bearer {token}"
            assert cloud.receive(made).status in {401, 429}
        assert len(sites.asked) <= MAX_FAILURES
    assert PLAID_URL not in sites.pages


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    url=st.one_of(
        st.text(),
        st.from_regex(
            r"https://sns\.[a-z0-9.-]{1,30}\.amazonaws\.com(\.cn)?/[ -~]*", fullmatch=True
        ),
        st.from_regex(
            r"https://sns\.eu-west-1\.amazonaws\.com/SimpleNotificationService-[0-9a-f]+\.pem",
            fullmatch=True,
        ),
    ),
    page=st.sampled_from([Page(404, b""), Page(200, b"<html>"), Page(301, b""), None]),
)
@example(url=CERTIFICATE_URL, page=None)
def test_no_client_supplied_url_causes_a_server_error(
    cloud: DeliveryCloud, sites: Sites, url: str, page: Page | None
) -> None:
    sites.pages.clear()
    sites.otherwise = (lambda: page) if page else refuse_connection

    assert cloud.receive(naming(url)).status in {401, 429}
    assert cloud.adobe.ledger.received == ()
