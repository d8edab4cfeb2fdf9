"""Find out which messages Adobe rejected after the inlet had accepted them.

Each run lists the batches of every dataset that a flow writes to, and reads the failed records of
those that have some. It can end anywhere: the next run repeats what was not stored, and what it
repeats is stored once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from bridge.delivery.ingestion import BatchRecord, DatasetProgress, RunState
from bridge.errors import AdobeError, OutOfCallsError
from bridge.names import resources_path
from bridge.ports.aws import Parameters
from bridge.ports.ingestion import Batches, FailedDeliveries, IngestionRecords
from bridge.ports.process import Clock, Concurrently
from bridge.reconciliation.batch_reader import BatchReader, ConcurrentRunError
from bridge.reconciliation.call_limit import CallLimit, available
from bridge.reconciliation.dataset_follower import DatasetFollower, TimeUpError
from bridge.reconciliation.producers import producers_of

FOLLOWED: Final = timedelta(days=1)
"""How long a dataset is still listed after the last flow that wrote to it has changed."""

LEASE: Final = timedelta(minutes=6)
"""Longer than the function's timeout: a run that was killed blocks the next no longer than this."""

HINT_INTERVAL: Final = timedelta(minutes=10)
"""How long after the start of a run a hint starts no other one: with the few calls that are added
until then, a run could list batches again and again and read none."""

REPORT_EVERY: Final = timedelta(hours=5, minutes=30)
"""How often 0 is reported: a metric with a value in every hour costs 30 cents a month."""

# Seconds that are left for the records and the metric.
_RESERVE_SECONDS: Final = 30.0


@dataclass(slots=True)
class Outcome:
    """The result of one run.

    Attributes:
        rejected: deliveries that Adobe rejected and failed records that could not be joined, which
            nobody has dealt with yet.
        calls: how many calls to Adobe were made.
        is_complete: everything was listed and read that there was.
        is_skipped: nothing was done, since a hint came soon after a run had started.
        problems: why something could not be read, by dataset or `run`.
        finished: batches whose failed records were read to the end in this run.
    """

    rejected: int = 0
    calls: int = 0
    is_complete: bool = False
    is_skipped: bool = False
    problems: dict[str, str] = field(default_factory=dict)
    finished: list[BatchRecord] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reconciler:
    """Reconciles what the inlet accepted with what Adobe ingested.

    Attributes:
        remaining: seconds until the deadline.
        report: makes the number of rejected records a metric.
    """

    stage: str
    parameters: Parameters
    batches: Batches
    records: IngestionRecords
    failures: FailedDeliveries
    calls: CallLimit
    clock: Clock
    remaining: Callable[[], float]
    concurrently: Concurrently
    report: Callable[[int], None]

    def run(self, *, hinted: bool = False) -> Outcome:
        """Reconcile once; after a hint, only if the last run is old enough.

        Raises UnavailableError.
        """
        outcome, now = Outcome(), self.clock()
        state, stored = self.records.load()
        if hinted and now < state.counted_at + HINT_INTERVAL:
            outcome.is_skipped = True
            return outcome
        granted = available(state, now)
        mine = replace(state, until=now + LEASE, calls=0.0, counted_at=now)
        if now < state.until or not self.records.save_run(mine):
            until = f"{state.until:%H:%M:%S}" if now < state.until else "shortly"
            outcome.problems["run"] = f"another run is in progress, until {until} UTC at the latest"
            return outcome
        mine = replace(mine, version=mine.version + 1)
        self.calls.grant(granted)
        self._reconcile(stored, now, outcome)
        outcome.calls = granted - self.calls.left
        if _is_due(mine, outcome, now):
            self.report(outcome.rejected)
            mine = replace(mine, reported_at=now, rejected=outcome.rejected)
        self.records.save_run(replace(mine, until=now, calls=float(self.calls.left)))
        return outcome

    def _reconcile(
        self, stored: Sequence[DatasetProgress], now: datetime, outcome: Outcome
    ) -> None:
        path = resources_path(self.stage, "connections")
        producers = producers_of(self.stage, self.parameters.under(path))
        latest = {(each.dataset_id, each.batch_id): each for each in self.records.unsettled()}
        reader = BatchReader(
            self.batches,
            self.records,
            self.failures,
            producers,
            self.concurrently,
            self._has_time,
            latest,
        )
        follower = DatasetFollower(self.batches, self.records, reader, self._has_time, latest)
        datasets = _followed(stored, producers.datasets, now)
        try:
            outcome.is_complete = self._follow(follower, datasets, now, outcome.problems)
        except (OutOfCallsError, TimeUpError, ConcurrentRunError):
            outcome.is_complete = False
        except AdobeError as exc:
            outcome.problems["run"] = str(exc)
        if follower.refused:
            outcome.problems["failed records"] = follower.refused
        outcome.problems = follower.broken | outcome.problems
        outcome.is_complete = outcome.is_complete and not follower.broken
        outcome.finished = follower.finished
        unjoined = sum(each.unjoined for each in follower.unsettled.values() if not each.is_settled)
        outcome.rejected = self.records.failed_deliveries() + unjoined

    def _follow(
        self,
        follower: DatasetFollower,
        datasets: Sequence[DatasetProgress],
        now: datetime,
        problems: dict[str, str],
    ) -> bool:
        """List the datasets and look again at what is left; whether all of it is done."""
        calls, seconds = self.calls.left / 2, self.remaining() / 2
        follower.resume_reading(lambda: self.calls.left >= calls and self.remaining() >= seconds)
        for each in datasets:
            try:
                follower.follow(replace(each, listed_at=now, problem=""), now)
            except AdobeError as exc:
                problem = str(exc)
                problems[each.dataset_id] = problem
                reached = follower.listed.get(each.dataset_id, each)
                self.records.save_dataset(replace(reached, listed_at=now, problem=problem))
                if exc.retryable or exc.status == HTTPStatus.UNAUTHORIZED:
                    return False  # So will be the requests for the others.
        follower.look_again()
        return not problems

    def _has_time(self) -> bool:
        return self.remaining() > _RESERVE_SECONDS


def _followed(
    stored: Sequence[DatasetProgress], written: frozenset[str], now: datetime
) -> list[DatasetProgress]:
    """The datasets to list, those first that were not listed for the longest time."""
    known = {each.dataset_id: each for each in stored}
    current = [
        replace(known.get(dataset_id, DatasetProgress(dataset_id)), seen_at=now)
        for dataset_id in written
    ]
    former = [
        each for each in stored if each.dataset_id not in written and now < each.seen_at + FOLLOWED
    ]
    return sorted([*current, *former], key=lambda each: (each.listed_at, each.dataset_id))


def _is_due(state: RunState, outcome: Outcome, now: datetime) -> bool:
    """Whether to report: the check has failed if something could not be read and nothing is known.

    A number above 0 is reported by every run, and its end at once.
    """
    if outcome.rejected:
        return True
    if outcome.problems:
        return False
    return state.rejected > 0 or now >= state.reported_at + REPORT_EVERY
