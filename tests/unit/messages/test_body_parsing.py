"""Tests of the parsers for the formats of bodies."""

from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bridge.bodies.body_content import body_content
from bridge.errors import UnsupportedBodyError
from bridge.messages.body_parsing import form_of, read_content
from bridge.verification.schemes import BodyForm

XML = b"""<?xml version="1.0"?>
<n:notification xmlns:n="urn:x" kind="sale"><id>7</id><item>a</item><item sku="b">c</item>
<empty/></n:notification>"""


def test_json_is_read() -> None:
    assert read_content(b'{"a": [1]}', "json") == {"a": [1]}
    assert read_content(b"[1]", "json") == [1]


@pytest.mark.parametrize(
    ("body", "form"),
    [
        (b' {"a=b": 1}', "json"),
        (b"[1]", "json"),
        (b'"a=b"', "json"),
        (b"", "json"),
        (b"no form, no JSON", "json"),
        (b"a=%7B%7D", "form"),
        (b"payload=%7B%7D", "form"),
        (b"items[0][id]=1&b=2", "form"),
        (b"\r\n<a/>", "xml"),
        (b"--=_1\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--=_1--\r\n", "multipart"),
        (b'{"a":1}\n{"a":2}', "ndjson"),
        (b'[{"a":1},\n{"a":2}]', "json"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><a/>", "xml"),
        ("<a/>".encode("utf-16"), "xml"),
    ],
)
def test_beginning_of_a_body_says_how_it_is_written(body: bytes, form: BodyForm) -> None:
    """No header is asked, since few are signed."""
    content = body_content(body).content
    assert form_of(content, "auto") == form
    assert form_of(content, "json") == "json"


@pytest.mark.parametrize(
    ("body", "form"),
    [(b"a=1", "form"), (b"no form, no JSON", "form"), (b' {"a": 1}', "json"), (b"[a]=1", "form")],
)
def test_declared_form_may_be_json(body: bytes, form: BodyForm) -> None:
    assert form_of(body, "form") == form


def test_json_is_not_read_as_a_form_that_is_signed_as_a_set() -> None:
    with pytest.raises(UnsupportedBodyError):
        read_content(b'{"a": 1}', "form", as_set=True)


def test_form_is_an_object_of_texts() -> None:
    body = b"From=%2B1555&Body=a+b&Media=x&Media=y&Media=z&None="

    assert read_content(body, "form") == {
        "From": "+1555",
        "Body": "a b",
        "Media": ["x", "y", "z"],
        "None": "",
    }


def test_form_that_is_signed_as_a_set_is_read_as_one() -> None:
    """The signature is the same, so the document has to be."""
    first, second = b"b=2&a=1&b=3&a=1", b"%61=1&b=3&b=2"

    assert read_content(first, "form", as_set=True) == {"a": "1", "b": ["2", "3"]}
    assert read_content(first, "form", as_set=True) == read_content(second, "form", as_set=True)
    assert [*read_content(first, "form", as_set=True)] == ["a", "b"]


def test_xml_is_an_object_by_local_names() -> None:
    assert read_content(XML, "xml") == {
        "notification": {
            "@kind": "sale",
            "id": "7",
            "item": ["a", {"@sku": "b", "#text": "c"}],
            "empty": "",
        }
    }


@pytest.mark.parametrize(
    ("body", "form"),
    [
        (b"{", "json"),
        (b'{"a": NaN}', "json"),
        (b"\xff", "json"),
        (b"[" * 100_000, "json"),
        (b"a=%ff" + b"&a=b" * 6_000, "form"),
        (b"<a>", "xml"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "xml"),
        (b"<a>" * 200 + b"</a>" * 200, "xml"),
    ],
)
def test_invalid_value_is_rejected_without_quoting_it(body: bytes, form: BodyForm) -> None:
    with pytest.raises(UnsupportedBodyError) as caught:
        read_content(body, form)

    assert caught.value.__context__ is None


@given(st.binary(), st.sampled_from(["form", "xml", "json"]))
@example(XML[:40], "xml")
def test_of_any_bytes_there_is_a_document_or_the_one_error(body: bytes, form: BodyForm) -> None:
    with suppress(UnsupportedBodyError):
        read_content(body, form)
