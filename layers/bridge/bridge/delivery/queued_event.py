"""Messages of a queue of events."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

MESSAGE_ID: Final = "message-id"
"""The header that holds the SQS message id for recipes and expressions."""

SOURCE: Final = "source"
"""The message attribute that names the source, if it is not that of the queue."""

ONLY_WEBHOOKS: Final = "the source accepts webhooks, not events"
"""Why an event is a dead letter: it would bypass the verification of signatures."""


@dataclass(frozen=True, slots=True)
class QueuedEvent:
    """A message of the queue.

    Attributes:
        attributes: its string message attributes; expressions see them as headers.
        receives: how often it was received (ApproximateReceiveCount).
        sent_at: when it was sent to the queue.
        is_readable: False if it has no text body; then `body` is the whole record.
    """

    message_id: str
    body: str
    attributes: Mapping[str, str]
    receives: int
    sent_at: datetime
    is_readable: bool = True
