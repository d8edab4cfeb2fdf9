"""Any body gives a document or one of the documented refusals, in bounded time and memory."""

import gzip
import json
import time
import tracemalloc
import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bridge.bodies.body_content import MAX_BODY_BYTES, readable_content
from bridge.bodies.charsets import is_utf8
from bridge.errors import BodyTooLargeError, UnsupportedBodyError
from bridge.messages.body_parsing import form_of, read_document
from bridge.verification.schemes import BodyForm
from tests.support.body_requests import bomb

CODECS = {
    "windows-1252": "cp1252",
    "iso-8859-1": "latin-1",
    "iso-8859-5": "iso8859-5",
    "koi8-r": "koi8-r",
    "shift_jis": "shift_jis",
    "euc-jp": "euc_jp",
    "gb18030": "gb18030",
    "big5": "big5",
}
FORMS: tuple[BodyForm, ...] = ("auto", "json", "form", "multipart", "xml", "ndjson")
charsets = st.sampled_from(list(CODECS))
types = st.sampled_from(["", "a/b; charset=utf-16", "a/b;charset=zip"]) | charsets.map(
    "text/plain; charset={}".format
)
codings = st.sampled_from(["", "gzip", "deflate", "x-gzip, identity", "br", "gzip, gzip", "é,"])
beginnings = st.sampled_from(
    [b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x1f\x8b\x08\0", b"x\x9c", b"--a\r\n", b"{"]
)


def read(body: bytes, form: BodyForm, content_type: str = "", coding: str = "") -> Any:
    content = readable_content(body, content_type, coding)
    return read_document(content, form_of(content.content, form))


@given(st.binary(max_size=300), beginnings, st.sampled_from(FORMS), types, codings)
@example(b"Content-Disposition: form-data; name=a\r\n\r\n1\r\n--a--", b"--a\r\n", "auto", "", "")
@example(b"<?xml version='1.0' encoding='zip'?><a/>", b"", "auto", "", "")
@example(b"<?xml version='1.0' encoding='shift_jis'?><a>\x95</a>", b"", "xml", "", "")
def test_of_any_bytes_there_is_a_document_or_a_refusal(
    body: bytes, beginning: bytes, form: BodyForm, content_type: str, coding: str
) -> None:
    for each in (beginning + body, gzip.compress(body), zlib.compress(body)):
        with suppress(UnsupportedBodyError, BodyTooLargeError):
            read(each, form, content_type, coding)


@given(
    st.recursive(st.none() | st.text(), lambda it: st.lists(it) | st.dictionaries(st.text(), it))
)
def test_marks_and_compression_change_no_document(document: object) -> None:
    text = json.dumps(document, ensure_ascii=False)
    with suppress(UnicodeEncodeError):
        for encoding in ("utf-8-sig", "utf-16"):
            body = text.encode(encoding)
            assert read(body, "json") == document
            assert read(gzip.compress(body), "json", coding="gzip") == document
            assert read(zlib.compress(body), "json", coding="deflate") == document
            packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
            packed = packer.compress(body) + packer.flush()
            assert is_utf8(packed) or read(packed, "json", coding="deflate") == document


@given(st.text(st.characters(min_codepoint=0x20)), charsets)
def test_text_comes_back_from_its_charset(text: str, charset: str) -> None:
    content_type = f"text/plain; charset={charset}"
    try:
        encoded = text.encode(CODECS[charset])
    except UnicodeEncodeError:
        return
    if encoded.decode(CODECS[charset]) != text:
        return  # Python encodes ¥ and ‾ in Shift_JIS as the ASCII characters at their places.
    if is_utf8(encoded) and not encoded.isascii():
        return  # It is read as UTF-8, so that nobody can change it by the header.
    form = b"a=" + quote_from_bytes(encoded).encode()
    assert read(form, "form", content_type) == {"a": text}
    assert read(form + f"&_charset_={charset}".encode(), "form")["a"] == text
    body = json.dumps({"a": text}, ensure_ascii=False).encode(CODECS[charset])
    if body.count(b"\\") == json.dumps({"a": text}, ensure_ascii=False).count("\\"):
        assert read(body, "json", content_type) == {"a": text}


@given(st.lists(st.dictionaries(st.text(), st.integers() | st.text()), max_size=9))
def test_lines_are_documents(events: list[dict[str, object]]) -> None:
    lines = [json.dumps(event).encode() for event in events]
    for end in (b"\n", b"\r\n", b"\n\n"):
        assert read(end.join(lines) + end, "ndjson") == events
        if len(events) > 1 and end != b"\n\n":
            assert form_of(end.join(lines), "auto") == "ndjson"


PART = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'


@pytest.mark.parametrize(
    ("make", "coding"),
    [
        (bomb, "gzip"),
        (lambda: gzip.compress(b"") * 45_000, "gzip"),
        (lambda: PART * 10_000 + b"--b--", ""),
        (lambda: b"--b\r\nContent-Type: " + b"a" * 990_000, ""),
        (lambda: b"--b\r\nContent-Disposition:" + b';a="' * 900 + b"\r\n\r\n\r\n--b--", ""),
        (lambda: b"--b\r\ncontent-a:" * 60_000, ""),
        (lambda: b'{"a":1}\n' * 100_000, ""),
        (lambda: b"[\n" * 500_000, ""),
        (lambda: b"&" * 1_000_000, ""),
        (lambda: b"a=%FF&_charset_=big5&" + b"%" * 900_000, ""),
        (lambda: b"<?xml " + b"encoding=" * 100_000, ""),
        (lambda: b"<a>" * 300_000, ""),
        (lambda: b"{" * 1_000_000, ""),
    ],
)
def test_hostile_body_is_refused_in_bounded_time_and_memory(
    make: Callable[[], bytes], coding: str
) -> None:
    body = make()
    assert len(body) <= MAX_BODY_BYTES
    for form in ("auto", "form", "multipart", "ndjson", "xml"):
        tracemalloc.start()
        started = time.process_time()
        with suppress(UnsupportedBodyError, BodyTooLargeError):
            read(body, form, "text/plain; charset=shift_jis", coding)
        seconds = time.process_time() - started
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert seconds < 5, "tracing makes it several times slower"
        assert peak < 150_000_000
