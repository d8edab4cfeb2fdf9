"""Limits of the fetches and of the cache for unauthenticated clients."""

import pytest

from bridge.adapters.http.fetch_budget import MAX_FAILURES, MAX_PER_SOURCE
from bridge.adapters.http.public_https import Page
from bridge.errors import (
    InvalidSignatureError,
    TooManyRequestsError,
    UnavailableError,
    WebhookRejectedError,
)
from tests.support.fake_https import URL, sites


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
