"""Tests of the cache and the limits of requests to providers' sites."""

import pytest

from bridge.adapters.http.public_https import Page
from bridge.errors import (
    InvalidSignatureError,
    TooManyRequestsError,
    UnavailableError,
)
from tests.support.fake_https import URL, sites


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


def test_certificate_authorities_are_those_of_browsers() -> None:
    assert b"-----BEGIN CERTIFICATE-----" in sites()[0].authorities()
