"""The data lake: what the inlets accepted becomes batches of datasets.

Sources: "Streaming ingestion validation" (asynchronous), the Catalog OpenAPI file and "Retrieving
error diagnostics" (batches), a lab of Adobe's (a batch every 15 minutes). That a batch is visible
while it is collected, and when it changes its status, are guesses.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from adobe_emulator.arrivals import Arrival
from adobe_emulator.batches import Batch, Collected
from adobe_emulator.clock import Clock
from adobe_emulator.entity_check import EntityCheck
from adobe_emulator.identifiers import Identifiers
from adobe_emulator.settings import Behavior


@dataclass(frozen=True, slots=True)
class PlannedFailure:
    """Records with this text fail at Adobe, such as in a mapping.

    Attributes:
        message: the reason in the failed record.
        times: how many more records fail; None is until it is cleared.
    """

    marker: str
    message: str
    times: int | None = None


class Lake:
    """The batches of all datasets. `take` costs the same however much there is."""

    def __init__(self, behavior: Behavior, clock: Clock, identifiers: Identifiers) -> None:
        self._behavior = behavior
        self._clock = clock
        self._identifiers = identifiers
        self._collected: dict[str, list[Collected]] = {}
        self._checks: dict[int, tuple[Mapping[str, Any], EntityCheck]] = {}
        self._planned: list[PlannedFailure] = []

    def check_for(self, schema: Mapping[str, Any]) -> EntityCheck:
        """The compiled validation of a schema, as it is now."""
        found = self._checks.get(id(schema))
        if found is None or found[0] is not schema:
            found = self._checks[id(schema)] = (schema, EntityCheck(schema))
        return found[1]

    def plan(self, failure: PlannedFailure) -> None:
        """Let records fail from now on."""
        self._planned.append(failure)

    def clear(self) -> None:
        """Remove the planned failures."""
        self._planned.clear()

    def take(self, arrival: Arrival) -> Arrival:
        """Add a record to the batch of its dataset and time; return it with its planned fault."""
        arrival = self._with_planned_fault(arrival)
        collecting = self._collecting(arrival)
        collecting.arrivals.append(arrival)
        return arrival

    def upload(self, dataset_id: str, arrivals: Iterable[Arrival]) -> str:
        """Add a batch of another producer that is processed at once; return its id."""
        collected = self._begin(dataset_id, self._clock.milliseconds(), window_ms=0)
        collected.is_upload = True
        collected.delay_ms = 0
        collected.arrivals += arrivals
        return collected.id

    def delay(self, dataset_id: str, milliseconds: int) -> None:
        """Delay the batches of a dataset that are not complete."""
        now = self._clock.milliseconds()
        for collected in self._collected.get(dataset_id, []):
            if collected.completed_ms > now:
                collected.delay_ms += milliseconds

    def drop(self, dataset_id: str) -> None:
        """Delete the batches of a dataset."""
        self._collected.pop(dataset_id, None)

    def batches(self, dataset_id: str | None = None) -> list[Batch]:
        """The batches of a dataset, or of all, as they are now."""
        now = self._clock.milliseconds()
        ids = self._collected if dataset_id is None else [dataset_id]
        return [
            batch
            for each in ids
            for collected in self._collected.get(each, [])
            for batch in collected.seen_at(now, separate=self._behavior.separate_failures)
        ]

    def batch(self, batch_id: str) -> Batch | None:
        """One batch, or None if it does not exist."""
        return next((each for each in self.batches() if each.id == batch_id), None)

    def counts(self) -> dict[str, dict[str, Counter[str]]]:
        """By dataset and flow: `ingested`, `failed` and `pending`; flow "" is other producers."""
        counted: dict[str, dict[str, Counter[str]]] = {}
        for batch in self.batches():
            flows = counted.setdefault(batch.dataset_id, {})
            for arrival in batch.arrivals:
                flows.setdefault(arrival.flow_id, Counter())[batch.outcome_of(arrival)] += 1
        return counted

    def _with_planned_fault(self, arrival: Arrival) -> Arrival:
        for index, failure in enumerate(self._planned):
            if failure.marker.encode() not in arrival.content:
                continue
            if failure.times == 1:
                del self._planned[index]
            elif failure.times is not None:
                self._planned[index] = replace(failure, times=failure.times - 1)
            return replace(arrival, fault=failure.message)
        return arrival

    def _collecting(self, arrival: Arrival) -> Collected:
        """The batch that the record belongs to: of its window, and not full."""
        collected = self._collected.get(arrival.dataset_id, [])
        last = next((each for each in reversed(collected) if not each.is_upload), None)
        at = arrival.received_ms
        if last is not None and last.created_ms <= at < last.closes_ms:
            if len(last.arrivals) < self._behavior.batch_records:
                return last
            last.closes_ms = at
        window_ms = max(round(self._behavior.batch_window.total_seconds() * 1_000), 1)
        return self._begin(arrival.dataset_id, at, window_ms)

    def _begin(self, dataset_id: str, at: int, window_ms: int) -> Collected:
        collected = Collected(
            id=self._identifiers.batch(at),
            failed_id=self._identifiers.batch(at),
            dataset_id=dataset_id,
            created_ms=at,
            closes_ms=at + window_ms - (at % window_ms if window_ms else 0),
            delay_ms=round(self._behavior.batch_delay.total_seconds() * 1_000),
        )
        self._collected.setdefault(dataset_id, []).append(collected)
        return collected
