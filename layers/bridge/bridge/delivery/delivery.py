"""A delivery in its buffered form: one webhook, as verified, and the flow it takes."""

import base64
import json
import zlib
from dataclasses import dataclass
from datetime import datetime

DELIVERY_VERSION = 1

# SQS takes 1 MiB a message (Amazon SQS developer guide, "Message quotas") and base64 adds a third;
# below this many bytes compression saves nothing that is paid for.
_COMPRESS_FROM = 48_000


@dataclass(frozen=True, slots=True)
class Delivery:
    """One webhook on its way.

    Attributes:
        delivery_id: the provider's own where it gives one, else a hash.
        flow: name of the flow; its id is looked up when it is sent, so a replaced flow is found.
        body: as received.
        sent_at: the sender's own time, where it gives one.
    """

    source: str
    delivery_id: str
    event_type: str
    flow: str
    received_at: datetime
    body: bytes
    sent_at: datetime | None = None

    def encode(self) -> str:
        """The text that waits in the buffer; `decode` reads it back to an equal delivery."""
        compress = len(self.body) >= _COMPRESS_FROM
        content = zlib.compress(self.body) if compress else self.body
        return json.dumps(
            {
                "version": DELIVERY_VERSION,
                "source": self.source,
                "delivery_id": self.delivery_id,
                "event_type": self.event_type,
                "flow": self.flow,
                "received_at": self.received_at.isoformat(),
                "sent_at": self.sent_at and self.sent_at.isoformat(),
                "encoding": "zlib+base64" if compress else "base64",
                "body": base64.b64encode(content).decode(),
            },
            separators=(",", ":"),
        )

    @classmethod
    def decode(cls, text: str) -> "Delivery":
        """Read what `encode` wrote.

        Raises:
            ValueError: the text is no delivery of this version.
        """
        try:
            document = json.loads(text)
            if document["version"] != DELIVERY_VERSION:
                raise ValueError(f"not a delivery of version {DELIVERY_VERSION}")
            body = base64.b64decode(document["body"], validate=True)
            sent_at = document.get("sent_at")
            return cls(
                source=document["source"],
                delivery_id=document["delivery_id"],
                event_type=document["event_type"],
                flow=document["flow"],
                received_at=datetime.fromisoformat(document["received_at"]),
                body=zlib.decompress(body) if document["encoding"] == "zlib+base64" else body,
                sent_at=datetime.fromisoformat(sent_at) if sent_at else None,
            )
        except (KeyError, TypeError, RecursionError, zlib.error) as exc:
            # The chain is cut: its message could quote the body.
            raise ValueError(f"not a delivery: {type(exc).__name__}") from None
