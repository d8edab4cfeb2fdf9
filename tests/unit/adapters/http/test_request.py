"""Tests of the serialization of a request head."""

import pytest

from bridge.adapters.http.request import request_head


def test_head_is_its_lines_and_an_empty_line() -> None:
    assert request_head("POST", "dcs.adobedc.net", "/collection/1?a=b", {"x-id": "1"}, 12) == (
        b"POST /collection/1?a=b HTTP/1.1\r\n"
        b"host: dcs.adobedc.net\r\n"
        b"accept-encoding: identity\r\n"
        b"content-length: 12\r\n"
        b"x-id: 1\r\n\r\n"
    )


def test_signed_host_is_sent_once_and_unchanged() -> None:
    head = request_head("POST", "ssm.eu-central-1.amazonaws.com:443", "/", {"host": "signed"}, 0)

    assert head.lower().count(b"host:") == 1
    assert b"host: signed\r\n" in head


def test_latin_1_characters_are_encoded_as_latin_1() -> None:
    assert b"x-name: M\xfcller\r\n" in request_head("POST", "h", "/", {"x-name": "Müller"}, 0)


@pytest.mark.parametrize(
    "value", ["a\nb", "a\rb", "a\0b", "a\r\nx-other: 1", "a\x7f", "Ω", "\ud800"]
)
def test_header_with_a_line_break_is_named_and_not_quoted(value: str) -> None:
    with pytest.raises(ValueError, match=r"^the header authorization is invalid$") as caught:
        request_head("POST", "h", "/", {"x-id": "1", "authorization": f"Bearer {value}"}, 0)

    assert caught.value.__context__ is None


@pytest.mark.parametrize("target", ["", "/a b", "/a\nb", "/\u00fc", "/ HTTP/1.1\r\nx: 1"])
def test_target_with_other_content_is_rejected(target: str) -> None:
    with pytest.raises(ValueError, match="target is invalid"):
        request_head("POST", "h", target, {}, 0)
