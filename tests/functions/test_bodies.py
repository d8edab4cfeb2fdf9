"""Bodies as senders really write them: marks, charsets, compression, forms, lines, none."""

import gzip
import hashlib
import hmac
import json
import time
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.support.delivery_cloud import DeliveryCloud, Response, delivery_cloud
from tests.support.http_requests import configure, http, send

SECRET = "CANARY-shared"
SIGNED = {"Family": "mac", "Content": "{body}", "Signature": {"From": "header:x-signature"}}
WHOLE = [{"Flow": "orders", "Map": {"body": "body"}}]
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
TEXT = {"name": "café €"}


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeliveryCloud]:
    with delivery_cloud(monkeypatch) as cloud:
        for name, properties in {
            "plain": {},
            "mapped": {"Routes": WHOLE},
            "split": {"Routes": WHOLE, "Split": "body"},
            "lines": {"Routes": WHOLE, "Split": "body", "Body": "ndjson"},
            "declared": {"Routes": WHOLE, "Body": "form"},
        }.items():
            assert configure(cloud, name, SECRET, Scheme=SIGNED, **properties) == ""
        yield cloud


def request(source: str, body: bytes, content_type: str = "", **headers: str) -> dict[str, Any]:
    """A signed request; the signature covers the bytes on the wire."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    proof = {"x-signature": hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()}
    types = {"content-type": content_type} if content_type else {}
    return http(source, body, {**types, **proof, **named})


def messages(cloud: DeliveryCloud) -> list[Any]:
    """The entities that are in the inlet; they are removed there."""
    received = [
        json.loads(each.content)["body"]["xdmEntity"] for each in cloud.adobe.ledger.received
    ]
    cloud.adobe.ledger.received.clear()
    return received


def outcome(cloud: DeliveryCloud, event: Mapping[str, Any]) -> tuple[int, Any]:
    """The status of a request, and the body that expressions saw; None without a message."""
    [answer] = send(cloud, dict(event))
    found = messages(cloud)
    return answer.status, found[0].get("body", found[0]) if found else None


def reason(cloud: DeliveryCloud) -> str:
    return str(cloud.lines()[-1]["reason"])


def as_json(document: object, encoding: str = "utf-8") -> bytes:
    return json.dumps(document, ensure_ascii=False).encode(encoding)


def test_byte_order_mark_is_no_part_of_a_body(cloud: DeliveryCloud) -> None:
    for encoding in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"):
        for source in ("plain", "mapped"):
            body = as_json({**TEXT, "by": [source, encoding]}, encoding)
            status, seen = outcome(cloud, request(source, body, JSON))
            assert (status, seen["name"]) == (200, TEXT["name"]), (source, encoding)
    form = b"\xef\xbb\xbfname=caf%C3%A9&total=5"
    assert outcome(cloud, request("mapped", form, FORM)) == (200, {"name": "café", "total": "5"})
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
        part = b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n" + text.encode(codec)
        multipart = part + b"\r\n--x--\r\n"
        labelled = f"multipart/form-data; boundary=x; charset={charset}"
        assert outcome(cloud, request("mapped", multipart, labelled)) == (200, {"a": text})


@pytest.mark.parametrize("charset", ["zip", "rot13", "idna", "utf-7", "unicode_escape", "klingon"])
def test_unknown_charset_is_refused(cloud: DeliveryCloud, charset: str) -> None:
    for body in (as_json({"a": 1}), as_json(TEXT, "cp1252"), b"name=caf%E9"):
        for source in ("plain", "mapped"):
            event = request(source, body, f"{JSON}; charset={charset}")
            assert outcome(cloud, event) == (415, None)
            assert reason(cloud) == "the charset of the body is not supported; UTF-8 always is"


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


def deflated(body: bytes) -> bytes:
    return zlib.compress(body)


def test_compressed_body_is_read(cloud: DeliveryCloud) -> None:
    for coding, pack in (("gzip", gzip.compress), ("X-GZip", gzip.compress), ("deflate", deflated)):
        for source in ("plain", "mapped"):
            document = {**TEXT, "by": coding}
            packed = pack(as_json(document))
            event = request(source, packed, JSON, content_encoding=coding)
            assert outcome(cloud, event) == (200, document)
    packed = gzip.compress(as_json({"name": "café"}, "cp1252"))
    typed = f"{JSON}; charset=windows-1252"
    event = request("mapped", packed, typed, content_encoding="gzip, identity")
    assert outcome(cloud, event) == (200, {"name": "café"})
    for named in ("utf-8", "identity", "amz-1.0"):
        event = request("plain", as_json({"by": named}), JSON, content_encoding=named)
        assert outcome(cloud, event) == (200, {"by": named})


def test_repetition_that_was_compressed_anew_is_a_duplicate(cloud: DeliveryCloud) -> None:
    """The time in the header of gzip differs."""
    for source in ("plain", "mapped"):
        packed = [gzip.compress(as_json(TEXT), mtime=moment) for moment in (1, 2)]
        events = [request(source, each, JSON, content_encoding="gzip") for each in packed]
        assert len({answer.document["xactionId"] for answer in send(cloud, *events)}) == 1
        assert len(messages(cloud)) == 1


def test_damaged_or_hostile_compression_is_refused_at_once(cloud: DeliveryCloud) -> None:
    packed = gzip.compress(as_json({"a": "x" * 999}))
    flipped = packed[:-6] + bytes([packed[-6] ^ 1]) + packed[-5:]
    bomb = _bomb()
    cases: list[tuple[bytes, str, int]] = [
        (packed[:-1], "gzip", 415),
        (packed + b"x", "gzip", 415),
        (flipped, "gzip", 415),
        (packed, "gzip, gzip", 415),
        (gzip.compress(packed), "gzip", 415),
        (packed, "br, gzip", 415),
        (b"\x1b\x00\xf8", "br", 415),
        (zlib.compress(as_json(TEXT))[:-1], "deflate", 415),
        (gzip.compress(b"") * 200, "gzip", 415),
        (bomb, "gzip", 413),
    ]
    for body, coding, status in cases:
        for source in ("plain", "mapped"):
            started = time.process_time()
            event = request(source, body, JSON, content_encoding=coding)
            assert outcome(cloud, event) == (status, None), (coding, len(body))
            assert time.process_time() - started < 2


def _bomb() -> bytes:
    """A megabyte that becomes a gigabyte."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = b" " * 1_000_000
    pieces = [packer.compress(block) for _ in range(1_000)]
    packed = b"".join([*pieces, packer.flush()])
    assert 900_000 < len(packed) < 1_000_000
    return packed


def test_signature_of_the_uncompressed_body(cloud: DeliveryCloud) -> None:
    """As GetStream signs: https://getstream.io/chat/docs/node/webhooks_overview/."""
    given = {"Scheme": {**SIGNED, "UncompressedBody": "true"}, "Routes": WHOLE}
    assert configure(cloud, "stream", SECRET, **given) == ""
    body = as_json(TEXT)
    proof = request("stream", body)["headers"]

    def compressed(packed: bytes) -> Response:
        [answer] = send(cloud, http("stream", packed, {**proof, "content-encoding": "gzip"}))
        return answer

    assert compressed(gzip.compress(body)).status == 200
    assert compressed(gzip.compress(body, mtime=7)).status == 200
    assert [each["body"] for each in messages(cloud)] == [TEXT]
    assert compressed(gzip.compress(body + b" ")).status == 401
    assert compressed(gzip.compress(body)[:-1]).status == 401
    assert compressed(_bomb()).status == 401
    assert outcome(cloud, request("stream", as_json({"a": 1}))) == (200, {"a": 1})
    wire = gzip.compress(body)
    assert outcome(cloud, request("stream", wire, content_encoding="gzip")) == (401, None)
