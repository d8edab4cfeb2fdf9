"""The buffered form of a delivery: one verified webhook and its flow.

One line of JSON metadata, then the body: as text if possible, so that the inlet's maximum (1 MB)
fits an SQS message (1 MiB), and compressed if that is cheaper.
"""

import base64
import json
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final, Literal

DELIVERY_VERSION = 3

LONGEST_DELAY: Final = timedelta(minutes=5)
"""Of one message of the buffer. SQS delays by 15 minutes at most; a resumed source or a flow that
is ready earlier is noticed after this time."""

# SQS bills in units of 64 KiB (Amazon SQS pricing): compressing smaller bodies saves nothing.
_COMPRESS_FROM = 48_000
_MOST_ATTEMPTS = 10**9
# Sixteen times the maximum of an SQS message.
_MOST_BODY_BYTES = 16 * 1_048_576

# `json.dumps` would make an encoder for each message.
_JSON = json.JSONEncoder(separators=(",", ":"))
_METADATA = json.JSONDecoder()

type _Encoding = Literal["text", "base64", "zlib+base64"]

_TEXTS = ("source", "delivery_id", "key", "event_type", "flow")
_ONLY_TEXT = frozenset({str})
# What `decode` meets in a text that is not a delivery.
_MALFORMED = (AttributeError, LookupError, TypeError, ValueError, RecursionError, zlib.error)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery of a webhook to a flow.

    Attributes:
        delivery_id: the provider's id if there is one, else a hash; for display.
        key: the idempotency key, see `bridge.deduplication`.
        flow: the name of the flow; its id is resolved when the message is sent.
        buffered_at: the start of the retry period; a redrive resets it.
        body: as received, without redacted data; one event of a split webhook.
        sent_at: the sender's timestamp, if there is one.
        attempts: how often it was tried in earlier messages.
        headers: the headers that the source's routes read.
        not_before: the earliest next attempt, if one failed.
        sends: how often it was sent to the buffer again; its first message has 0.
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
    not_before: datetime | None = None
    sends: int = 0

    def encode(self) -> str:
        """Encode the delivery for the buffer; `decode` returns an equal one."""
        encoding, content = _encoded(self.body)
        about = _JSON.encode(
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
                "not_before": self.not_before and self.not_before.isoformat(),
                "sends": self.sends,
                "headers": dict(self.headers),
                "encoding": encoding,
            }
        )
        return f"{about}\n{content}"

    @classmethod
    def decode(cls, text: str) -> "Delivery":
        """Decode an encoded delivery.

        Raises:
            ValueError: the text is not a delivery of this version.
        """
        try:
            document, end = _METADATA.raw_decode(text)
            if document["version"] != DELIVERY_VERSION or text[end] != "\n":
                raise ValueError("another version")  # noqa: TRY301
            source, delivery_id, key, event_type, flow = _texts(map(document.__getitem__, _TEXTS))
            headers = document.get("headers", {})
            _texts(headers.values())
            not_before = document.get("not_before")
            return cls(
                source,
                delivery_id,
                key,
                event_type,
                flow,
                received_at=_zoned(document["received_at"]),
                buffered_at=_zoned(document["buffered_at"]),
                body=_decoded(document["encoding"], text[end + 1 :]),
                sent_at=_time(document.get("sent_at")),
                attempts=_count(document["attempts"]),
                headers=headers,
                not_before=_zoned(not_before) if not_before else None,
                sends=_count(document.get("sends", 0)),
            )
        except (
            AttributeError,
            LookupError,
            TypeError,
            ValueError,
            RecursionError,
            zlib.error,
        ) as exc:
            # `from None`: the message of the cause could quote the body.
            raise ValueError(f"not a delivery: {type(exc).__name__}") from None


@cache
def not_for_sqs() -> re.Pattern[str]:
    """The characters that SendMessage rejects (Amazon SQS API reference).

    Compiled on first use, since a delivered webhook is not buffered. A set of the characters that
    are accepted takes ten times as long to compile.
    """
    return re.compile(r"[\x00-\x08\x0B\x0C\x0E-\x1F\uD800-\uDFFF\uFFFE\uFFFF]")


def _texts(values: Iterable[Any]) -> list[str]:
    """The values, which must all be texts. Raises TypeError."""
    texts = list(values)
    if not set(map(type, texts)) <= _ONLY_TEXT:
        raise TypeError("not a text")
    return texts


def _count(number: Any) -> int:
    """The number, which must be a count. Raises ValueError."""
    if type(number) is int and 0 <= number < _MOST_ATTEMPTS:
        return number
    raise ValueError("not a count")


def _zoned(text: str) -> datetime:
    """A time, which must have a zone. Raises TypeError and ValueError."""
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError("a time has no zone")
    return time


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _encoded(body: bytes) -> tuple[_Encoding, str]:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return "base64", base64.b64encode(body).decode()
    if not_for_sqs().search(text):
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
    """Decompress a body, up to a limit that no valid body reaches."""
    unpacking = zlib.decompressobj()
    body = unpacking.decompress(packed, _MOST_BODY_BYTES)
    if not unpacking.eof:
        raise ValueError("truncated, or too large")
    return body
