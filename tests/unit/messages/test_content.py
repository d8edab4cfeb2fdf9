"""Bodies, whichever way they were written."""

from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bridge.errors import UnsupportedBodyError
from bridge.messages.content import FORM, read_content

XML = b"""<?xml version="1.0"?>
<n:notification xmlns:n="urn:x" kind="sale"><id>7</id><item>a</item><item sku="b">c</item>
<empty/></n:notification>"""


def test_json_is_read() -> None:
    assert read_content(b'{"a": [1]}', "application/json; charset=utf-8") == {"a": [1]}
    assert read_content(b"[1]", "") == [1]
    assert read_content(b"{}", "application/cloudevents-batch+json") == {}


def test_a_form_is_an_object_of_texts() -> None:
    body = b"From=%2B1555&Body=a+b&Media=x&Media=y&Media=z&None="

    assert read_content(body, f"{FORM}; charset=UTF-8") == {
        "From": "+1555",
        "Body": "a b",
        "Media": ["x", "y", "z"],
        "None": "",
    }


@pytest.mark.parametrize("content_type", ["application/xml", "text/xml", "application/soap+xml"])
def test_xml_is_an_object_by_local_names(content_type: str) -> None:
    assert read_content(XML, content_type) == {
        "notification": {
            "@kind": "sale",
            "id": "7",
            "item": ["a", {"@sku": "b", "#text": "c"}],
            "empty": "",
        }
    }


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{", "application/json"),
        (b'{"a": NaN}', "application/json"),
        (b"\xff", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"9" * 5_000, "application/json"),
        (b"a=%ff" + b"&a=b" * 6_000, FORM),
        (b"<a>", "text/xml"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "text/xml"),
        (b"<a>" * 200 + b"</a>" * 200, "text/xml"),
    ],
)
def test_what_it_is_not_is_refused_without_a_word_of_it(body: bytes, content_type: str) -> None:
    with pytest.raises(UnsupportedBodyError) as caught:
        read_content(body, content_type)

    assert caught.value.__context__ is None


@given(st.binary(), st.sampled_from([FORM, "text/xml", "application/json", "x"]))
@example(XML[:40], "text/xml")
def test_of_any_bytes_there_is_a_document_or_the_one_error(body: bytes, content_type: str) -> None:
    with suppress(UnsupportedBodyError):
        read_content(body, content_type)
