"""The buffered form of a delivery: one verified webhook and its flow.

One line of JSON metadata, then the body: as text if possible, so that the inlet's maximum (1 MB)
fits an SQS message (1 MiB), and compressed if that is cheaper.
"""

import base64
import json
import re
import zlib
from collections.abc import Mapping
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

type _Encoding = Literal["text", "base64", "zlib+base64"]

type BodyKind = Literal["json", "received", "document", "event"]
"""What the body of a delivery is.

`json`: as received, JSON in UTF-8. `received`: as received, in any other form; it is read by the
source's current settings. `document`: JSON of the bridge, because data was redacted or omitted.
`event`: one event of a split webhook, as JSON.
"""
_KINDS: Final = frozenset({"json", "received", "document", "event"})

MAX_ENCODED_BODY: Final = 1_000_000
"""Bytes of an encoded body in the queue, which leaves 48 kB of a message for the rest."""

_TEXTS = ("source", "delivery_id", "key", "event_type", "flow")
_TIMES = ("received_at", "buffered_at")
_READING = ("content_type", "content_encoding")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery of a webhook to a flow.

    Attributes:
        delivery_id: the provider's id if there is one, else a hash; for display.
        key: the idempotency key, see `bridge.deduplication`.
        flow: the name of the flow; its id is resolved when the message is sent.
        buffered_at: the start of the retry period; a redrive resets it.
        body: see `kind`.
        sent_at: the sender's timestamp, if there is one.
        attempts: how often it was tried in earlier messages.
        headers: the headers that the source's routes read.
        query: the query parameters that they read; a list for a repeated name.
        not_before: the earliest next attempt, if one failed.
        sends: how often it was sent to the buffer again; its first message has 0.
        kind: of the body.
        content_type, content_encoding: the headers that reading a `received` body needs.
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
    kind: BodyKind = "json"
    content_type: str = ""
    content_encoding: str = ""
    query: Mapping[str, str | list[str]] = field(default_factory=dict)

    def encode(self) -> str:
        """Encode the delivery for the buffer; `decode` returns an equal one."""
        encoding, content = _encoded(self.body)
        reading = {} if self.kind == "json" else self._reading()
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
                **({"query": dict(self.query)} if self.query else {}),
                **reading,
                "encoding": encoding,
            }
        )
        return f"{about}\n{content}"

    def _reading(self) -> dict[str, str]:
        """The members that only some kinds of bodies have."""
        texts = {name: getattr(self, name) for name in _READING}
        return {"kind": self.kind, **{name: text for name, text in texts.items() if text}}

    @classmethod
    def decode(cls, text: str) -> "Delivery":
        """Decode an encoded delivery.

        Raises:
            ValueError: the text is not a delivery of this version.
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
            not_before = _time(document.get("not_before"))
            if not all(time.tzinfo for time in (*times.values(), not_before) if time):
                raise ValueError("a time has no zone")  # noqa: TRY301
            return cls(
                **texts,
                **times,
                body=_decoded(document["encoding"], content),
                sent_at=_time(document.get("sent_at")),
                attempts=document["attempts"],
                headers=document.get("headers", {}),
                query=document.get("query", {}),
                not_before=not_before,
                sends=document.get("sends", 0),
                kind=document.get("kind", "json"),
                **{name: document.get(name, "") for name in _READING},
            )
        except (KeyError, TypeError, ValueError, RecursionError, zlib.error) as exc:
            # `from None`: the message of the cause could quote the body.
            raise ValueError(f"not a delivery: {type(exc).__name__}") from None


@cache
def not_for_sqs() -> re.Pattern[str]:
    """The characters that SendMessage rejects (Amazon SQS API reference).

    Compiled on first use, since a delivered webhook is not buffered. A set of the characters that
    are accepted takes ten times as long to compile.
    """
    return re.compile(r"[\x00-\x08\x0B\x0C\x0E-\x1F\uD800-\uDFFF\uFFFE\uFFFF]")


def _is_well_formed(document: Mapping[str, Any]) -> bool:
    """Whether the fields of an encoded delivery have the right types."""
    headers, query = document.get("headers", {}), document.get("query", {})
    return (
        all(isinstance(document[name], str) for name in _TEXTS)
        and all(_is_count(number) for number in (document["attempts"], document.get("sends", 0)))
        and document.get("kind", "json") in _KINDS
        and all(isinstance(document.get(name, ""), str) for name in _READING)
        and isinstance(headers, dict)
        and all(isinstance(text, str) for text in headers.values())
        and isinstance(query, dict)
        and all(_is_text_or_texts(value) for value in query.values())
    )


def _is_text_or_texts(value: object) -> bool:
    if isinstance(value, list):
        return all(isinstance(text, str) for text in value)
    return isinstance(value, str)


def _is_count(number: object) -> bool:
    return type(number) is int and 0 <= number < _MOST_ATTEMPTS


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def fits_queue(body: bytes) -> bool:
    """Whether a body fits a message of the queue."""
    if len(body) * 4 // 3 < MAX_ENCODED_BODY:  # As base64.
        return True
    if _text(body) is not None:
        return len(body) <= MAX_ENCODED_BODY
    return len(_encoded(body)[1]) <= MAX_ENCODED_BODY


def _encoded(body: bytes) -> tuple[_Encoding, str]:
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


def _text(body: bytes) -> str | None:
    """The body as a text that SQS accepts; None if it is none."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    return None if not_for_sqs().search(text) else text


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
