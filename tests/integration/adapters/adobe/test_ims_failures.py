"""Tests of the IMS client when IMS or the credentials fail."""

from copy import replace

import pytest

from adobe_emulator.emulator import Adobe
from adobe_emulator.faults import CloseConnection, Fault, Service
from bridge.errors import AdobeError
from tests.support.ims_clients import GOOD, Client, Store, fault
from tests.support.virtual_time import record_timeouts

STALE = replace(GOOD, client_secret="rotated-away")


def test_rotated_credentials_are_read_again(adobe: Adobe) -> None:
    client = Client(adobe, Store([STALE, GOOD]))

    assert adobe.ims.accepts(f"Bearer {client.tokens().current()}")
    assert client.store.reads == 2


def test_wrong_credentials_are_not_retried(adobe: Adobe) -> None:
    client = Client(adobe, Store([STALE]))

    with pytest.raises(AdobeError) as caught:
        client.tokens().current()
    assert str(caught.value).startswith("IMS refused the credentials: 401 invalid_client; check")
    assert not caught.value.retryable
    assert client.slept == []
    assert "rotated-away" not in repr(caught.value)


@pytest.mark.parametrize("status", [408, 429, 500, 503, 520])
def test_retryable_error_is_retried(adobe: Adobe, status: int) -> None:
    client = Client(adobe)
    adobe.faults.add(fault(status, times=2))

    assert adobe.ims.accepts(f"Bearer {client.tokens().current()}")
    assert client.slept == [0.5, 1.0]


def test_broken_connection_is_retried(adobe: Adobe) -> None:
    client = Client(adobe)
    adobe.faults.add(Fault(Service.IMS, effect=CloseConnection(after_work=False)))

    assert client.tokens().current()
    assert client.slept == [0.5]


def test_short_retry_after_is_honored(adobe: Adobe) -> None:
    client = Client(adobe)
    adobe.faults.add(fault(429, Retry_After="7"))
    client.tokens().current()
    assert client.slept == [7]

    adobe.faults.add(fault(429, Retry_After="86400"))
    with pytest.raises(AdobeError, match="429"):
        client.tokens().current()


def test_request_to_an_unresponsive_ims_ends_at_the_deadline(
    adobe: Adobe, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(adobe, left=0.4)
    adobe.faults.add(Fault(Service.IMS, times=None, delay_seconds=3_600))
    timeouts = record_timeouts(monkeypatch)

    with pytest.raises(AdobeError, match="IMS does not answer: TimeoutError"):
        client.tokens().current()
    assert max(timeouts) <= 0.4


@pytest.mark.parametrize(
    "body",
    [
        *("", "[]", "{}", '{"access_token": "x"}', '{"expires_in": 5}'),
        *(
            f'{{"access_token": "x", "expires_in": {seconds}}}'
            for seconds in (
                *("1e308", "Infinity", "NaN", "1" + "0" * 400, '"' + "9" * 400 + '"'),
                *("0", "-5", "true", '"soon"', '"0"', "null"),
            )
        ),
    ],
)
def test_response_without_a_token_is_an_error(adobe: Adobe, body: str) -> None:
    adobe.faults.add(fault(200, body=body))

    with pytest.raises(AdobeError, match=r"IMS returned (no token|a token with)"):
        Client(adobe).tokens().current()
