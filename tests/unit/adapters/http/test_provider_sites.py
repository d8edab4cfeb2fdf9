"""Tests of the cache and the limits of requests to providers' sites."""

from dataclasses import dataclass, field

import pytest

from bridge.adapters.http.fetch_budget import MAX_FAILURES, MAX_PER_SOURCE
from bridge.adapters.http.provider_sites import HttpsSites
from bridge.adapters.http.public_https import Page, PublicHttps
from bridge.errors import (
    InvalidSignatureError,
    TooManyRequestsError,
    UnavailableError,
    WebhookRejectedError,
)
from tests.support.fakes import FakeClock

URL = "https://keys.example.com/a.pem"


@dataclass
class FakeHttps(PublicHttps):
    """Returns one response to every request."""

    page: Page = field(default_factory=lambda: Page(200, b"key"))
    asked: list[tuple[str, bytes, float]] = field(default_factory=list)

    def request(self, url: str, posted: bytes, seconds: float) -> Page:
        self.asked.append((url, posted, seconds))
        return self.page


def sites(remaining: float = 10) -> tuple[HttpsSites, FakeHttps, FakeClock]:
    clock, https = FakeClock(), FakeHttps()
    return HttpsSites(clock, lambda: remaining, https), https, clock


def test_key_is_fetched_once_an_hour() -> None:
    here, https, clock = sites()
    for _ in range(3):
        assert here.get(URL) == b"key"
    clock.advance(3_599)
    here.get(URL)
    assert len(https.asked) == 1

    clock.advance(2)
    here.get(URL)

    assert len(https.asked) == 2


def test_key_is_cached_for_a_day_while_its_site_is_unavailable() -> None:
    """Otherwise unauthenticated clients could use up the limit and block the provider."""
    here, https, clock = sites()
    here.get(URL)
    clock.advance(86_399)
    https.page = Page(503, b"")

    for _ in range(3):
        assert here.get(URL) == b"key"
    assert len(https.asked) == 2
    with pytest.raises(UnavailableError):
        here.get(URL, renew=True)
    clock.advance(61)
    with pytest.raises(UnavailableError):
        here.get(URL)
    https.page = Page(200, b"new key")
    assert here.get(URL) == b"new key"


def test_withdrawn_key_is_removed_from_the_cache() -> None:
    here, https, clock = sites()
    here.get(URL)
    clock.advance(3_601)
    https.page = Page(404, b"")

    for _ in range(2):
        with pytest.raises(InvalidSignatureError):
            here.get(URL)
        clock.advance(61)


def test_key_set_is_refreshed_at_most_once_a_minute() -> None:
    here, https, clock = sites()
    here.get(URL)
    clock.advance(30)
    here.get(URL, renew=True)
    assert len(https.asked) == 1

    clock.advance(31)
    here.get(URL, renew=True)
    here.get(URL, renew=True)

    assert len(https.asked) == 2


@pytest.mark.parametrize("status", [301, 302, 403, 404, 410])
def test_url_without_a_key_is_not_requested_again_immediately(status: int) -> None:
    here, https, clock = sites()
    https.page = Page(status, b"<html>")
    for _ in range(3):
        with pytest.raises(InvalidSignatureError):
            here.get(URL)
    assert len(https.asked) == 1

    clock.advance(61)
    https.page = Page(200, b"key")

    assert here.get(URL) == b"key"


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_unavailable_site_does_not_reject_the_key(status: int) -> None:
    here, https, _ = sites()
    https.page = Page(status, b"")

    with pytest.raises(UnavailableError):
        here.get(URL)
    https.page = Page(200, b"key")

    assert here.get(URL) == b"key"


def test_keys_are_cached_per_posted_body() -> None:
    here, https, _ = sites()
    here.get(URL, posted=b"1")
    here.get(URL, posted=b"2")
    here.get(URL, posted=b"1")

    assert [posted for _, posted, _ in https.asked] == [b"1", b"2"]


def test_fetches_for_unauthenticated_clients_are_limited() -> None:
    here, https, clock = sites()
    here.get(URL)
    for number in range(29):
        here.get(f"{URL}?{number}")
    with pytest.raises(TooManyRequestsError, match="too many"):
        here.get(f"{URL}?30")
    assert here.get(URL) == b"key"  # Cached keys are still available.
    assert len(https.asked) == 30

    clock.advance(61)

    assert here.get(f"{URL}?30") == b"key"


def test_cache_entries_of_unauthenticated_clients_are_limited() -> None:
    here, https, clock = sites()
    for number in range(70):
        here.get(f"{URL}?{number}")
        clock.advance(3)
    asked = len(https.asked)
    here.get(f"{URL}?69")
    assert len(https.asked) == asked

    here.get(f"{URL}?0")

    assert len(https.asked) == asked + 1


def test_invented_urls_do_not_evict_a_key() -> None:
    here, https, clock = sites()
    here.get(URL)
    https.page = Page(404, b"")
    for number in range(200):
        clock.advance(3)
        with pytest.raises(WebhookRejectedError):
            here.get(f"{URL}?{number}")
    asked = len(https.asked)

    assert here.get(URL) == b"key"
    assert len(https.asked) == asked


def test_key_in_use_is_not_evicted() -> None:
    here, https, clock = sites()
    here.get(URL)
    for number in range(100):
        clock.advance(3)
        here.get(f"{URL}?{number}")
        here.get(URL)

    assert [url for url, *_ in https.asked].count(URL) == 1


def test_request_timeout_is_bounded_by_the_deadline() -> None:
    here, https, _ = sites(0.7)
    here.get(URL)
    assert https.asked[0][2] == 0.7

    with pytest.raises(UnavailableError, match="no time"):
        sites(-1)[0].get(URL)


def test_confirmation_url_is_requested_each_time() -> None:
    here, https, _ = sites()
    here.open(URL)
    here.open(URL)
    assert len(https.asked) == 2


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (403, InvalidSignatureError),
        (404, InvalidSignatureError),
        (410, InvalidSignatureError),
        (302, TooManyRequestsError),
        (400, TooManyRequestsError),
        (429, UnavailableError),
        (503, UnavailableError),
    ],
)
def test_failed_confirmation_is_retryable_unless_the_url_is_gone(
    status: int, error: type[Exception]
) -> None:
    """A replayed confirmation that has expired is not a server error."""
    here, https, _ = sites()
    https.page = Page(status, b"")

    with pytest.raises(error, match=f"returned {status}"):
        here.open(URL)


def test_client_with_invented_urls_does_not_use_up_the_limit_of_others() -> None:
    here, https, clock = sites()
    https.page = Page(404, b"")
    inventor = here.for_request("sns", "198.51.100.7")
    for number in range(MAX_FAILURES):
        with pytest.raises(InvalidSignatureError):
            inventor.get(f"{URL}?{number}")
    for number in range(MAX_FAILURES, 100):
        with pytest.raises(TooManyRequestsError, match="a client"):
            inventor.get(f"{URL}?{number}")
    assert len(https.asked) == MAX_FAILURES
    https.page = Page(200, b"the next key")

    assert here.for_request("sns", "203.0.113.9").get(f"{URL}?next") == b"the next key"
    assert inventor.get(f"{URL}?next") == b"the next key"  # The key is cached now.
    clock.advance(61)
    assert inventor.get(f"{URL}?other") == b"the next key"


def test_ipv6_clients_are_limited_by_network() -> None:
    here, https, _ = sites()
    https.page = Page(404, b"")
    for number in range(MAX_FAILURES):
        with pytest.raises(InvalidSignatureError):
            here.for_request("sns", f"2a00:1450:4001:{number}::{number}").get(f"{URL}?{number}")

    with pytest.raises(TooManyRequestsError):
        here.for_request("sns", "2a00:1450:4001:ffff::1").get(f"{URL}?a")
    with pytest.raises(InvalidSignatureError):
        here.for_request("sns", "2a00:1450:4002::1").get(f"{URL}?a")


def test_one_source_does_not_use_up_the_limit_of_another() -> None:
    here, https, _ = sites()
    https.page = Page(404, b"")
    for number in range(100):
        with pytest.raises(WebhookRejectedError):
            here.for_request("sns", f"198.51.100.{number}").get(f"{URL}?{number}")
    assert len(https.asked) == MAX_PER_SOURCE
    https.page = Page(200, b"key")

    assert here.for_request("plaid", "198.51.100.1").get(f"{URL}?key") == b"key"


def test_cached_keys_are_refreshed_beyond_the_limit() -> None:
    here, https, clock = sites()
    here.get(URL)
    clock.advance(3_601)
    https.page = Page(404, b"")
    for number in range(100):
        with pytest.raises(WebhookRejectedError):
            here.for_request("", f"198.51.100.{number}").get(f"{URL}?{number}")
    https.page = Page(200, b"refreshed")

    assert here.get(URL) == b"refreshed"


def test_invented_urls_do_not_block_a_confirmation() -> None:
    here, https, _ = sites()
    https.page = Page(404, b"")
    for number in range(100):
        with pytest.raises(WebhookRejectedError):
            here.for_request("sns", f"198.51.100.{number}").get(f"{URL}?{number}")
    https.page = Page(200, b"")

    here.for_request("sns", "198.51.100.1").open(URL)

    assert https.asked[-1][0] == URL


@pytest.mark.parametrize("status", [403, 404, 500, 503])
def test_failed_refresh_keeps_the_cached_keys_and_is_not_repeated(status: int) -> None:
    """Any client can request a key that does not exist, at any time."""
    here, https, clock = sites()
    here.get(URL)
    clock.advance(61)
    https.page = Page(status, b"")
    for _ in range(5):
        with pytest.raises(UnavailableError):
            here.get(URL, renew=True)
    assert len(https.asked) == 2
    assert here.get(URL) == b"key"

    clock.advance(61)
    https.page = Page(200, b"new key")

    assert here.get(URL, renew=True) == b"new key"


def test_certificate_authorities_are_those_of_browsers() -> None:
    assert b"-----BEGIN CERTIFICATE-----" in sites()[0].authorities()
