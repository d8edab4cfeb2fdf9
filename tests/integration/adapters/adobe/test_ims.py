"""Tests of the IMS client over sockets."""

import json
import threading
from datetime import timedelta

import pytest

from adobe_emulator.emulator import Adobe
from adobe_emulator.faults import Fault, Service
from bridge.errors import AdobeError
from tests.support.ims_clients import Client, fault

DAY = 86_399


def test_secret_with_special_characters_gets_a_cached_token(adobe: Adobe) -> None:
    tokens = Client(adobe).tokens()

    assert tokens.current() == tokens.current()
    assert adobe.ims.accepts(f"Bearer {tokens.current()}")
    assert adobe.ims.minted == 1


def test_token_is_renewed_ten_minutes_early(adobe: Adobe) -> None:
    client = Client(adobe)
    tokens = client.tokens()
    first = tokens.current()

    client.clock.advance(DAY - 601)
    assert tokens.current() == first
    client.clock.advance(2)
    assert tokens.current() != first


def test_old_token_is_used_until_it_expires_while_ims_is_down(adobe: Adobe) -> None:
    client = Client(adobe)
    tokens = client.tokens()
    first = tokens.current()
    adobe.faults.add(fault(503, times=None))

    client.clock.advance(DAY - 10)
    assert tokens.current() == tokens.current() == first
    assert len(client.slept) == 2
    client.clock.advance(11)
    with pytest.raises(AdobeError) as caught:
        tokens.current()
    assert caught.value.retryable


@pytest.mark.parametrize(
    ("expires_in", "seconds"), [(86_399, 86_399), (86_399_992, 86_399), ("86399", 86_399)]
)
def test_lifetime_in_milliseconds_is_detected(
    adobe: Adobe, expires_in: int | str, seconds: int
) -> None:
    client = Client(adobe)
    tokens = client.tokens()
    body = json.dumps({"access_token": "first", "expires_in": expires_in})
    adobe.faults.add(fault(200, body=body, content_type="application/json"))
    assert tokens.current() == "first"

    client.clock.advance(seconds - 700)
    assert tokens.current() == "first"
    client.clock.advance(200)
    assert tokens.current() != "first"


def test_only_the_rejected_token_is_renewed(adobe: Adobe) -> None:
    tokens = Client(adobe).tokens()
    first = tokens.current()
    second = tokens.renew(first)

    assert second != first
    assert tokens.renew(first) == second
    assert adobe.ims.minted == 2


def test_concurrent_threads_request_one_token(adobe: Adobe) -> None:
    tokens = Client(adobe).tokens()
    adobe.faults.add(Fault(Service.IMS, delay_seconds=0.2))
    got: list[str] = []
    threads = [threading.Thread(target=lambda: got.append(tokens.current())) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(got) == 20
    assert len(set(got)) == 1
    assert adobe.ims.minted == 1


def test_short_lived_token_is_used_for_most_of_its_lifetime(adobe: Adobe) -> None:
    client = Client(adobe)
    body = json.dumps({"access_token": "short", "expires_in": 100})
    adobe.faults.add(fault(200, body=body))
    tokens = client.tokens()
    assert tokens.current() == "short"

    client.clock.now += timedelta(seconds=89)
    assert tokens.current() == "short"
    client.clock.now += timedelta(seconds=2)
    assert tokens.current() != "short"
