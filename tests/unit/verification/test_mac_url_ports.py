"""A URL with and without its port."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.verification.mac import toggle_port


@pytest.mark.parametrize(
    ("url", "other"),
    [
        ("https://a.example/b?c=1", "https://a.example:443/b?c=1"),
        ("http://a.example/b", "http://a.example:80/b"),
        ("https://a.example:8443/b", "https://a.example/b"),
        ("https://a.example:443/a.example:443", "https://a.example/a.example:443"),
    ],
)
def test_toggling_changes_only_the_port(url: str, other: str) -> None:
    assert toggle_port(url) == other


@pytest.mark.parametrize("url", ["", "ftp://a/b", "https://[", "https://a:x/", "nonsense"])
def test_url_without_a_default_port_is_not_toggled(url: str) -> None:
    assert toggle_port(url) == ""


@given(url=st.text(st.characters()))
def test_toggling_never_raises(url: str) -> None:
    assert isinstance(toggle_port(f"https://{url}"), str)
