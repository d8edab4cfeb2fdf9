"""Tests of extractors."""

import base64
import hashlib
import json
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.bodies.form_parsing import form_fields
from bridge.verification.extractors import parse_extractor, value, values
from bridge.webhook import Webhook
from tests.support.extracted_webhooks import webhook

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
        ("none", ("[]",)),
        ("none.*", ()),
        ("id.length", ()),
        ("*", ()),
    ],
)
def test_json_path_is_followed(path: str, expected: tuple[str, ...]) -> None:
    assert values(webhook(json.dumps(DOCUMENT).encode()), f"json:{path}") == expected


def test_path_may_begin_in_a_list() -> None:
    batch = webhook(b'[{"id":1},{"id":2}]')

    assert value(batch, "json:*.id") == "1,2"
    assert value(batch, "json:1.id") == "2"


def test_several_values_are_empty_if_one_is_missing() -> None:
    assert value(webhook(b'[{"id":1},{}]'), "json:*.id") == ""


def test_header_extractors_are_case_insensitive() -> None:
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
def test_query_field_is_decoded(url: str, expected: str) -> None:
    assert value(webhook(b"", url), "query:t") == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"a=1&t=Zo%C3%AB+%F0%9F%8E%89&t=2", "Zoë 🎉"),
        ("t=Zoë".encode(), "Zoë"),
        (b"t=%FF", "\ufffd"),
        (b"t=", ""),
        (b"T=1", ""),
        (b'{"t":1}', ""),
        (b"a&" * 6_000 + b"t=1", ""),
    ],
)
def test_form_field_is_decoded(body: bytes, expected: str) -> None:
    assert value(webhook(body), "form:t") == expected


def test_method_is_an_extractor() -> None:
    assert value(webhook(b""), "method") == "POST"


def test_hash_of_the_body_is_an_extractor() -> None:
    assert value(webhook(b"{}"), "body_sha256") == hashlib.sha256(b"{}").hexdigest()


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ('{"iat":1767225600}', "1767225600"),
        ('{"iat":"a"}', "a"),
        ('{"iat":{"a":1}}', ""),
        ('{"exp":1}', ""),
        ("[1]", ""),
        ("{", ""),
    ],
)
@pytest.mark.parametrize("prefix", ["", "Bearer "])
def test_claim_of_a_token_is_an_extractor(payload: str, expected: str, prefix: str) -> None:
    token = f"e30.{base64.urlsafe_b64encode(payload.encode()).decode().rstrip('=')}.c2ln"
    request = Webhook("POST", "https://x/y", {"x-token": prefix + token}, b"")

    assert value(request, "claim:X-Token/iat") == expected
    assert value(request, "claim:other/iat") == ""


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c.d", "a.\u00e9.c", "a.!!!.c", "...."])
def test_text_that_is_no_token_has_no_claims(token: str) -> None:
    request = Webhook("POST", "https://x/y", {"x-token": token}, b"")

    assert value(request, "claim:x-token/iat") == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x-id",
        "xml:",
        "xml:a//b",
        "xml:*/a",
        "claim:iat",
        "claim:/iat",
        "claim:x-token/",
        "form:",
        "header:",
        "json:",
        "json:a..b",
        "json:.a",
        "body:x",
        "Basic",
        "query",
    ],
)
def test_invalid_extractor_is_rejected(text: str) -> None:
    with pytest.raises(ValueError, match="must be header:NAME"):
        parse_extractor(text)


@given(
    body=st.binary() | st.sampled_from([b"[" * 100_000, b"1" * 5000, b"NaN", b"-Infinity"]),
    url=st.text(st.characters()),
    header=st.text(st.characters()),
    extractor=st.sampled_from(
        ["json:a", "json:*", "json:0.a", "query:a", "header:a", "basic", "form:a", "xml:a"]
    ),
)
def test_extractors_never_raise(body: bytes, url: str, header: str, extractor: str) -> None:
    request = webhook(body, f"https://x?a={url}", a=header, authorization=f"Basic {header}")

    assert all(isinstance(text, str) for text in values(request, extractor))


@given(
    st.lists(st.sampled_from([*"%\\+&=aé\n", "%4", "%41", "%zz", "\\x41"]))
    .map("".join)
    .map(str.encode)
    | st.binary()
)
def test_form_is_decoded_as_by_the_standard_library(body: bytes) -> None:
    """But faster: forms are decoded before verification."""
    fields = parse_qsl(body.decode("latin-1"), keep_blank_values=True, encoding="latin-1")
    expected = [(name.encode("latin-1"), text.encode("latin-1")) for name, text in fields]

    assert list(form_fields(body) or ()) == expected


def test_form_with_too_many_fields_is_not_parsed() -> None:
    assert form_fields(b"&".join([b"a=b"] * 5_001)) is None
    assert len(form_fields(b"&".join([b"a=b"] * 5_000)) or ()) == 5_000
