"""Tests of the hosts that may receive messages and tokens."""

import pytest

from bridge.inlet.allowed_hosts import is_allowed

HOSTS = ("dcs.adobedc.net", "127.0.0.1:8460")


@pytest.mark.parametrize(
    "url", ["https://dcs.adobedc.net/collection/a", "http://127.0.0.1:8460/collection/a"]
)
def test_named_host_is_allowed(url: str) -> None:
    """https, or a stand-in on this machine."""
    assert is_allowed(url, HOSTS)


@pytest.mark.parametrize(
    "url",
    [
        "http://dcs.adobedc.net/collection/a",
        "https://dcs.adobedc.net.evil.example/collection/a",
        "https://evil.example/dcs.adobedc.net",
        "https://dcs.adobedc.net@evil.example/",
        "https://user@dcs.adobedc.net/",
        "https://dcs.adobedc.net:8443/",
        "http://127.0.0.1:8461/",
        "http://127.0.0.1/",
        "https://[::1/",
        "https://dcs.adobedc.net:port/",
        "file:///etc/passwd",
        "",
    ],
)
def test_everything_else_is_not(url: str) -> None:
    """A changed document must not carry a token elsewhere."""
    assert not is_allowed(url, HOSTS)
