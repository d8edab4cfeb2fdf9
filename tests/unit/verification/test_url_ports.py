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
def test_the_other_form_differs_in_the_port_only(url: str, other: str) -> None:
    assert toggle_port(url) == other


@pytest.mark.parametrize("url", ["", "ftp://a/b", "https://[", "https://a:x/", "nonsense"])
def test_what_has_no_port_has_no_other_form(url: str) -> None:
    assert toggle_port(url) == ""


@given(url=st.text(st.characters()))
def test_any_text_is_read(url: str) -> None:
    assert isinstance(toggle_port(f"https://{url}"), str)
