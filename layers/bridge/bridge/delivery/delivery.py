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
from datetime import datetime
from typing import Any, Literal

DELIVERY_VERSION = 3

# SQS charges in steps of 64 KiB (Amazon SQS pricing): below this nothing is saved.
_COMPRESS_FROM = 48_000
# What SendMessage does not take, of what is UTF-8 (Amazon SQS API reference).
_NOT_FOR_SQS = re.compile(r"[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")

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
            if document["version"] != DELIVERY_VERSION:
                raise ValueError(f"not a delivery of version {DELIVERY_VERSION}")
            texts: dict[str, Any] = {name: document[name] for name in _TEXTS}
            times: dict[str, Any] = {
                name: datetime.fromisoformat(document[name]) for name in _TIMES
            }
            attempts, sent_at = document["attempts"], document.get("sent_at")
            headers = document.get("headers", {})
            if not (
                all(isinstance(text, str) for text in texts.values())
                and all(time.tzinfo for time in times.values())
                and isinstance(attempts, int)
                and isinstance(headers, dict)
            ):
                raise ValueError("not a delivery: a field has the wrong form")
            return cls(
                **texts,
                **times,
                body=_decoded(document["encoding"], content),
                sent_at=datetime.fromisoformat(sent_at) if sent_at else None,
                attempts=attempts,
                headers=headers,
            )
        except (KeyError, TypeError, RecursionError, zlib.error) as exc:
            # The chain is cut: its message could quote the body.
            raise ValueError(f"not a delivery: {type(exc).__name__}") from None


def _encoded(body: bytes) -> tuple[_Encoding, str]:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return "base64", base64.b64encode(body).decode()
    if _NOT_FOR_SQS.search(text):
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
            return zlib.decompress(base64.b64decode(content, validate=True))
        case _:
            raise ValueError("not a delivery: unknown encoding")
