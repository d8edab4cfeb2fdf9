"""The buffered form of a delivery: one verified webhook and its flow.

One line of JSON metadata, then the body: as text if possible, so that the inlet's maximum (1 MB)
fits an SQS message (1 MiB), and compressed if that is cheaper.
"""

import json
import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Literal, NamedTuple

from bridge.delivery.body_encoding import decoded_body, encoded_body, uncompressed_body

DELIVERY_VERSION = 3

LONGEST_DELAY: Final = timedelta(minutes=5)
"""Of one message of the buffer. SQS delays by 15 minutes at most; a resumed source or a flow that
is ready earlier is noticed after this time."""

_MOST_ATTEMPTS = 10**9

# `json.dumps` would make an encoder for each message.
_JSON = json.JSONEncoder(separators=(",", ":"))
_DECODER: Final = json.JSONDecoder()

type BodyKind = Literal["json", "received", "document", "event"]
"""What the body of a delivery is.

`json`: as received, JSON in UTF-8. `received`: as received, in any other form; it is read by the
source's current settings. `document`: JSON of the bridge, because data was redacted or omitted.
`event`: one event of a split webhook, as JSON.
"""
_KINDS: Final = frozenset({"json", "received", "document", "event"})

_TEXTS = ("source", "delivery_id", "key", "event_type", "flow")
_READING = ("content_type", "content_encoding")
_RARE_TEXTS = (*_READING, "kept", "replay")
# Members that few deliveries have.
_RARE: Final = frozenset({"kind", "query", "kept", "replay"})
_ONLY_TEXT = frozenset({str})
# A dict, because expressions read it, and JMESPath knows no other mappings.
_NOTHING_READ: Final[Mapping[str, Any]] = {}
# What `decode` meets in a text that is not a delivery.
_MALFORMED = (
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    RecursionError,
    zlib.error,
)


class Delivery(NamedTuple):
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
        kept: the idempotency key of the whole webhook, whose body is kept; empty if none is.
        replay: the id of the replay that sent it last; empty if none did.
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
    headers: Mapping[str, str] = _NOTHING_READ
    not_before: datetime | None = None
    sends: int = 0
    kind: BodyKind = "json"
    content_type: str = ""
    content_encoding: str = ""
    query: Mapping[str, str | list[str]] = _NOTHING_READ
    kept: str = ""
    replay: str = ""

    def encode(self, *, compress: bool = True) -> str:
        """Encode the delivery for the buffer; `decode` returns an equal one.

        Args:
            compress: whether a body is compressed if that is cheaper.
        """
        encoding, content = encoded_body(self.body) if compress else uncompressed_body(self.body)
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
                **({"kept": self.kept} if self.kept else {}),
                **({"replay": self.replay} if self.replay else {}),
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
            document, end = _DECODER.raw_decode(text)
            if document["version"] != DELIVERY_VERSION or text[end] != "\n":
                raise ValueError("another version")
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
                body=decoded_body(document["encoding"], text[end + 1 :]),
                sent_at=_time(document.get("sent_at")),
                attempts=_count(document["attempts"]),
                headers=headers,
                not_before=_zoned(not_before) if not_before else None,
                sends=_count(document.get("sends", 0)),
                **({} if _RARE.isdisjoint(document) else _rare(document)),
            )
        except _MALFORMED as exc:
            # `from None`: the message of the cause could quote the body.
            raise ValueError(f"not a delivery: {type(exc).__name__}") from None


def _texts(values: Iterable[Any]) -> list[str]:
    """The values, which must all be texts. Raises TypeError."""
    texts = list(values)
    if not set(map(type, texts)) <= _ONLY_TEXT:
        raise TypeError("not a text")
    return texts


def _rare(document: Mapping[str, Any]) -> dict[str, Any]:
    """The members that few deliveries have. Raises AttributeError, TypeError and ValueError."""
    query = document.get("query", {})
    for value in query.values():
        _texts(value if isinstance(value, list) else (value,))
    kind = document.get("kind", "json")
    if kind not in _KINDS:
        raise ValueError("another kind")
    texts = _texts(document.get(name, "") for name in _RARE_TEXTS)
    return {"query": query, "kind": kind, **dict(zip(_RARE_TEXTS, texts, strict=True))}


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
