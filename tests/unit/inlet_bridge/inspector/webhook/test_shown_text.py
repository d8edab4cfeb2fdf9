"""Bodies on a page are readable and bounded, and their numbers are as they came."""

import gzip
from datetime import UTC, datetime

import pytest

from bridge.delivery.delivery import Delivery
from inlet_bridge.inspector.webhook.shown_text import MOST_CHARACTERS, shown_body, shown_bytes


def test_json_is_indented_and_numbers_stay() -> None:
    shown = shown_bytes(b'{"a":1.50,"b":[1e400,-0,"\xc3\xa9"],"c":{}}')

    assert shown.text == (
        '{\n  "a": 1.50,\n  "b": [\n    1e400,\n    -0,\n    "é"\n  ],\n  "c": {}\n}'
    )
    assert (shown.size, shown.is_truncated) == (37, False)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 900 + b",".join([b"0"] * 300_000) + b"]" * 900,
        b"[" * 5_000 + b"]" * 5_000,
        b'{"a": "' + b"x" * 900_000 + b'"}',
        b"\xff" * 900_000,
        b"<a>" * 300_000,
    ],
    ids=["deep list", "nested", "long text", "binary", "xml"],
)
def test_any_body_is_bounded(body: bytes) -> None:
    shown = shown_bytes(body)

    assert len(shown.text) <= MOST_CHARACTERS
    assert shown.size == len(body)


def test_compressed_body_is_shown_in_its_charset() -> None:
    at = datetime(2026, 11, 29, tzinfo=UTC)
    body = gzip.compress('{"a":"café"}'.encode("cp1252"))
    typed = "application/json; charset=windows-1252"
    delivery = Delivery("github", "d", "id:d", "", "", at, at, body)
    delivery = delivery._replace(kind="received", content_type=typed)

    assert shown_body(delivery).text == '{\n  "a": "café"\n}'
    broken = delivery._replace(content_encoding="gzip", body=b"no gzip")
    assert shown_body(broken).text == "no gzip"
