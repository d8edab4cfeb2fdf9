"""Decode bodies in other character encodings than UTF-8.

A body that is valid UTF-8 is UTF-8, whatever its Content-Type says: the header is unsigned, so
a client with a captured request could have its text read differently. Other bodies need a charset
of the list below; a changed header can exchange their characters other than ASCII, with the one
after such a character in East Asian encodings, but neither names nor structure. The codecs of
Python are not used by name, since some of them are no encodings.
"""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Sequence
from typing import Final

from bridge.errors import UnsupportedBodyError

UTF8: Final = "utf-8"

# A parameter, not a part of another one, such as a boundary.
_CHARSET: Final = re.compile(r"(?:^|[;,\s])charset\s*=[\"'\s]*([^;,\"'\s]*)")
# Their second bytes can be a backslash.
_WITH_BACKSLASHES: Final = frozenset({"shift_jis", "cp932", "gbk", "gb18030", "big5"})


def codec_of(content_type: str) -> str:
    """Return the codec of the header's charset; empty if it has none.

    API Gateway joins repeated headers with a comma; the first one counts.

    Raises:
        UnsupportedBodyError: the charset is not supported.
    """
    found = _CHARSET.search(content_type.lower())
    label = found[1] if found else ""
    if not label:
        return ""
    return UTF8 if label == UTF8 else codec_named(label)


def codec_named(label: str) -> str:
    """Return the codec of a charset's label. Raises UnsupportedBodyError if it has none."""
    from bridge.bodies.charset_labels import CODECS  # noqa: PLC0415 (most senders use UTF-8)

    if codec := CODECS.get(label.strip().lower()):
        return codec
    raise UnsupportedBodyError("the charset of the body is not supported; UTF-8 always is")


def is_marked(body: bytes) -> bool:
    """Whether the first bytes are a byte order mark, or ASCII in UTF-16."""
    return body.startswith((BOM_UTF8, BOM_UTF16_LE, BOM_UTF16_BE)) or b"\0" in body[:2]


def unmarked(body: bytes) -> bytes:
    """Return a body for which `is_marked` is true in UTF-8, without the mark.

    Raises:
        UnsupportedBodyError: it is not in the encoding that it begins with.
    """
    if body.startswith(BOM_UTF8):
        return body[len(BOM_UTF8) :]
    if body.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return converted(body, "utf-16")
    return converted(body, "utf-16-be" if body[:1] == b"\0" else "utf-16-le")


def in_utf8(body: bytes, codec: str) -> bytes:
    r"""Return a text in UTF-8; the body itself if it is in UTF-8.

    Args:
        body: without a byte order mark.
        codec: of its charset, empty if it declares none. Text in an encoding whose characters may
            contain the byte of a backslash must not have such characters: which quotation marks
            are escaped would depend on the charset.

    Raises:
        UnsupportedBodyError: it is in neither.
    """
    if is_utf8(body):
        return body
    text = converted(body, codec)
    if codec in _WITH_BACKSLASHES and text.count(b"\\") != body.count(b"\\"):
        raise UnsupportedBodyError("the body has characters with a backslash; use UTF-8")
    return text


def is_utf8(body: bytes) -> bool:
    """Whether a body is valid UTF-8."""
    if body.isascii():
        return True
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def texts_of(values: Iterable[Sequence[bytes]], codec: str) -> list[tuple[str, ...]]:
    """Decode the names and values of a form: UTF-8 if all of them are, else by the codec.

    Raises:
        UnsupportedBodyError: they are in neither.
    """
    tuples = list(values)
    # A form is ASCII on the wire: in UTF-16, all its names and values would be others.
    for each in (UTF8, "" if codec.startswith("utf-16") else codec):
        try:
            return [tuple(value.decode(each) for value in values) for values in tuples]
        except (UnicodeDecodeError, LookupError):
            continue
    raise _undecodable(codec)


def converted(body: bytes, codec: str) -> bytes:
    """Return a body of this codec in UTF-8. Raises UnsupportedBodyError."""
    try:
        return body.decode(codec or UTF8).encode()
    except UnicodeError:
        raise _undecodable(codec) from None


def _undecodable(codec: str) -> UnsupportedBodyError:
    if codec in {"", UTF8}:
        return UnsupportedBodyError(
            "the body is not in UTF-8 and declares no other charset; set Charset"
        )
    return UnsupportedBodyError("the body is not in the charset that it declares")
