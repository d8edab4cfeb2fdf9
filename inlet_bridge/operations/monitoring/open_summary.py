"""Summarize what waits, is dead or was rejected by Adobe, in a bounded number of reads.

The oldest records of each shard of the index are read, up to a limit: the number of calls is the
same for a thousand open records and for a million, and counts say whether they are complete.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import nsmallest
from typing import Any, Final

from bridge.adapters.aws.delivery_items import OPEN_KEYS
from bridge.adapters.aws.open_deliveries import open_since
from bridge.adapters.aws.sqs import DEPTHS
from bridge.delivery.partitions import source_of
from bridge.delivery.record import OPEN, State
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.records.open_counts import oldest_entries
from inlet_bridge.operations.records.table import DeliveryRecord, Records, record_of

# One call of BatchGetItem for each state.
_RECORDS_PER_STATE: Final = 100
_NO_REASON: Final = "not yet tried again"


@dataclass(frozen=True, slots=True)
class OpenReason:
    """Open records of a source with the same reason, among the oldest of their state.

    Attributes:
        reason: the class and the reason of a dead letter, Adobe's reason of a failed one, and
            why a waiting one was postponed.
        number: how many of the records that were read.
        oldest: when the oldest was received.
        next_attempt: the earliest of those that wait; None if none is recorded.
    """

    source: str
    state: State
    reason: str
    number: int
    oldest: datetime
    next_attempt: datetime | None


@dataclass(frozen=True, slots=True)
class OpenSummary:
    """What is open.

    Attributes:
        received: when the records were received, by source and state.
        partial: the states of which there are more records than were counted.
        reasons: of the oldest hundred of each state; oldest first.
        waiting, dead_letters: messages in the queues as SQS counts them: approximate.
    """

    received: Mapping[str, Mapping[State, Sequence[datetime]]]
    partial: frozenset[State]
    reasons: tuple[OpenReason, ...]
    waiting: int
    dead_letters: int

    def times(self, source: str, state: State) -> Sequence[datetime]:
        """When the records of a source in a state were received."""
        return self.received.get(source, {}).get(state, ())


def open_summary(deployed: Deployed) -> OpenSummary:
    """Summarize the open records.

    One query for each shard and state, a call of BatchGetItem for each state, and one for each
    queue.

    Raises:
        ClientError, BotoCoreError, OperationError: something cannot be read.
    """
    received: dict[str, dict[State, list[datetime]]] = {}
    partial: set[State] = set()
    reasons: list[OpenReason] = []
    for state in sorted(OPEN):
        entries, is_complete = oldest_entries(deployed.dynamodb, deployed.deliveries, state)
        if not is_complete:
            partial.add(state)
        for entry in entries:
            of_source = received.setdefault(source_of(entry["source"]), {})
            of_source.setdefault(state, []).append(open_since(entry[OPEN_KEYS[1]]))
        reasons += _reasons(deployed, state, entries)
    return OpenSummary(
        received,
        frozenset(partial),
        tuple(sorted(reasons, key=lambda each: each.oldest)),
        _depth(deployed, deployed.buffer),
        _depth(deployed, deployed.dead_letters),
    )


def _reasons(
    deployed: Deployed, state: State, entries: list[Mapping[str, str]]
) -> list[OpenReason]:
    oldest = nsmallest(_RECORDS_PER_STATE, entries, key=lambda entry: entry[OPEN_KEYS[1]])
    keys = [{name: {"S": entry[name]} for name in ("source", "delivery_id")} for entry in oldest]
    grouped: dict[tuple[str, str], list[DeliveryRecord]] = {}
    for record in map(record_of, Records(deployed).read(keys)):
        if record.state is state:  # The index lags behind the table.
            grouped.setdefault((record.source, _reason(record)), []).append(record)
    return [
        OpenReason(
            source,
            state,
            reason,
            len(records),
            min(record.received_at for record in records),
            min(filter(None, map(_next_attempt, records)), default=None),
        )
        for (source, reason), records in grouped.items()
    ]


def _reason(record: DeliveryRecord) -> str:
    names = ("failure",) if record.state is State.FAILED else ("class", "reason")
    return ": ".join(filter(None, map(record.details.get, names))) or _NO_REASON


def _next_attempt(record: DeliveryRecord) -> datetime | None:
    try:
        found = datetime.fromisoformat(record.details.get("next_attempt_at", ""))
    except ValueError:
        return None
    return found if found.tzinfo else None


def _depth(deployed: Deployed, queue: str) -> int:
    answer: Any = deployed.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=list(DEPTHS))
    return sum(int(answer["Attributes"].get(name, 0)) for name in DEPTHS)
