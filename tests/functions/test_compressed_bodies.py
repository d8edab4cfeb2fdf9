"""Bodies with a Content-Encoding."""

import gzip
import time
import zlib
from collections.abc import Callable, Iterator

import pytest

from tests.support.body_requests import (
    JSON,
    SIGNED,
    as_json,
    bomb,
    declare,
    messages,
    outcome,
    proof,
    request,
)
from tests.support.delivery_cloud import DeliveryCloud, delivery_cloud
from tests.support.http_requests import http, send
from tests.support.sender_response import Response

TEXT = {"name": "café €"}


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeliveryCloud]:
    with delivery_cloud(monkeypatch) as cloud:
        declare(cloud, "plain", Routes=None)
        declare(cloud, "mapped")
        yield cloud


def deflated(body: bytes) -> bytes:
    return zlib.compress(body)


def without_header(body: bytes) -> bytes:
    """Deflate without the header of zlib, RFC 9110, section 8.4.1.2."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("X-GZip", gzip.compress),
        ("deflate", deflated),
        ("Deflate", without_header),
    ],
)
def test_compressed_body_is_read(
    cloud: DeliveryCloud, coding: str, pack: Callable[[bytes], bytes]
) -> None:
    for number in (1, 1_000):
        for source in ("plain", "mapped"):
            document = {**TEXT, "by": coding, "numbers": list(range(number))}
            packed = pack(as_json(document))
            event = request(source, packed, JSON, coding)
            assert outcome(cloud, event) == (200, document)


def test_compression_is_read_with_other_headers(cloud: DeliveryCloud) -> None:
    packed = gzip.compress(as_json({"name": "café"}, "cp1252"))
    typed = f"{JSON}; charset=windows-1252"
    event = request("mapped", packed, typed, "gzip, identity")
    assert outcome(cloud, event) == (200, {"name": "café"})
    for named in ("utf-8", "identity", "amz-1.0"):
        event = request("plain", as_json({"by": named}), JSON, named)
        assert outcome(cloud, event) == (200, {"by": named})


def test_changed_coding_changes_no_text(cloud: DeliveryCloud) -> None:
    """The header is not signed: whoever has one genuine request can change it."""
    typed = f"{JSON}; charset=windows-1252"
    for number, document in enumerate((TEXT, [TEXT], {"a": 1})):
        for body in (as_json([document, number]), as_json({"n": number, "a": document})):
            assert outcome(cloud, request("mapped", body, JSON, "deflate"))[0] == 200
    for body in (
        as_json(TEXT, "cp1252"),
        as_json([TEXT], "cp1252"),
        b"\n" + as_json(TEXT, "cp1252"),
    ):
        assert outcome(cloud, request("mapped", body, typed, "deflate")) == (415, None)
        assert outcome(cloud, request("mapped", body, typed))[0] == 200


def test_repetition_that_was_compressed_anew_is_a_duplicate(cloud: DeliveryCloud) -> None:
    """The time in the header of gzip differs."""
    for number, source in enumerate(("plain", "mapped")):
        packed = [gzip.compress(as_json(TEXT), mtime=moment) for moment in (1, 2)]
        events = [request(source, each, JSON, "gzip") for each in packed]
        assert len({answer.document["xactionId"] for answer in send(cloud, *events)}) == 1
        assert len(messages(cloud)) == number + 1


def test_damaged_or_hostile_compression_is_refused_at_once(cloud: DeliveryCloud) -> None:
    packed = gzip.compress(as_json({"a": "x" * 999}))
    flipped = packed[:-6] + bytes([packed[-6] ^ 1]) + packed[-5:]
    cases: list[tuple[bytes, str, int]] = [
        (packed[:-1], "gzip", 415),
        (packed + b"x", "gzip", 415),
        (flipped, "gzip", 415),
        (packed, "gzip, gzip", 415),
        (gzip.compress(packed), "gzip", 415),
        (packed, "br, gzip", 415),
        (b"\x1b\x00\xf8", "br", 415),
        (zlib.compress(as_json(TEXT))[:-1], "deflate", 415),
        (without_header(as_json(TEXT))[:-1], "deflate", 415),
        (without_header(as_json(TEXT)) + b"x", "deflate", 415),
        (without_header(b" " * 200_000_000), "deflate", 413),
        (gzip.compress(b"") * 200, "gzip", 415),
        (bomb(), "gzip", 413),
    ]
    for body, coding, status in cases:
        for source in ("plain", "mapped"):
            started = time.process_time()
            event = request(source, body, JSON, coding)
            assert outcome(cloud, event) == (status, None), (coding, len(body))
            assert time.process_time() - started < 2


def test_signature_of_the_uncompressed_body(cloud: DeliveryCloud) -> None:
    """As GetStream signs: https://github.com/GetStream/stream-node/pull/294."""
    declare(cloud, "stream", Scheme={**SIGNED, "UncompressedBody": "true"})
    body = as_json(TEXT)

    def compressed(packed: bytes) -> Response:
        headers = {**proof(body), "content-encoding": "gzip"}
        [answer] = send(cloud, http("stream", packed, headers))
        return answer

    assert compressed(gzip.compress(body)).status == 200
    assert compressed(gzip.compress(body, mtime=7)).status == 200
    assert [each["body"] for each in messages(cloud)] == [TEXT]
    assert compressed(gzip.compress(body + b" ")).status == 401
    assert compressed(gzip.compress(body)[:-1]).status == 401
    assert compressed(bomb()).status == 401
    assert outcome(cloud, request("stream", as_json({"a": 1}))) == (200, {"a": 1})
    wire = gzip.compress(body)
    assert outcome(cloud, request("stream", wire, "", "gzip")) == (401, None)
