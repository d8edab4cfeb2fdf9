"""The buffered form of a delivery: one verified webhook and its flow.

One line of JSON metadata, then the body: as text if possible, so that the inlet's maximum (1 MB)
fits an SQS message (1 MiB), and compressed if that is cheaper.
"""

import json
import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from operator import itemgetter
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

_TEXTS: Final = itemgetter("source", "delivery_id", "key", "event_type", "flow")
_RARE_TEXTS: Final = ("content_type", "content_encoding", "kept", "replay")
# Members that are left out if a delivery has the default.
_RARE: Final = frozenset(
    {
        *("sent_at", "attempts", "headers", "not_before", "sends", "kind", "query"),
        *_RARE_TEXTS,
    }
)
# The number of the others, which every delivery has.
_REQUIRED: Final = 9
_ONLY_TEXT: Final = frozenset({str})
# A dict, because expressions read it, and JMESPath knows no other mappings.
_NONE: Final[Mapping[str, Any]] = {}
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
        key: the idempotency key, see `bridge.idempotency_keys`.
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
        note: what its record says of its message. No part of the buffered form: it is found when
            the message is made.
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
    headers: Mapping[str, str] = _NONE
    not_before: datetime | None = None
    sends: int = 0
    kind: BodyKind = "json"
    content_type: str = ""
    content_encoding: str = ""
    query: Mapping[str, str | list[str]] = _NONE
    kept: str = ""
    replay: str = ""
    note: str = ""

    def encode(self, *, compress: bool = True) -> str:
        """Encode the delivery for the buffer; `decode` returns an equal one.

        Args:
            compress: whether a body is compressed if that is cheaper.
        """
        encoding, content = encoded_body(self.body) if compress else uncompressed_body(self.body)
        about = {
            "version": DELIVERY_VERSION,
            "source": self.source,
            "delivery_id": self.delivery_id,
            "key": self.key,
            "event_type": self.event_type,
            "flow": self.flow,
            "received_at": self.received_at.isoformat(),
            "buffered_at": self.buffered_at.isoformat(),
            **self._rare_members(),
            "encoding": encoding,
        }
        return f"{_JSON.encode(about)}\n{content}"

    def _rare_members(self) -> dict[str, object]:
        """The members that are not the default: each is parsed by whoever reads the delivery."""
        members = {
            "sent_at": self.sent_at and self.sent_at.isoformat(),
            "attempts": self.attempts,
            "headers": dict(self.headers),
            "not_before": self.not_before and self.not_before.isoformat(),
            "sends": self.sends,
            "kind": "" if self.kind == "json" else self.kind,
            "query": dict(self.query),
            **{name: getattr(self, name) for name in _RARE_TEXTS},
        }
        return {name: value for name, value in members.items() if value}

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
            source, delivery_id, key, event_type, flow = _texts(_TEXTS(document))
            received, buffered = document["received_at"], document["buffered_at"]
            received_at = _zoned(received)
            delivery = cls(
                source,
                delivery_id,
                key,
                event_type,
                flow,
                received_at,
                # A webhook is buffered when it is received.
                received_at if buffered == received else _zoned(buffered),
                decoded_body(document["encoding"], text[end + 1 :]),
            )
            if len(document) == _REQUIRED or _RARE.isdisjoint(document):
                return delivery
            return delivery._replace(**_rare(document))
        except _MALFORMED as exc:
            # `from None`: the message of the cause could quote the body.
            raise ValueError(f"not a delivery: {type(exc).__name__}") from None


def _texts[T: Iterable[Any]](values: T) -> T:
    """The values, which must all be texts. Raises TypeError."""
    if not _ONLY_TEXT.issuperset(map(type, values)):
        raise TypeError("not a text")
    return values


def _rare(document: Mapping[str, Any]) -> dict[str, Any]:
    """The members that few deliveries have. Raises AttributeError, TypeError and ValueError."""
    headers, query = document.get("headers", _NONE), document.get("query", _NONE)
    _texts(headers.values())
    for value in query.values():
        _texts(value if isinstance(value, list) else (value,))
    kind = document.get("kind", "json")
    if kind not in _KINDS:
        raise ValueError("another kind")
    not_before = document.get("not_before")
    return {
        "sent_at": _time(document.get("sent_at")),
        "attempts": _count(document.get("attempts", 0)),
        "headers": headers,
        "not_before": _zoned(not_before) if not_before else None,
        "sends": _count(document.get("sends", 0)),
        "kind": kind,
        "query": query,
        **{name: _texts((document.get(name, ""),))[0] for name in _RARE_TEXTS},
    }


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
