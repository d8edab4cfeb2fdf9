"""A delivery in its buffered form: one webhook, as verified, and the flow it takes.

A line of JSON about the delivery, then its body: as text where it can be, so that a body of the
inlet's bound (1 MB) fits a message of SQS (1 MiB), and compressed where that makes it cheaper.
"""

import base64
import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal

DELIVERY_VERSION = 3

PAUSED_DELAY: Final = timedelta(minutes=5)
"""After which a buffered delivery of a paused source is checked again. SQS allows up to 15 min."""

# SQS charges in steps of 64 KiB (Amazon SQS pricing): below this nothing is saved.
_COMPRESS_FROM = 48_000
# What SendMessage does not take, of what is UTF-8 (Amazon SQS API reference).
NOT_FOR_SQS = re.compile(r"[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")

_MOST_ATTEMPTS = 10**9
# Sixteen times what SQS takes in one message.
_MOST_BODY_BYTES = 16 * 1_048_576

type _Encoding = Literal["text", "base64", "zlib+base64"]

_TEXTS = ("source", "delivery_id", "key", "event_type", "flow")
_TIMES = ("received_at", "buffered_at")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One webhook on its way.

    Attributes:
        delivery_id: the provider's own where it gives one, else a hash; for people.
        key: under which it is deduplicated, see `bridge.deduplication`.
        flow: name of the flow; its id is looked up when it is sent, so a replaced flow is found.
        buffered_at: since when it is tried; a redrive begins anew.
        body: as received, without what is private; one event of those that came together.
        sent_at: the sender's own time, where it gives one.
        attempts: how often it was taken from the buffer in earlier messages.
        headers: those that the source's routes read.
    """

    source: str
    delivery_id: str
    key: str
    event_type: str
    flow: str
    received_at: datetime
    buffered_at: datetime
    body: bytes
    sent_at: datetime | None = None
    attempts: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)

    def encode(self) -> str:
        """The text that waits in the buffer; `decode` reads it back to an equal delivery."""
        encoding, content = _encoded(self.body)
        about = json.dumps(
            {
                "version": DELIVERY_VERSION,
                "source": self.source,
                "delivery_id": self.delivery_id,
                "key": self.key,
                "event_type": self.event_type,
                "flow": self.flow,
                "received_at": self.received_at.isoformat(),
                "buffered_at": self.buffered_at.isoformat(),
                "sent_at": self.sent_at and self.sent_at.isoformat(),
                "attempts": self.attempts,
                "headers": dict(self.headers),
                "encoding": encoding,
            },
            separators=(",", ":"),
        )
        return f"{about}\n{content}"

    @classmethod
    def decode(cls, text: str) -> "Delivery":
        """Read what `encode` wrote.

        Raises:
            ValueError: the text is no delivery of this version.
        """
        try:
            about, _, content = text.partition("\n")
            document = json.loads(about)
            if document["version"] != DELIVERY_VERSION or not _is_well_formed(document):
                raise ValueError("a field has the wrong form")  # noqa: TRY301
            texts: dict[str, Any] = {name: document[name] for name in _TEXTS}
            times: dict[str, Any] = {
                name: datetime.fromisoformat(document[name]) for name in _TIMES
            }
            if not all(time.tzinfo for time in times.values()):
                raise ValueError("a time has no zone")  # noqa: TRY301
            sent_at = document.get("sent_at")
            return cls(
                **texts,
                **times,
                body=_decoded(document["encoding"], content),
                sent_at=datetime.fromisoformat(sent_at) if sent_at else None,
                attempts=document["attempts"],
                headers=document.get("headers", {}),
            )
        except (KeyError, TypeError, ValueError, RecursionError, zlib.error) as exc:
            # The chain is cut: its message could quote the body.
            raise ValueError(f"not a delivery: {type(exc).__name__}") from None


def _is_well_formed(document: Mapping[str, Any]) -> bool:
    """Whether the fields of a delivery have the types that it says."""
    headers = document.get("headers", {})
    return (
        all(isinstance(document[name], str) for name in _TEXTS)
        and type(document["attempts"]) is int
        and 0 <= document["attempts"] < _MOST_ATTEMPTS
        and isinstance(headers, dict)
        and all(isinstance(text, str) for text in headers.values())
    )


def _encoded(body: bytes) -> tuple[_Encoding, str]:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return "base64", base64.b64encode(body).decode()
    if NOT_FOR_SQS.search(text):
        return "base64", base64.b64encode(body).decode()
    if len(body) >= _COMPRESS_FROM:
        packed = base64.b64encode(zlib.compress(body)).decode()
        if len(packed) < len(body):
            return "zlib+base64", packed
    return "text", text


def _decoded(encoding: _Encoding, content: str) -> bytes:
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
    """What `zlib.compress` packed, unless that is more than any message of ours ever was."""
    unpacking = zlib.decompressobj()
    body = unpacking.decompress(packed, _MOST_BODY_BYTES)
    if not unpacking.eof:
        raise ValueError("cut off, or too large")
    return body
