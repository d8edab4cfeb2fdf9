"""Send again what Adobe rejected, and nothing else."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched

from bridge.delivery.delivery import Delivery
from bridge.delivery.record import Key, key_of
from inlet_bridge.operations.bodies.damaged_body import DamagedBodyError
from inlet_bridge.operations.configuration.sources import Configuration
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.replay.failed import FailedFilter, FailedRecord, FailedRecords
from inlet_bridge.operations.replay.kept import Kept
from inlet_bridge.operations.replay.outcomes import Outcome, Tally
from inlet_bridge.operations.replay.policy import SeenRecord, decide_failed
from inlet_bridge.operations.replay.routing import Routing
from inlet_bridge.operations.replay.run import Run, RunFiles
from inlet_bridge.operations.replay.sending import Decide, Sending


@dataclass(slots=True)
class FailedReplay:
    """Sends the failed records of a run again.

    A record that is open again is not failed any more, so a second run continues by itself. Before
    records are opened, their keys are saved, so that a run that ended before their messages were
    in the buffer finds them.

    Attributes:
        sending: at the rate of the run.
        files: None to save nothing, such as for a dry run.
        unchanged: how many of those that were sent are of a source, by its name, that was not
            changed since they were received.
    """

    run: Run
    records: FailedRecords
    kept: Kept
    configuration: Configuration
    sending: Sending
    files: RunFiles | None
    tally: Tally = field(init=False)
    unchanged: Counter[str] = field(default_factory=Counter, init=False)
    _changes: dict[str, datetime | None] = field(default_factory=dict, init=False)
    _routings: dict[tuple[str, str], Routing] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Continue the counts of the run."""
        self.tally = deepcopy(self.run.tally)

    def steps(self) -> Iterator[int]:
        """Send everything; yield how many records were looked at each time."""
        self._save(self.run.pending)
        if self.run.pending:
            # Before the others, whose keys replace these in the file.
            yield self._send(list(self._interrupted(self.run.pending)))
        selection = self.run.selection
        wanted = FailedFilter(
            selection.source, selection.since, selection.reason, selection.delivery_id
        )
        burst = self.sending.rate_limiter.burst
        for some in batched(self.records.matching(wanted), burst, strict=False):
            yield self._send(list(map(self._delivery, some)), len(some))
        if self.files:
            self.files.delete(self.run)

    def _send(self, found: Sequence[Delivery | None], looked_at: int = 0) -> int:
        deliveries = list({each.key: each for each in found if each}.values())
        self._save([key_of(each) for each in deliveries])
        self.sending.send(deliveries, self.tally)
        self.run.tally = deepcopy(self.tally)
        self._save(())
        return looked_at

    def _delivery(self, record: FailedRecord) -> Delivery | None:
        found = self._routed(record.key, record.received_at, record.kept, record.flow)
        if found and record.source not in self._changes:
            self._changes[record.source] = self.configuration.changed_at(record.source)
        changed_at = self._changes.get(record.source)
        if found and changed_at and changed_at < record.received_at:
            self.unchanged[record.source] += 1
        return found

    def _routed(self, key: Key, received_at: datetime, kept: str, flow: str) -> Delivery | None:
        """The delivery of a record by today's routes; None, and counted, if there is none."""
        source, text = key
        try:
            webhook = self.kept.find(source, received_at, kept) if kept else None
        except DamagedBodyError as exc:
            self.tally.count(Outcome.UNREADABLE, str(exc))
            return None
        if webhook is None:
            self.tally.count(Outcome.UNKEPT)
            return None
        try:
            routing = self._routing(source, flow if "/" in flow else "")
        except OperationError as exc:
            self.tally.count(Outcome.UNROUTED, str(exc))
            return None
        one = Tally()
        for delivery in routing.of(webhook, one):
            if delivery.key == text:
                return delivery
        self._explain(one)
        return None

    def _explain(self, one: Tally) -> None:
        """Count why a webhook has no delivery with the key of its record."""
        failures = [outcome for outcome in one.outcomes if outcome is not Outcome.FILTERED]
        outcome = failures[0] if failures else Outcome.UNROUTED
        self.tally.count(outcome, next(iter(one.reasons), ""))

    def _routing(self, source: str, to: str) -> Routing:
        """Today's routes of a source. Raises OperationError."""
        if (source, to) not in self._routings:
            configured = self.configuration.source(source)
            destination = self.configuration.destination(to) if to else None
            reader = self.configuration.schema_reader()
            self._routings[source, to] = Routing(configured, to, destination, read_schema=reader)
        return self._routings[source, to]

    def _interrupted(self, keys: Iterable[Key]) -> Iterator[Delivery | None]:
        """The deliveries whose records an interrupted run has opened."""
        seen = self.sending.records.read(keys)
        for key, record in seen.items():
            if decide_failed(record, self.run.run_id) is Outcome.SENT and record.replay:
                texts = {n: str(next(iter(v.values()))) for n, v in record.item.items()}
                yield self._routed(
                    key, record.received_at, texts.get("kept", ""), texts.get("flow", "")
                )

    def _save(self, pending: Sequence[Key]) -> None:
        self.run.pending = tuple(pending)
        if self.files:
            self.files.save(self.run)


def still_failed(run: Run) -> Decide:
    """Send what is still failed."""

    def decide_one(record: SeenRecord | None, _delivery: Delivery, _now: datetime) -> Outcome:
        return decide_failed(record, run.run_id)

    return decide_one
