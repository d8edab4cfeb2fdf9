"""Tests of batches of which Adobe states more, or less, than in an earlier run."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bridge.errors import AdobeError
from tests.support.reconciler_bench import ReconcilerBench
from tests.support.reconciliation_fakes import DATASET, line

OTHER = "65f0c1a2b3d4e5f60718293b"
UNKNOWN: dict[str, Any] = {"received": None, "ingested": None, "failed": None}


@pytest.mark.parametrize(
    "stated",
    [
        {**UNKNOWN, "codes": {"DCVS-1111-400": 1}},
        {**UNKNOWN, "codes": {"INGEST-1212-400": 0}},
        {"received": 3, "ingested": 2, "failed": None},
        {"received": 3, "ingested": 3, "failed": 0, "codes": {"DCVS-1111-400": 1}},
    ],
)
def test_success_without_a_count_of_failed_records_is_read_if_some_failed(
    bench: ReconcilerBench, stated: dict[str, Any]
) -> None:
    bench.sent.deliver("1:2:3")
    bench.batches.add("b1", [line("1:2:3")])
    bench.batches.change("b1", **stated)

    assert bench.run().rejected == 1
    assert len(bench.sent.failed) == 1


@pytest.mark.parametrize(
    "stated",
    [
        {"status": "processing", "received": 3, "ingested": 2, "failed": None},
        {"received": 3, "ingested": 3, "failed": 0, "codes": {"INGEST-1212-400": 0}},
        {"received": 2, "ingested": 3, "failed": None},
    ],
)
def test_no_record_has_failed(bench: ReconcilerBench, stated: dict[str, Any]) -> None:
    bench.batches.add("b1")
    bench.batches.change("b1", **stated)

    assert bench.run().rejected == 0


@pytest.mark.parametrize("status", ["success", "failed"])
@pytest.mark.parametrize("first", [UNKNOWN, {"failed": 0}])
def test_failures_that_are_stated_after_the_status_are_found(
    bench: ReconcilerBench, first: dict[str, Any], status: str
) -> None:
    bench.sent.deliver("1:2:3")
    bench.batches.add("b1", [line("1:2:3")])
    bench.batches.change("b1", **first)
    assert bench.run().rejected == 0

    bench.batches.change("b1", status=status, failed=1)

    assert bench.next_hour().rejected == 1
    assert len(bench.sent.failed) == 1


def test_further_failures_of_a_batch_are_counted_once(bench: ReconcilerBench) -> None:
    bench.sent.deliver("1:2:3")
    bench.batches.add("b1", [line("1:2:3"), line("9:9:9")])
    assert bench.run().rejected == 2
    # An operator has dealt with the record that was not joined.
    key = (DATASET, "b1")
    bench.records.stored[key] = replace(bench.records.stored[key], is_settled=True)
    bench.sent.deliver("1:2:4")
    bench.batches.files["b1"]["part-0.json"].append(line("1:2:4"))
    bench.batches.change("b1", failed=3)

    assert bench.next_hour().rejected == 3
    assert bench.next_hour().rejected == 3
    batch = bench.batch("b1")
    assert (batch.joined, batch.unknown, batch.failed) == (2, 1, 3)
    assert bench.batches.calls.count("files b1") == 2


def test_batch_without_a_time_of_creation_stops_no_run(
    bench: ReconcilerBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.sent.deliver("1:2:3", "1:2:4")
    bench.batches.add("b1", [line("1:2:3")])
    batches = bench.batches.batches[DATASET]
    batches[0] = replace(batches[0], created=0)
    monkeypatch.setattr(
        bench.batches, "created_after", lambda *_: ([*bench.batches.batches[DATASET]], False)
    )
    assert bench.run().rejected == 1

    bench.batches.add("b2", [line("1:2:4")], ago=timedelta(0))

    for _ in range(2):
        outcome = bench.next_hour()
        assert (outcome.rejected, outcome.is_complete) == (2, True)
    assert bench.batches.calls.count("files b1") == 1


def test_batch_from_the_future_hides_no_others(bench: ReconcilerBench) -> None:
    bench.sent.deliver("1:2:3", "1:2:4")
    bench.batches.add("future", [line("1:2:3")], ago=-timedelta(days=400))
    assert bench.run().rejected == 1

    bench.batches.add("b1", [line("1:2:4")], ago=timedelta(0))

    assert bench.next_hour().rejected == 2
    assert bench.batches.calls.count("files future") == 1


def test_clock_of_adobe_may_be_ahead(bench: ReconcilerBench) -> None:
    for hours in range(6):
        bench.batches.add(f"b{hours}", ingested=1, ago=-timedelta(hours=hours))
    bench.run()

    assert bench.records.datasets[DATASET].newest == bench.batch("b5").created


def test_dataset_that_adobe_rejects_stops_no_other_and_no_open_batch(
    bench: ReconcilerBench,
) -> None:
    flow = "/inlet-bridge/dev/connections/orders/flows/others"
    bench.parameters.values |= {f"{flow}/flow_id": "other", f"{flow}/dataset_id": OTHER}
    bench.sent.deliver("1:2:3", "1:2:4")
    bench.batches.add("open", [line("1:2:3")], dataset=OTHER, status="processing", failed=0)
    bench.run()
    # Newer batches move the window of the listing on.
    bench.clock.advance(5 * 3_600)
    bench.batches.add("newer", dataset=OTHER, ingested=1, ago=timedelta(0))
    bench.run()
    bench.batches.errors[f"list {DATASET}"] = AdobeError("400", status=400, retryable=False)
    bench.batches.change("open", status="failed", failed=1)

    outcome = bench.next_hour()

    assert (outcome.rejected, outcome.is_complete) == (1, False)
    assert outcome.problems == {DATASET: "400"}


def test_open_batch_that_adobe_rejects_stops_no_other(bench: ReconcilerBench) -> None:
    bench.sent.deliver("1:2:3")
    for name in ("a", "b"):
        bench.batches.add(name, [line("1:2:3")], status="processing", failed=0)
    bench.run()
    bench.clock.advance(5 * 3_600)
    bench.batches.add("newer", ingested=1, ago=timedelta(0))
    bench.run()
    bench.batches.errors["get a"] = AdobeError("400", status=400, retryable=False)
    bench.batches.change("b", status="failed", failed=1)

    outcome = bench.next_hour()

    assert (outcome.rejected, outcome.is_complete) == (1, False)
    assert outcome.problems == {DATASET: "400"}
