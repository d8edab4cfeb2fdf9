"""The body of a delivery in the buffer: a text if possible, compressed if that is cheaper."""

import base64
import re
import zlib
from functools import cache
from typing import Final, Literal

type Encoding = Literal["text", "base64", "zlib+base64"]

MAX_ENCODED_BODY: Final = 1_000_000
"""Bytes of an encoded body in the queue, which leaves 48 kB of a message for the rest."""

# SQS bills in units of 64 KiB (Amazon SQS pricing): compressing smaller bodies saves nothing.
_COMPRESS_FROM: Final = 48_000
# Sixteen times the maximum of an SQS message.
_MOST_BODY_BYTES: Final = 16 * 1_048_576


@cache
def not_for_sqs() -> re.Pattern[str]:
    """The characters that SendMessage rejects (Amazon SQS API reference).

    Compiled on first use, since a delivered webhook is not buffered. A set of the characters that
    are accepted takes ten times as long to compile.
    """
    return re.compile(r"[\x00-\x08\x0B\x0C\x0E-\x1F\uD800-\uDFFF\uFFFE\uFFFF]")


def fits_queue(body: bytes) -> bool:
    """Whether a body fits a message of the queue."""
    if len(body) * 4 // 3 < MAX_ENCODED_BODY:  # As base64.
        return True
    if _text(body) is not None:
        return len(body) <= MAX_ENCODED_BODY
    return len(encoded_body(body)[1]) <= MAX_ENCODED_BODY


def encoded_body(body: bytes) -> tuple[Encoding, str]:
    """Encode a body; `decoded_body` is the inverse."""
    text = _text(body)
    if text is not None and len(body) < _COMPRESS_FROM:
        return "text", text
    if text is None and len(body) < _COMPRESS_FROM:
        return "base64", base64.b64encode(body).decode()
    packed = base64.b64encode(zlib.compress(body)).decode()
    if text is not None:
        return ("zlib+base64", packed) if len(packed) < len(body) else ("text", text)
    plain = base64.b64encode(body).decode()
    return ("zlib+base64", packed) if len(packed) < len(plain) else ("base64", plain)


def uncompressed_body(body: bytes) -> tuple[Encoding, str]:
    """Encode a body that is compressed together with its metadata."""
    text = _text(body)
    return ("base64", base64.b64encode(body).decode()) if text is None else ("text", text)


def _text(body: bytes) -> str | None:
    """The body as a text that SQS accepts; None if it is none."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    return None if not_for_sqs().search(text) else text


def decoded_body(encoding: Encoding, content: str) -> bytes:
    """Decode a body.

    Raises:
        ValueError, zlib.error: the content is not in this encoding.
    """
    match encoding:
        case "text":
            return content.encode()
        case "base64":
            return base64.b64decode(content, validate=True)
        case "zlib+base64":
            return _unpacked(base64.b64decode(content, validate=True))
        case _:
            raise ValueError("unknown encoding")


def _unpacked(packed: bytes) -> bytes:
    """Decompress a body, up to a limit that no valid body reaches."""
    unpacking = zlib.decompressobj()
    body = unpacking.decompress(packed, _MOST_BODY_BYTES)
    if not unpacking.eof:
        raise ValueError("truncated, or too large")
    return body
