"""What is kept of providers' sites, and how often they are asked."""

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
    """Gives one answer to everything."""

    page: Page = field(default_factory=lambda: Page(200, b"key"))
    asked: list[tuple[str, bytes, float]] = field(default_factory=list)

    def request(self, url: str, posted: bytes, seconds: float) -> Page:
        self.asked.append((url, posted, seconds))
        return self.page


def sites(remaining: float = 10) -> tuple[HttpsSites, FakeHttps, FakeClock]:
    clock, https = FakeClock(), FakeHttps()
    return HttpsSites(clock, lambda: remaining, https), https, clock


def test_a_key_is_fetched_once_an_hour() -> None:
    here, https, clock = sites()
    for _ in range(3):
        assert here.get(URL) == b"key"
    clock.advance(3_599)
    here.get(URL)
    assert len(https.asked) == 1

    clock.advance(2)
    here.get(URL)

    assert len(https.asked) == 2


def test_a_key_stays_for_a_day_while_its_site_cannot_be_asked() -> None:
    """Otherwise unauthenticated clients could use up the budget and keep the provider out."""
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


def test_a_key_that_was_taken_away_does_not_stay() -> None:
    here, https, clock = sites()
    here.get(URL)
    clock.advance(3_601)
    https.page = Page(404, b"")

    for _ in range(2):
        with pytest.raises(InvalidSignatureError):
            here.get(URL)
        clock.advance(61)


def test_a_key_set_is_renewed_once_a_minute_at_most() -> None:
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
def test_an_address_without_a_key_is_not_asked_again_at_once(status: int) -> None:
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
def test_a_site_that_is_down_is_no_refusal(status: int) -> None:
    here, https, _ = sites()
    https.page = Page(status, b"")

    with pytest.raises(UnavailableError):
        here.get(URL)
    https.page = Page(200, b"key")

    assert here.get(URL) == b"key"


def test_what_was_posted_tells_keys_apart() -> None:
    here, https, _ = sites()
    here.get(URL, posted=b"1")
    here.get(URL, posted=b"2")
    here.get(URL, posted=b"1")

    assert [posted for _, posted, _ in https.asked] == [b"1", b"2"]


def test_strangers_can_make_us_ask_only_so_often() -> None:
    here, https, clock = sites()
    here.get(URL)
    for number in range(29):
        here.get(f"{URL}?{number}")
    with pytest.raises(TooManyRequestsError, match="too many"):
        here.get(f"{URL}?30")
    assert here.get(URL) == b"key"  # What is known still is.
    assert len(https.asked) == 30

    clock.advance(61)

    assert here.get(f"{URL}?30") == b"key"


def test_strangers_can_make_us_remember_only_so_much() -> None:
    here, https, clock = sites()
    for number in range(70):
        here.get(f"{URL}?{number}")
        clock.advance(3)
    asked = len(https.asked)
    here.get(f"{URL}?69")
    assert len(https.asked) == asked

    here.get(f"{URL}?0")

    assert len(https.asked) == asked + 1


def test_addresses_that_strangers_make_up_push_no_key_out() -> None:
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


def test_a_key_that_is_in_use_stays() -> None:
    here, https, clock = sites()
    here.get(URL)
    for number in range(100):
        clock.advance(3)
        here.get(f"{URL}?{number}")
        here.get(URL)

    assert [url for url, *_ in https.asked].count(URL) == 1


def test_no_request_takes_longer_than_what_is_left() -> None:
    here, https, _ = sites(0.7)
    here.get(URL)
    assert https.asked[0][2] == 0.7

    with pytest.raises(UnavailableError, match="no time"):
        sites(-1)[0].get(URL)


def test_an_address_is_opened_each_time() -> None:
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
def test_an_address_that_does_not_open_is_asked_for_again_unless_it_is_gone(
    status: int, error: type[Exception]
) -> None:
    """Whoever sends a genuine confirmation again, long after it expired, is no fault of ours."""
    here, https, _ = sites()
    https.page = Page(status, b"")

    with pytest.raises(error, match=f"returned {status}"):
        here.open(URL)


def test_a_client_that_invents_addresses_does_not_use_up_what_others_need() -> None:
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
    assert inventor.get(f"{URL}?next") == b"the next key"  # It is known now.
    clock.advance(61)
    assert inventor.get(f"{URL}?other") == b"the next key"


def test_a_client_of_ipv6_is_a_site_and_no_single_address() -> None:
    here, https, _ = sites()
    https.page = Page(404, b"")
    for number in range(MAX_FAILURES):
        with pytest.raises(InvalidSignatureError):
            here.for_request("sns", f"2a00:1450:4001:{number}::{number}").get(f"{URL}?{number}")

    with pytest.raises(TooManyRequestsError):
        here.for_request("sns", "2a00:1450:4001:ffff::1").get(f"{URL}?a")
    with pytest.raises(InvalidSignatureError):
        here.for_request("sns", "2a00:1450:4002::1").get(f"{URL}?a")


def test_one_source_does_not_use_up_what_another_needs() -> None:
    here, https, _ = sites()
    https.page = Page(404, b"")
    for number in range(100):
        with pytest.raises(WebhookRejectedError):
            here.for_request("sns", f"198.51.100.{number}").get(f"{URL}?{number}")
    assert len(https.asked) == MAX_PER_SOURCE
    https.page = Page(200, b"key")

    assert here.for_request("plaid", "198.51.100.1").get(f"{URL}?key") == b"key"


def test_what_is_known_is_refreshed_however_much_is_asked_for() -> None:
    here, https, clock = sites()
    here.get(URL)
    clock.advance(3_601)
    https.page = Page(404, b"")
    for number in range(100):
        with pytest.raises(WebhookRejectedError):
            here.for_request("", f"198.51.100.{number}").get(f"{URL}?{number}")
    https.page = Page(200, b"refreshed")

    assert here.get(URL) == b"refreshed"


def test_a_confirmation_is_not_kept_out_by_those_who_invent_addresses() -> None:
    here, https, _ = sites()
    https.page = Page(404, b"")
    for number in range(100):
        with pytest.raises(WebhookRejectedError):
            here.for_request("sns", f"198.51.100.{number}").get(f"{URL}?{number}")
    https.page = Page(200, b"")

    here.for_request("sns", "198.51.100.1").open(URL)

    assert https.asked[-1][0] == URL


@pytest.mark.parametrize("status", [403, 404, 500, 503])
def test_a_renewal_that_fails_leaves_what_is_known_and_is_not_repeated(status: int) -> None:
    """A key that never was can be asked for by anybody, and at any time."""
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


def test_the_authorities_are_those_that_browsers_trust() -> None:
    assert b"-----BEGIN CERTIFICATE-----" in sites()[0].authorities()
