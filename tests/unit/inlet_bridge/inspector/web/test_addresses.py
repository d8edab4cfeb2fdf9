"""Addresses of pages: any ID, decoded once, is what it was."""

from urllib.parse import unquote, urlsplit

import pytest

from inlet_bridge.inspector.web.addresses import refusal_path, webhook_path
from inlet_bridge.operations.records.keys import possible_keys


@pytest.mark.parametrize(
    "name",
    ["d-1", "a/b", "a b+c%2F", "../x", "?a#b", "é/\u202e", "<b>", "%2e%2e", "//evil.example"],
)
def test_id_is_one_segment_that_is_decoded_once(name: str) -> None:
    for path in (webhook_path("s", "github", name), refusal_path("s", name)):
        parts = urlsplit(path)
        assert (parts.netloc, parts.query, parts.fragment) == ("", "", "")
        assert parts.path == path
        assert unquote(path.rpartition("/")[2]) == name


@pytest.mark.parametrize("name", [".", ".."])
def test_segment_that_browsers_remove_is_replaced_by_the_key(name: str) -> None:
    segment = webhook_path("s", "github", name).rpartition("/")[2]

    assert f"id:{name}" in possible_keys(unquote(segment))


def test_query_is_quoted() -> None:
    assert webhook_path("s", "a", "b", confirm="a&b=c").endswith("/b?confirm=a%26b%3Dc")
