"""The readable content of a body: decompressed, without a byte order mark.

Verification reads the bytes on the wire; everything else reads this.
"""

from functools import lru_cache
from typing import Final, NamedTuple

from bridge.bodies.charsets import UTF8, codec_of, is_marked, unmarked
from bridge.errors import BodyTooLargeError, UnsupportedBodyError, WebhookRejectedError

MAX_BODY_BYTES: Final = 1_000_000
"""The inlet accepts no larger messages, so larger bodies are rejected for every source."""

# The first bytes of a byte order mark, of UTF-16 and of a gzip stream.
_SPECIAL: Final = (b"\xef", b"\xfe", b"\xff", b"\0", b"\x1f")


class BodyContent(NamedTuple):
    """The content of a body.

    Attributes:
        content: UTF-8 if the body begins with a byte order mark or with UTF-16, else in the
            sender's encoding; empty if it cannot be read.
        codec: for content that is not UTF-8; empty if Content-Type declares none.
        is_utf8: the first bytes of the body say so, whatever an XML declaration says.
        refusal: why the body cannot be read.
    """

    content: bytes
    codec: str = ""
    is_utf8: bool = False
    refusal: tuple[type[WebhookRejectedError], str] | None = None


def body_content(body: bytes, content_type: str = "", content_encoding: str = "") -> BodyContent:
    """Return the content of a body. Never raises; see `readable_content`.

    Args:
        body: the bytes on the wire.
        content_type: the header, for its charset.
        content_encoding: the header.
    """
    if needs_no_headers(content_type, content_encoding) and not (
        body.startswith(_SPECIAL) or body[1:2] == b"\0"
    ):
        return BodyContent(body)
    return _read(body, content_type, content_encoding)


def readable_content(
    body: bytes, content_type: str = "", content_encoding: str = ""
) -> BodyContent:
    """As `body_content`. Raises UnsupportedBodyError or BodyTooLargeError if it cannot be read."""
    content = body_content(body, content_type, content_encoding)
    if content.refusal:
        kind, reason = content.refusal
        raise kind(reason)
    return content


@lru_cache(maxsize=64)
def needs_no_headers(content_type: str, content_encoding: str) -> bool:
    """Whether the headers say nothing about a body that is not said by its bytes."""
    if content_encoding:
        return False
    try:
        return codec_of(content_type) in {"", UTF8}
    except UnsupportedBodyError:
        return False


# Several extractors read the same body, and its routes.
@lru_cache(maxsize=2)
def _read(body: bytes, content_type: str, content_encoding: str) -> BodyContent:
    from bridge.bodies.content_coding import decompressed  # noqa: PLC0415 (few senders compress)

    try:
        codec = codec_of(content_type)
        content = decompressed(body, content_encoding, MAX_BODY_BYTES)
        if is_marked(content):
            return BodyContent(unmarked(content), is_utf8=True)
    except (UnsupportedBodyError, BodyTooLargeError) as exc:
        return BodyContent(b"", refusal=(type(exc), str(exc)))
    return BodyContent(content, "" if codec == UTF8 else codec)
