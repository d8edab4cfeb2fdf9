"""Records of deliveries whose message is erased."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from bridge.adapters.aws.delivery_items import (
    ACCEPTED_STATES,
    NOT_ACCEPTED,
    OPEN_KEYS,
    as_parameters,
    epoch,
    key_item,
    own_values,
)
from bridge.delivery.delivery import Delivery
from bridge.delivery.partitions import source_of
from bridge.delivery.record import Key, State
from inlet_bridge.operations.records.table import Records, texts_of


class ErasableRecords(Records):
    """The deliveries table, to find what is open and to close it without sending it."""

    def erase(self, delivery: Delivery) -> bool:
        """Record that a message is erased, so that no copy of it is sent; False if it was accepted.

        The record is complete also if there was none: a copy may be in flight.
        """
        lifetime = timedelta(days=int(self._deployed.parameters["RecordDays"]))
        values = {
            **own_values(delivery),
            "state": {"S": State.ERASED},
            "expires_at": epoch(datetime.now(UTC) + lifetime),
        }
        assigned = ", ".join(f"#{name} = :{name}" for name in values)
        return self._update(
            delivery,
            {
                "UpdateExpression": f"SET {assigned} REMOVE {', '.join(OPEN_KEYS)}",
                "ConditionExpression": NOT_ACCEPTED,
                "ExpressionAttributeNames": {f"#{name}": name for name in values},
                "ExpressionAttributeValues": {**as_parameters(values), **ACCEPTED_STATES},
            },
        )

    def erase_by_key(self, key: Key) -> bool:
        """As `erase`, of a record that exists, for a message that cannot be seen."""
        change = {
            "UpdateExpression": f"SET #state = :erased REMOVE {', '.join(OPEN_KEYS)}",
            "ConditionExpression": f"attribute_exists(#state) AND ({NOT_ACCEPTED})",
            "ExpressionAttributeNames": {"#state": "state"},
            "ExpressionAttributeValues": {":erased": {"S": State.ERASED}, **ACCEPTED_STATES},
        }
        return self._changed(key, change)

    def of_kept(self, keys: Iterable[Key]) -> dict[Key, list[Key]]:
        """The keys of deliveries by the source and key of the kept webhook that they are of."""
        found: dict[Key, list[Key]] = {}
        for item in map(texts_of, self.read(map(key_item, keys))):
            if kept := item.get("kept"):
                source = source_of(item["source"])
                found.setdefault((source, kept), []).append((source, item["delivery_id"]))
        return found

    def open_keys(self, state: State) -> Iterator[Key]:
        """The keys of the open deliveries of all sources in a state, from the index."""
        for entry in self._entries(state):
            yield source_of(entry["source"]), entry["delivery_id"]
