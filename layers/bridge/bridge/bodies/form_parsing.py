"""Parse forms: `application/x-www-form-urlencoded`, and the text fields of multipart forms."""

import binascii
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from bridge.bodies.charsets import codec_named, texts_of
from bridge.bodies.multipart import is_multipart, parts_of

type Field = tuple[bytes, bytes]
"""Name and value."""

# No provider sends more; parsing more would only cost time.
_MAX_FIELDS = 5_000
_MAX_MALFORMED = 1_000
_AS_QUOTED_PRINTABLE = bytes.maketrans(b"%+", b"= ")
_NO_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_QUOTED_PRINTABLE_ONLY = ((b"=", b"%3D"), (b"\r", b"%0D"), (b"\n", b"%0A"))


# The field in which a form names its charset: https://html.spec.whatwg.org/ and RFC 7578, 4.6.
_CHARSET = b"_charset_"


def form_texts(fields: Sequence[Field], codec: str) -> list[tuple[str, ...]]:
    """Decode names and values: UTF-8 if all are, else by the form's `_charset_`, else by the codec.

    Raises:
        UnsupportedBodyError: they are in none of these, or the charset is not supported.
    """
    named = next((value for name, value in fields if name == _CHARSET), b"")
    own = codec_named(named.decode("latin-1")) if named else ""
    return texts_of(fields, own or codec)


# Several extractors read the same form.
@lru_cache(maxsize=1)
def text_fields(body: bytes) -> tuple[Field, ...] | None:
    """Text fields of a form, whether it is multipart or not; None if it is not valid."""
    if not is_multipart(body):
        return form_fields(body)
    try:
        return tuple((part.name, part.value) for part in parts_of(body) if part.filename is None)
    except ValueError:
        return None


# As above.
@lru_cache(maxsize=1)
def form_fields(body: bytes) -> tuple[tuple[bytes, bytes], ...] | None:
    """Decoded names and values of a form-encoded body; None when it exceeds a limit.

    The limits are 5,000 fields and 1,000 `%` that do not begin an escape: no encoder writes
    them, and each costs time.
    """
    encoded = body.split(b"&", _MAX_FIELDS)
    if len(encoded) > _MAX_FIELDS:
        return None
    fields = _decoded_fields(encoded)
    if fields is None:
        body, malformed = _NO_ESCAPE.subn(b"%25", body, _MAX_MALFORMED + 1)
        fields = None if malformed > _MAX_MALFORMED else _decoded_fields(body.split(b"&"))
    return fields


def _decoded_fields(encoded: Sequence[bytes]) -> tuple[tuple[bytes, bytes], ...] | None:
    """Names and values of a form; None if a `%` does not begin an escape."""
    decoded = []
    for field in encoded:
        if field:
            name, _, text = field.partition(b"=")
            pair = (_unquoted(name), _unquoted(text))
            if pair[0] is None or pair[1] is None:
                return None
            decoded.append((pair[0], pair[1]))
    return tuple(decoded)


def _unquoted(text: bytes) -> bytes | None:
    """A name or value of a form without percent-encoding; None if a `%` does not begin an escape.

    `unquote_to_bytes` runs Python code for each `%`: 1.7 s for 4 MB of them. Quoted-printable
    differs only in the escape character and has a decoder in C. Its own escape characters and
    line breaks are escaped first. Decoding an escape removes two bytes; decoding anything else
    that begins with the escape character removes fewer.
    """
    if b"%" not in text:
        return text.replace(b"+", b" ")
    for plain, escaped in _QUOTED_PRINTABLE_ONLY:
        text = text.replace(plain, escaped)
    decoded = binascii.a2b_qp(text.translate(_AS_QUOTED_PRINTABLE))
    return decoded if len(text) - len(decoded) == 2 * text.count(b"%") else None


def fields_by_name(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """The document of a form's fields; the values of a repeated name are a list."""
    document: dict[str, Any] = {}
    for name, value in pairs:
        if name not in document:
            document[name] = value
        elif isinstance(document[name], list):
            document[name].append(value)
        else:
            document[name] = [document[name], value]
    return document
