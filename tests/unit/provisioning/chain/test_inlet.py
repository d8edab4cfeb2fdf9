"""An inlet URL is accepted only on hosts that may receive payloads and tokens."""

from typing import Any

import pytest

from bridge.errors import AdobeError
from bridge.provisioning.chain.inlet import Inlet, read_inlet

INLET_ID = "6" * 64
HOSTS = ("dcs.adobedc.net", "127.0.0.1:8080")


def connection(**params: Any) -> dict[str, Any]:
    given = {
        "inletUrl": f"https://dcs.adobedc.net/collection/{INLET_ID}",
        "inletId": INLET_ID,
        "sourceId": "orders-1",
        **params,
    }
    return {"name": "orders", "auth": {"params": given}}


def test_inlet_of_a_connection_is_read() -> None:
    url = f"https://dcs.adobedc.net/collection/{INLET_ID}"

    assert read_inlet(connection(), HOSTS) == Inlet(url, INLET_ID, "orders-1")


def test_name_replaces_a_missing_source_id() -> None:
    assert read_inlet(connection(sourceId=None), HOSTS).source_id == "orders"


def test_plain_http_is_accepted_on_the_loopback_address_only() -> None:
    local = f"http://127.0.0.1:8080/collection/{INLET_ID}"
    assert read_inlet(connection(inletUrl=local), HOSTS).url == local

    with pytest.raises(AdobeError, match="https"):
        read_inlet(connection(inletUrl=f"http://dcs.adobedc.net/collection/{INLET_ID}"), HOSTS)


@pytest.mark.parametrize(
    "url",
    [
        f"https://evil.example/collection/{INLET_ID}",
        f"https://dcs.adobedc.net@evil.example/collection/{INLET_ID}",
        f"https://dcs.adobedc.net.evil.example/collection/{INLET_ID}",
        f"https://dcs.adobedc.net/collection/{'7' * 64}",
    ],
)
def test_any_other_url_is_rejected(url: str) -> None:
    with pytest.raises(AdobeError) as caught:
        read_inlet(connection(inletUrl=url), HOSTS)
    assert not caught.value.retryable


@pytest.mark.parametrize("item", [{}, {"auth": None}, connection(inletUrl=None)])
def test_missing_inlet_is_retryable(item: dict[str, Any]) -> None:
    with pytest.raises(AdobeError) as caught:
        read_inlet(item, HOSTS)
    assert caught.value.retryable
