"""Parse `multipart/form-data` (RFC 7578).

The boundary is the first line of the body. That of Content-Type is ignored: the header is
unsigned, and with another boundary a signed body would have other fields.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple
from urllib.parse import unquote_to_bytes

from bridge.bodies.charsets import UTF8, codec_named, codec_of, converted, is_utf8
from bridge.errors import UnsupportedBodyError

_MOST_PARTS: Final = 1_000
_MOST_HEADER_BYTES: Final = 4_096
_HEADERS_END: Final = b"\r\n\r\n"
# RFC 2046, section 5.1.1: a boundary has 70 characters at most. A form has no text before it.
_BEGINNING: Final = re.compile(
    rb"(?:\r\n)*(--[^\r\n]{1,70}?)[ \t]*\r\n(?=content-[a-z-]{1,30}[ \t]*:)", re.IGNORECASE
)
_PARAMETER: Final = re.compile(
    r';\s*([a-z*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;"\s]*))', re.IGNORECASE
)
# Charset, language and value, RFC 8187, section 3.2.1. RFC 7578 forbids it in forms, but libraries
# write names and filenames other than ASCII so, beside the plain ones or in their place.
_EXTENDED: Final = re.compile(r"([A-Za-z0-9_.:-]+)'[A-Za-z0-9-]*'(.*)")
# What browsers escape in names: https://html.spec.whatwg.org/#multipart-form-data
_ESCAPES: Final = (('\\"', '"'), ("%22", '"'), ("%0D", "\r"), ("%0A", "\n"))


class Part(NamedTuple):
    """One field of a form.

    Attributes:
        value: in UTF-8 if it is the text of a part with a charset of its own.
        filename: None for a text field.
        content_type: of a file; empty if it declares none.
    """

    name: bytes
    value: bytes
    filename: bytes | None = None
    content_type: str = ""


def is_multipart(body: bytes) -> bool:
    """Whether a body begins with a boundary and the headers of a part."""
    return body.startswith((b"--", b"\r\n")) and _BEGINNING.match(body) is not None


def parts_of(body: bytes) -> list[Part]:
    """Return the parts of a form.

    Raises:
        ValueError: it is malformed or truncated, or has over 1,000 parts or 4 KiB of headers in
            one of them.
    """
    beginning = _BEGINNING.match(body)
    if beginning is None:
        raise ValueError("does not begin with a boundary")
    delimiter = b"\r\n" + beginning[1]
    first, *rest = (b"\r\n" + body).split(delimiter, _MOST_PARTS + 2)
    if first.strip(b"\r\n") or len(rest) > _MOST_PARTS + 1:
        raise ValueError("has too many parts")
    *parts, end = rest
    if not end.startswith(b"--") or end[2:].strip():
        raise ValueError("is truncated or followed by other data")
    return list(_parsed(parts))


def _parsed(parts: list[bytes]) -> Iterator[Part]:
    for part in parts:
        end = part.find(_HEADERS_END, 0, _MOST_HEADER_BYTES)
        line_end = part.partition(b"\r\n")[0]
        if end < 0 or line_end.strip(b" \t"):
            raise ValueError("has a part without headers, or with too long ones")
        headers = _headers(part[:end])
        kind, *_ = headers.get("content-disposition", "").partition(";")
        parameters = _parameters(headers.get("content-disposition", ""))
        name = _parameter(parameters, "name")
        if kind.strip().lower() != "form-data" or name is None:
            raise ValueError("has a part without a name")
        if headers.get("content-transfer-encoding", "8bit").lower() not in _PLAIN:
            raise ValueError("has a part in a transfer encoding")
        filename = _parameter(parameters, "filename")
        content_type = headers.get("content-type", "")
        value = part[end + len(_HEADERS_END) :]
        yield Part(
            name=name,
            value=_text(value, content_type) if filename is None else value,
            filename=filename,
            content_type=content_type,
        )


def _text(value: bytes, content_type: str) -> bytes:
    """The value in UTF-8 if the part declares another charset, else as it is."""
    try:
        codec = codec_of(content_type)
        return value if codec in {"", UTF8} or is_utf8(value) else converted(value, codec)
    except UnsupportedBodyError:
        return value


_PLAIN: Final = frozenset({"7bit", "8bit", "binary"})


def _headers(block: bytes) -> dict[str, str]:
    """Headers by name in lower case; as Latin-1, so that `_bytes` returns the same bytes."""
    lines = block.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    return {name.strip().lower(): text.strip() for name, _, text in pairs}


def _parameters(disposition: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, quoted, plain in _PARAMETER.findall(disposition):
        found.setdefault(name.lower(), quoted or plain)
    return found


def _parameter(parameters: Mapping[str, str], name: str) -> bytes | None:
    """The value of `name*` in UTF-8 if it can be read, else that of `name`; None without both."""
    extended = parameters.get(f"{name}*")
    if extended is not None and (found := _EXTENDED.fullmatch(extended)):
        try:
            return converted(unquote_to_bytes(found[2]), codec_named(found[1]))
        except UnsupportedBodyError:
            pass
    text = parameters.get(name, extended)
    return None if text is None else _bytes(text)


def _bytes(text: str) -> bytes:
    for escape, character in _ESCAPES:
        text = text.replace(escape, character)
    return text.encode("latin-1")
