"""A message of the queue `Events`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

MESSAGE_ID: Final = "message-id"
"""The header under which recipes and expressions find the id that SQS gave a message."""

SOURCE: Final = "source"
"""The message attribute that names the source, where it is not the one of EventSourceName."""


@dataclass(frozen=True, slots=True)
class QueuedEvent:
    """A message of the queue.

    Attributes:
        attributes: its message attributes that are texts; expressions see them as headers.
        receives: how often it was taken from the queue.
        is_readable: False when it had no text for a body; the body is the whole record then.
    """

    message_id: str
    body: str
    attributes: Mapping[str, str]
    receives: int
    is_readable: bool = True
