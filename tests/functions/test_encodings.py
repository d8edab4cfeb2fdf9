"""Bodies with byte order marks, in other charsets, and with other labels."""

import json
from collections.abc import Iterator

import pytest

from tests.support.body_requests import (
    FORM,
    JSON,
    as_json,
    declare,
    multipart,
    outcome,
    reason,
    request,
)
from tests.support.delivery_cloud import DeliveryCloud, delivery_cloud

TEXT = {"name": "café €"}


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeliveryCloud]:
    with delivery_cloud(monkeypatch) as cloud:
        declare(cloud, "plain", Routes=None)
        declare(cloud, "mapped")
        declare(cloud, "declared", Body="form")
        yield cloud


def test_byte_order_mark_is_no_part_of_a_body(cloud: DeliveryCloud) -> None:
    for encoding in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"):
        for source in ("plain", "mapped"):
            body = as_json({**TEXT, "by": [source, encoding]}, encoding)
            status, seen = outcome(cloud, request(source, body, JSON))
            assert (status, seen["name"]) == (200, TEXT["name"]), (source, encoding)
    form = b"\xef\xbb\xbfname=caf%C3%A9&total=5"
    assert outcome(cloud, request("mapped", form, FORM)) == (200, {"name": "café", "total": "5"})
    joined = f"{JSON}; charset=utf-8,{JSON}"
    assert outcome(cloud, request("plain", as_json({"by": "joined"}), joined))[0] == 200
    xml = "<a>café</a>".encode("utf-16")
    assert outcome(cloud, request("mapped", xml, "text/xml")) == (200, {"a": "café"})


@pytest.mark.parametrize(
    ("charset", "codec", "text"),
    [
        ("windows-1252", "cp1252", "café €"),
        ("ISO-8859-1", "latin-1", "café"),
        ("iso-8859-15", "iso8859-15", "café €"),
        ("windows-1251", "cp1251", "Привет"),
        ("koi8-r", "koi8-r", "Привет"),
        ("shift_jis", "shift_jis", "カフェ"),
        ("euc-kr", "euc-kr", "커피"),
        ("gb2312", "gb2312", "咖啡"),
        ("big5", "big5", "咖啡"),
        ("utf-16", "utf-16-le", "café"),
        ("ISO_8859-1:1987", "latin-1", "café"),
        ("ISO8859_1", "latin-1", "café"),
        ("csISOLatin2", "iso8859-2", "Łódź"),
        ("latin9", "iso8859-15", "café €"),
        ("windows1252", "cp1252", "café €"),
        ("x-sjis", "shift_jis", "カフェ"),
        ("EUC_KR", "euc-kr", "커피"),
        ("gb_2312-80", "gb2312", "咖啡"),
        ("utf_8", "utf-8", "café €"),
        ("unicode-1-1-utf-8", "utf-8", "café €"),
    ],
)
def test_text_is_decoded_as_declared(
    cloud: DeliveryCloud, charset: str, codec: str, text: str
) -> None:
    for quoted in (charset, f'"{charset}"'):
        body = as_json({"name": text, "by": quoted}, codec)
        for source in ("plain", "mapped"):
            status, seen = outcome(cloud, request(source, body, f"{JSON}; charset={quoted}"))
            assert (status, seen["name"]) == (200, text)
    xml = f"<a>{text}</a>".encode(codec)
    assert outcome(cloud, request("mapped", xml, f"text/xml;charset={charset}"))[1] == {"a": text}
    if not charset.startswith("utf-16"):
        escaped = "".join(f"%{byte:02X}" for byte in text.encode(codec))
        form = f"name={escaped}&a=1".encode()
        seen = outcome(cloud, request("mapped", form, f"{FORM}; charset={charset}"))
        assert seen == (200, {"name": text, "a": "1"})
        named = f"name={escaped}&_charset_={charset}".encode()
        assert outcome(cloud, request("mapped", named, FORM))[1]["name"] == text
        parts = multipart(("name=a", text.encode(codec)))
        labelled = f"multipart/form-data; boundary=x; charset={charset}"
        assert outcome(cloud, request("mapped", parts, labelled)) == (200, {"a": text})


@pytest.mark.parametrize("charset", ["zip", "rot13", "idna", "utf-7", "unicode_escape", "klingon"])
def test_unknown_charset_is_refused(cloud: DeliveryCloud, charset: str) -> None:
    for body in (as_json({"a": 1}), as_json(TEXT, "cp1252"), b"name=caf%E9"):
        for source in ("plain", "mapped"):
            event = request(source, body, f"{JSON}; charset={charset}")
            assert outcome(cloud, event) == (415, None)
            assert reason(cloud) == "the charset of the body is not supported; UTF-8 always is"


@pytest.mark.parametrize("space", ["\r\n", " \t\n"])
def test_white_space_before_an_xml_declaration_is_ignored(cloud: DeliveryCloud, space: str) -> None:
    for encoding in ("utf-8", "ISO-8859-1"):
        text = f"{space}<?xml version='1.0' encoding='{encoding}'?><a>café {encoding}</a>\r\n"
        seen = outcome(cloud, request("mapped", text.encode(encoding), "text/xml"))
        assert seen == (200, {"a": f"café {encoding}"})


def test_charset_is_a_parameter_of_its_own(cloud: DeliveryCloud) -> None:
    body = multipart(("name=a", "café".encode()), boundary="xcharset=klingon")
    labelled = "multipart/form-data; boundary=xcharset=klingon"
    assert outcome(cloud, request("mapped", body, labelled)) == (200, {"a": "café"})
    for number, label in enumerate(("charset=", "x-charset=zip", "charset", "version=charset=zip")):
        body = as_json({"a": number})
        assert outcome(cloud, request("mapped", body, f"{JSON}; {label}"))[0] == 200


def test_text_that_is_not_in_its_charset_is_refused_rather_than_spoilt(
    cloud: DeliveryCloud,
) -> None:
    body = as_json({"name": "café"}, "latin-1")
    for event in (
        request("plain", body, JSON),
        request("mapped", body, JSON),
        request("mapped", body, f"{JSON}; charset=utf-8"),
        request("mapped", as_json({"name": "\x81"}, "latin-1"), f"{JSON}; charset=windows-1252"),
        request("mapped", b"name=caf%E9", FORM),
        request("mapped", b"name=%E9%81&_charset_=windows-1252", FORM),
        request("mapped", b"name=%E9%81&_charset_=zip", FORM),
    ):
        assert outcome(cloud, event) == (415, None)


def test_changed_charset_changes_neither_utf_8_nor_structure(cloud: DeliveryCloud) -> None:
    """The header is not signed: whoever has one genuine request can change it."""
    body = as_json({"name": "café", "total": 5})
    for charset in ("windows-1252", "shift_jis", "utf-16", "utf-16be", "gb18030", "koi8-r"):
        changed = as_json({"name": "café", "by": charset})
        status, seen = outcome(cloud, request("mapped", changed, f"{JSON}; charset={charset}"))
        assert (status, seen["name"]) == (200, "café")
    # In Shift_JIS, the escaped quotation mark would end the text.
    body = b'{"name":"\xe9\\",\\"admin\\":\\"", "a":1}'
    assert outcome(cloud, request("mapped", body, f"{JSON}; charset=shift_jis"))[0] == 415
    assert outcome(cloud, request("mapped", body, f"{JSON}; charset=windows-1252"))[0] == 200
    form = b"total=5&name=caf%E9"
    assert outcome(cloud, request("mapped", form, f"{FORM}; charset=utf-16"))[0] == 415


def test_label_of_the_media_type_spoils_nothing(cloud: DeliveryCloud) -> None:
    body = as_json({"a": "1&b=2", "c": "d=e"})
    for source in ("plain", "mapped", "declared"):
        assert outcome(cloud, request(source, body, FORM)) == (200, json.loads(body))
        body += b" "
    form = b"a=%7B%22b%22%3A1%7D&c=2"
    for source in ("mapped", "declared"):
        event = request(source, form, JSON)
        assert outcome(cloud, event) == (200, {"a": '{"b":1}', "c": "2"})
    assert outcome(cloud, request("plain", form, JSON)) == (415, None)
