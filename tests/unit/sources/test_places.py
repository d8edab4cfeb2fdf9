"""Where values stand in a request."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.sources.places import parse_place, value, values
from bridge.webhook import Webhook

DOCUMENT = {
    "id": "evt_1",
    "n": 12,
    "yes": True,
    "no": False,
    "half": 0.5,
    "null": None,
    "empty": "",
    "0": "key",
    "items": [{"id": "a"}, {"id": "b", "tags": ["x", "y"]}],
    "none": [],
}


def webhook(body: bytes, url: str = "https://x/y", **headers: str) -> Webhook:
    return Webhook("POST", url, headers, body)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("id", ("evt_1",)),
        ("n", ("12",)),
        ("yes", ("true",)),
        ("no", ("false",)),
        ("half", ("0.5",)),
        ("0", ("key",)),
        ("items.0.id", ("a",)),
        ("items.*.id", ("a", "b")),
        ("items.*.tags.*", ("", "x", "y")),
        ("items.*.tags.0", ("", "x")),
        ("items.2.id", ()),
        ("items.-1.id", ()),
        ("items", ()),
        ("null", ()),
        ("empty", ()),
        ("none.*", ()),
        ("id.length", ()),
        ("*", ()),
    ],
)
def test_a_json_path_is_followed(path: str, expected: tuple[str, ...]) -> None:
    assert values(webhook(json.dumps(DOCUMENT).encode()), f"json:{path}") == expected


def test_a_path_may_begin_in_a_list() -> None:
    batch = webhook(b'[{"id":1},{"id":2}]')

    assert value(batch, "json:*.id") == "1,2"
    assert value(batch, "json:1.id") == "2"


def test_several_values_of_which_one_is_missing_are_none() -> None:
    assert value(webhook(b'[{"id":1},{}]'), "json:*.id") == ""


def test_a_header_is_found_in_any_case_of_its_place() -> None:
    assert value(webhook(b"", **{"x-id": "1"}), "header:X-Id") == "1"
    assert values(webhook(b"", **{"x-id": ""}), "header:x-id") == ()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x/y?a=1&t=s%20%C3%AB", "s ë"),
        ("https://x/y?t=&t=2", "2"),
        ("https://x/y?t", ""),
        ("https://x/t=1", ""),
        ("", ""),
    ],
)
def test_a_query_field_is_decoded(url: str, expected: str) -> None:
    assert value(webhook(b"", url), "query:t") == expected


@pytest.mark.parametrize(
    "text", ["", "x-id", "header:", "json:", "json:a..b", "json:.a", "body:x", "Basic", "query"]
)
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a place is"):
        parse_place(text)


@given(
    body=st.binary() | st.sampled_from([b"[" * 100_000, b"1" * 5000, b"NaN", b"-Infinity"]),
    url=st.text(st.characters()),
    header=st.text(st.characters()),
    place=st.sampled_from(["json:a", "json:*", "json:0.a", "query:a", "header:a", "basic"]),
)
def test_any_request_is_read(body: bytes, url: str, header: str, place: str) -> None:
    request = webhook(body, f"https://x?a={url}", a=header, authorization=f"Basic {header}")

    assert all(isinstance(text, str) for text in values(request, place))
