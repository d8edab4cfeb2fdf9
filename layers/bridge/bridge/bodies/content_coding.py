"""Decompress bodies: gzip and deflate (RFC 9110, section 8.4.1).

Content-Encoding is unsigned, so the bytes of a body count: no JSON, form or XML begins as a gzip or
zlib stream does, and both end in a checksum. Deflate without zlib's header and checksum, which RFC
9110 mentions as a common mistake, is read from bytes that are not UTF-8 only; of a text in another
encoding, a bracket decompresses to no beginning of JSON, and `<?` to nothing. So a changed header
can only have the request refused.
"""

import zlib
from typing import Final

from bridge.bodies.charsets import is_utf8
from bridge.errors import BodyTooLargeError, UnsupportedBodyError

_GZIP: Final = b"\x1f\x8b"
# Of zlib's `wbits`: a gzip stream, and a zlib stream, which HTTP calls deflate.
_GZIP_STREAM: Final = 31
_ZLIB_STREAM: Final = 15
_DEFLATED_DATA: Final = -15
_UNSUPPORTED: Final = ("br", "zstd", "compress", "x-compress")
_COMPRESSIONS: Final = frozenset({"gzip", "x-gzip", "deflate", *_UNSUPPORTED})
# RFC 1952 lets a file have several members. Each costs a copy of what follows it.
_MOST_MEMBERS: Final = 100


def decompressed(body: bytes, content_encoding: str, limit: int) -> bytes:
    """Return a body without its compression, or the body itself if it has none.

    Args:
        body: the bytes on the wire.
        content_encoding: the header. Values that name no compression, such as `identity` and the
            `utf-8` that some senders write there, are ignored.
        limit: of the result, in bytes; no more memory is used.

    Raises:
        UnsupportedBodyError: it has another compression or several, is truncated or damaged, or is
            followed by other data.
        BodyTooLargeError: the result exceeds the limit.
    """
    named = [coding.strip() for coding in content_encoding.lower().split(",")]
    codings = [coding for coding in named if coding in _COMPRESSIONS]
    if len(codings) > 1:
        raise UnsupportedBodyError("the body has several content codings; one is supported")
    if body.startswith(_GZIP):
        return _inflated(body, _GZIP_STREAM, limit)
    if codings == ["deflate"] and _begins_as_zlib(body):
        return _inflated(body, _ZLIB_STREAM, limit)
    if codings == ["deflate"] and not is_utf8(body):
        return _inflated(body, _DEFLATED_DATA, limit)
    if codings and codings[0] in _UNSUPPORTED:
        raise UnsupportedBodyError(
            f"Content-Encoding {codings[0]} is not supported; gzip and deflate are"
        )
    return body


def _begins_as_zlib(body: bytes) -> bool:
    """Whether the first two bytes are a header of a zlib stream (RFC 1950, section 2.2)."""
    return len(body) > 1 and body[0] & 0x0F == zlib.DEFLATED and (body[0] * 256 + body[1]) % 31 == 0


def _inflated(body: bytes, stream: int, limit: int) -> bytes:
    pieces: list[bytes] = []
    left, room = body, limit
    for _ in range(_MOST_MEMBERS):
        unpacking = zlib.decompressobj(stream)
        try:
            piece = unpacking.decompress(left, room + 1)
        except zlib.error:
            raise UnsupportedBodyError("the compressed body is damaged") from None
        if len(piece) > room:
            raise BodyTooLargeError(f"the decompressed body is over {limit} bytes")
        if not unpacking.eof:
            raise UnsupportedBodyError("the compressed body is truncated")
        pieces.append(piece)
        left, room = unpacking.unused_data, room - len(piece)
        if not left:
            return b"".join(pieces)
        if stream != _GZIP_STREAM or not left.startswith(_GZIP):
            raise UnsupportedBodyError("the compressed body is followed by other data")
    raise UnsupportedBodyError(f"the compressed body has over {_MOST_MEMBERS} members")
