"""The deliveries that one webhook became: its events, and the flows of each."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from bridge.delivery.delivery import Delivery
from bridge.errors import WebhookRejectedError
from bridge.idempotency_keys import part_key, target_key
from bridge.messages.fan_out import NO_FLOW, route_again
from bridge.sources.source import Source
from inlet_bridge.operations.records.table import DeliveryRecord, Records

MOST: Final = 100
"""How many deliveries of a webhook are looked up: a split one has up to 5,000 events."""
_PART, _TARGET = "part:", "target:"


def whole_key(key: str) -> str:
    """The key of the event or webhook that a delivery is a part of; that of an item is unknown."""
    while key.startswith((_PART, _TARGET)):
        key = key.partition("/")[2]
    return key


def siblings(
    records: Records, source: Source | None, record: DeliveryRecord, webhook: Delivery | None
) -> tuple[list[DeliveryRecord], bool]:
    """The other deliveries of the same webhook that are recorded, and whether these are all.

    Args:
        records: of the deployment.
        source: None if it is not configured any more.
        record: of one of them, or of the webhook itself.
        webhook: the kept webhook; without it, events with IDs of their own cannot be found.
    """
    keys: list[str] = []
    if source and webhook:
        keys = _routed(source, webhook)
    if source and not keys:
        keys = list(islice(_possible(source, record), MOST + 1))
    whole = webhook.key if webhook else record.kept or whole_key(record.key)
    wanted = [(record.source, key) for key in dict.fromkeys([whole, *keys])]
    found = records.with_keys(wanted[:MOST])
    mine = [each for each in found if each.key != record.key and _is_same(each, record)]
    return mine, len(wanted) <= MOST


def _is_same(one: DeliveryRecord, other: DeliveryRecord) -> bool:
    """Whether both are of one receipt: an item of an earlier webhook has the same key."""
    return one.received_at == other.received_at


def _routed(source: Source, webhook: Delivery) -> list[str]:
    """The keys of its deliveries by today's routes."""
    try:
        found: Sequence[Delivery] = route_again(source, webhook).deliveries
    except WebhookRejectedError:
        return []
    return [each.key for each in found[: MOST + 1] if each.flow != NO_FLOW]


def _possible(source: Source, record: DeliveryRecord) -> Iterator[str]:
    """The keys that other deliveries of the webhook can have, events first."""
    whole = whole_key(record.kept or record.key)
    flows = sorted(source.flows)
    yield from (target_key(whole, flow) for flow in flows)
    if not source.split:
        return
    for position in range(_parts(record)):
        event = part_key(whole, position)
        yield event
        yield from (target_key(event, flow) for flow in flows)


def _parts(record: DeliveryRecord) -> int:
    """How many events are looked for."""
    count = record.details.get("parts", "")
    return min(int(count), MOST) if count.isdecimal() and len(count) <= len(str(MOST)) else MOST
