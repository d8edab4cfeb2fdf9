"""Parameters that a sender signs sorted, wherever they are."""

import json
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.verification.signed_parameters import sorted_parameters
from bridge.webhook import Webhook

URL = "https://hooks.example.com/webhooks/it"
SIGNED = b"&a=1&b=x_y_z&c="
PARAMETERS = {"b": "x&y=z", "sig": "0f", "c": "", "a": "1"}

names = st.text(st.characters(exclude_characters="&=", exclude_categories=["Cs"]), min_size=1)
parameters = st.dictionaries(
    names.filter(lambda name: name != "sig" and not name.lstrip().startswith("{")),
    st.text(st.characters(exclude_categories=["Cs"])),
    min_size=1,
)


def got(query: str) -> Webhook:
    return Webhook("GET", f"{URL}?{query}", {}, b"")


def posted(body: bytes) -> Webhook:
    return Webhook("POST", URL, {}, body)


def test_parameters_are_sorted_without_the_signature() -> None:
    form = urlencode(PARAMETERS)

    for webhook in (got(form), posted(form.encode()), posted(json.dumps(PARAMETERS).encode())):
        assert sorted_parameters(webhook, "sig") == SIGNED


def test_query_and_body_are_signed_together() -> None:
    webhook = Webhook("POST", f"{URL}?b=2", {}, b"c=3&sig=0f&a=1")

    assert sorted_parameters(webhook, "sig") == b"&a=1&b=2&c=3"


@given(parameters)
def test_every_place_is_signed_alike(given: dict[str, str]) -> None:
    expected = "".join(
        f"&{name}={text.replace('&', '_').replace('=', '_')}"
        for name, text in sorted(given.items(), key=lambda pair: pair[0].encode())
    ).encode()

    assert sorted_parameters(posted(json.dumps(given).encode()), "sig") == expected
    assert sorted_parameters(got(urlencode(given)), "sig") == expected


@pytest.mark.parametrize(
    "webhook",
    [
        Webhook("POST", f"{URL}?a=1", {}, b"a=1"),
        got("a=1&a=2"),
        posted(b"a=1&a=1"),
        posted(b'{"a":"1","a":"1"}'),
        posted(b'{"a":1}'),
        posted(b'{"a":null}'),
        posted(b'{"a":{"b":"1"}}'),
        posted(b'{"a":["1"]}'),
        posted(b'{"a":"1"'),
        posted(b"{" * 100_000),
        got("a%3D1%26b=2"),
        posted(b'{"a=1&b":"2"}'),
        got("sig=0f"),
        posted(b""),
        posted(b"&".join(b"a%d=1" % number for number in range(10_000))),
    ],
)
def test_ambiguous_request_has_no_signed_content(webhook: Webhook) -> None:
    assert sorted_parameters(webhook, "sig") is None
