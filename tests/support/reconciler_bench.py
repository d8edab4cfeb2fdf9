"""A reconciler with fakes around it, which can be killed at every call."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from bridge.delivery.ingestion import BatchRecord
from bridge.inlet.client import sequentially
from bridge.reconciliation.call_limit import CallLimit
from bridge.reconciliation.reconciler import Outcome, Reconciler
from tests.support.fakes import NOON, FakeClock, FakeParameters
from tests.support.interruptions import Cut, Cuttable
from tests.support.reconciliation_fakes import CHAIN, DATASET, FakeBatches, FakeIngestion, FakeSent


@dataclass
class ReconcilerBench:
    """A reconciler with everything around it.

    Attributes:
        reported: the metric, once for each report.
        seconds: that are left in each run.
    """

    clock: FakeClock = field(default_factory=lambda: FakeClock(NOON))
    limit: CallLimit = field(default_factory=CallLimit)
    parameters: FakeParameters = field(default_factory=lambda: FakeParameters(dict(CHAIN)))
    reported: list[int] = field(default_factory=list)
    seconds: Callable[[], float] = lambda: 300.0

    def __post_init__(self) -> None:
        self.batches = FakeBatches(self.limit, self.clock)
        self.sent = FakeSent()
        self.records = FakeIngestion(self.sent)

    def run(self, cut: Cut | None = None) -> Outcome:
        """Run once; `cut` kills it."""
        cut = cut or Cut()
        reconciler = Reconciler(
            stage="dev",
            parameters=Cuttable(self.parameters, cut, "ssm"),
            batches=CuttableBatches(self.batches, cut, "adobe"),
            records=Cuttable(self.records, cut, "table"),
            failures=Cuttable(self.sent, cut, "deliveries"),
            calls=self.limit,
            clock=self.clock,
            remaining=self.seconds,
            concurrently=sequentially,
            report=lambda number: cut.call("log", lambda: self.reported.append(number)),
        )
        return reconciler.run()

    def next_hour(self) -> Outcome:
        """Run once more, an hour later."""
        self.clock.advance(3_600)
        return self.run()

    def batch(self, batch_id: str, dataset: str = DATASET) -> BatchRecord:
        """What is stored of a batch."""
        return self.records.stored[dataset, batch_id]


class CuttableBatches(Cuttable):
    """Each line of a file is a call of its own."""

    def lines(self, *args: Any) -> Iterator[bytes | None]:
        """Read the lines, any of which can be the last."""
        found = self._cut.call(f"adobe lines {args[0]}", lambda: self._inner.lines(*args))
        while True:
            try:
                line = self._cut.call("adobe line", lambda: next(found))
            except StopIteration:
                return
            yield line
