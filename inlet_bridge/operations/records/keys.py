"""Find the keys under which a delivery may be recorded, from the ID that is shown for it.

A record's key is made by `bridge.idempotency_keys`; responses, logs and senders show the ID only.
Two IDs do not lead to a key: one that is shown shortened, and that of a webhook which its content
identifies although it has an ID.
"""

import re
from collections.abc import Iterator
from typing import Final

from bridge.idempotency_keys import id_key, item_key, message_key, part_key, target_key
from bridge.names import NAME
from bridge.verification.identification import escaped

_KINDS: Final = ("id:", "content:", "item:", "part:", "target:", "message:")
_HASH: Final = "sha256:"
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_MOST_KEY_BYTES: Final = 1_024
# Of the position of an event in its webhook, which has 5,000 at most.
_MOST_DIGITS: Final = 4
# A flow, or a connection and a flow, before the key of the event, whose kind comes first.
_TARGETS: Final = re.compile(r"(target:[^:]*/(?=[a-z]+:))+")


def possible_keys(delivery_id: str) -> list[str]:
    """The keys that a delivery with this ID can have, or the key itself if it is given.

    A digest is also that of the ID with the prefix `sha256:`.
    """
    keys = [*_targets(delivery_id), *_events(delivery_id), message_key(delivery_id)]
    if with_prefix := prefixed(delivery_id):
        keys += (f"id:{with_prefix}", f"content:{delivery_id}", f"item:{with_prefix}")
    if delivery_id.startswith(_KINDS) and delivery_id.isprintable():
        keys.append(delivery_id)
    return [key for key in dict.fromkeys(keys) if len(key.encode()) <= _MOST_KEY_BYTES]


def prefixed(delivery_id: str) -> str:
    """The ID that a digest without its prefix `sha256:` means; empty for what is no digest."""
    return f"{_HASH}{delivery_id}" if _DIGEST.fullmatch(delivery_id) else ""


def may_be_of(delivery_id: str, webhook: str) -> bool:
    """Whether a delivery with this ID can be one of the webhook with this key."""
    keys = possible_keys(delivery_id)
    return any(key == webhook or key.endswith(f"/{webhook}") for key in keys)


def event_of(key: str) -> str:
    """The key of the event of a delivery, whichever flows it was sent to."""
    targets = _TARGETS.match(key)
    return key[targets.end() :] if targets else key


def _targets(shown: str) -> Iterator[str]:
    """Of one of several messages of an event: `{event}/{flow}`.

    It is `{event}/{connection}/{flow}` of one that a replay sent to another flow.
    """
    event, _, flow = shown.rpartition("/")
    if event and NAME.fullmatch(flow):
        yield from (target_key(key, flow) for key in _events(event))
        event, _, connection = event.rpartition("/")
        if event and NAME.fullmatch(connection):
            yield from (target_key(key, f"{connection}/{flow}") for key in _events(event))


def _events(shown: str) -> Iterator[str]:
    """Of an event, which is a whole webhook, or has an ID of its own or `{webhook}/{position}`."""
    yield from _webhooks(shown)
    yield item_key(shown)
    if shown.startswith(_HASH):
        yield f"item:{shown}"
    webhook, _, position = shown.rpartition("/")
    if webhook and position.isdecimal() and position.isascii() and len(position) <= _MOST_DIGITS:
        yield from (part_key(key, int(position)) for key in _webhooks(webhook))


def _webhooks(shown: str) -> Iterator[str]:
    """Of a webhook. A `+` separates the parts of an ID, or belongs to its only part."""
    yield id_key(shown)
    yield id_key(escaped(shown))
    if shown.startswith(_HASH):
        yield f"id:{shown}"
        yield f"content:{shown.removeprefix(_HASH)}"
