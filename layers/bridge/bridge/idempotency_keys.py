"""Build idempotency keys of webhooks, their events and messages.

Senders choose ids, and anyone can set an unsigned header, so each key begins with its kind: keys
of two kinds are never equal.

    id:evt_1                        a webhook, by the provider's id
    content:5f2c…                   a webhook, by the SHA-256 of its identifying content
    content:5f2c…@495721            the same for a while: with the number of the period
    item:4711                       an event of a webhook, by its `ItemId`
    part:0/id:evt_1                 an event of a webhook, by its position
    target:crm/id:evt_1             one of several messages of an event, by its flow
    message:9f8e…                   an unreadable event, by its SQS message id

A flow's name contains no `/` (`names.NAME`), so the key after it is unambiguous.
"""

import hashlib
from collections.abc import Sequence
from typing import Final

MAX_ID_BYTES: Final = 256
"""Bytes of an id in UTF-8; a longer one is replaced by its hash. DynamoDB limits sort keys to
1,024 bytes."""

_HASH: Final = "sha256:"
_CONTENT: Final = "content:"
_MESSAGE: Final = "message:"


def id_key(text: str) -> str:
    """The key of a webhook with an id of the provider."""
    return f"id:{_bounded(text)}"


def content_key(parts: Sequence[bytes]) -> str:
    """The key of a webhook that its content identifies."""
    hashed = hashlib.sha256()
    for part in parts:
        # The length prevents equal hashes when bytes move from one part to the next.
        hashed.update(b"%d:" % len(part))
        hashed.update(part)
    return f"{_CONTENT}{hashed.hexdigest()}"


def is_content_key(key: str) -> bool:
    """Whether a key is one of `content_key`."""
    return key.startswith(_CONTENT)


def period_key(key: str, period: int) -> str:
    """The key of content that identifies a webhook only within a period."""
    return f"{key}@{period}"


def item_key(text: str) -> str:
    """The key of one of several events of a webhook, by its own id."""
    return f"item:{_bounded(text)}"


def part_key(webhook: str, position: int) -> str:
    """The key of one of several events of a webhook, by its position."""
    return f"part:{position}/{webhook}"


def target_key(event: str, flow: str) -> str:
    """The key of the message that an event becomes for one of several flows."""
    return f"target:{flow}/{event}"


def message_key(message_id: str) -> str:
    """The key of an SQS message that cannot be read."""
    return f"{_MESSAGE}{_bounded(message_id)}"


def is_message_key(key: str) -> bool:
    """Whether a key is one of `message_key`."""
    return key.startswith(_MESSAGE)


def bounded(text: str) -> str:
    """The text, or its hash when it is too long or not printable."""
    is_short = text.isprintable() and len(text.encode()) <= MAX_ID_BYTES
    return text if is_short else hashed(text)


def hashed(text: str) -> str:
    """The hash that replaces an id that cannot be stored unchanged."""
    return f"{_HASH}{hashlib.sha256(text.encode(errors='surrogatepass')).hexdigest()}"


def _bounded(text: str) -> str:
    """The id or its hash; an id that looks like a hash is hashed, too, to prevent collisions."""
    return hashed(text) if text.startswith(_HASH) else bounded(text)
