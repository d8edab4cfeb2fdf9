"""Read the records of deliveries that are known by their IDs, such as those of log lines."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from bridge.adapters.aws.delivery_items import key_item
from bridge.delivery.record import Key
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.records.keys import possible_keys
from inlet_bridge.operations.records.table import DeliveryRecord, Records, record_of, texts_of

type Name = tuple[str, str]
"""A source and a delivery ID."""

# Of the keys that an ID can have, the first is that of most webhooks.
_FIRST: Final = 1


def records_of(records: Records, names: Iterable[Name]) -> dict[Name, DeliveryRecord]:
    """The records of these deliveries; those that do not exist are missing.

    The likeliest key of each is read first, and the others only if there is no such record.
    """
    keys = {name: possible_keys(name[1]) for name in names}
    found: dict[Name, DeliveryRecord] = {}
    for some in (slice(0, _FIRST), slice(_FIRST, None)):
        asked = {
            (name[0], key): name for name in keys if name not in found for key in keys[name][some]
        }
        found |= _read(records, asked)
    return found


def _read(records: Records, asked: Mapping[Key, Name]) -> Iterator[tuple[Name, DeliveryRecord]]:
    for item in records.read(map(key_item, asked)):
        try:
            record = record_of(item)
        except OperationError:
            continue  # It is shown as far as the logs have it.
        if name := asked.get((record.source, texts_of(item)["delivery_id"])):
            yield name, record
