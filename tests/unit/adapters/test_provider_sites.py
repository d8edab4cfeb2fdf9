"""What is kept of providers' sites, and how often they are asked."""

from dataclasses import dataclass, field

import pytest

from bridge.adapters.guarded_https import GuardedHttps, Page
from bridge.adapters.provider_sites import HttpsSites
from bridge.errors import InvalidSignatureError, UnavailableError
from tests.fakes import FakeClock

URL = "https://keys.example.com/a.pem"


@dataclass
class FakeHttps(GuardedHttps):
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
    """Or strangers, who use up what may be asked in a minute, would keep the provider out."""
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
    with pytest.raises(UnavailableError, match="too many"):
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
        with pytest.raises(InvalidSignatureError):
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

    https.page = Page(404, b"")

    with pytest.raises(UnavailableError, match="answered 404"):
        here.open(URL)


def test_the_authorities_are_those_that_browsers_trust() -> None:
    assert b"-----BEGIN CERTIFICATE-----" in sites()[0].authorities()
