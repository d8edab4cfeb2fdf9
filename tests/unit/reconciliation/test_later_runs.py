"""Tests of what a later run looks at again: open batches, missing files, the rest of a limit."""

from datetime import timedelta

import pytest

from bridge.delivery.ingestion import Stage
from bridge.errors import AdobeError
from bridge.reconciliation.batch_reader import MOST_FAILURES
from bridge.reconciliation.call_limit import CALLS_PER_RUN
from tests.support.reconciler_bench import ReconcilerBench
from tests.support.reconciliation_fakes import CHAIN, DATASET, line

HOUR = timedelta(hours=1)
OTHER = "65f0c1a2b3d4e5f60718293b"
REFUSED = AdobeError("403 add the permission", status=403, retryable=False)
THROTTLED = AdobeError("429", status=429, retryable=True)


@pytest.mark.parametrize(
    "status", ["loading", "staging", "retrying", "stalled", "processing", "new"]
)
def test_open_batch_is_looked_at_again(bench: ReconcilerBench, status: str) -> None:
    bench.sent.deliver("1:2:3")
    bench.batches.add("b1", [line("1:2:3")], status=status, failed=0)
    assert bench.run().rejected == 0
    # Newer batches move the window of the listing on.
    for hour in range(5):
        bench.batches.add(f"later-{hour}", ingested=1, ago=timedelta(0))
        assert bench.next_hour().rejected == 0

    bench.batches.change("b1", status="success", failed=1)

    assert bench.next_hour().rejected == 1
    assert bench.batches.calls.count("get b1") >= 2
    bench.next_hour()
    assert bench.batches.calls.count("files b1") == 1


def test_open_batch_that_is_gone_is_forgotten(bench: ReconcilerBench) -> None:
    bench.batches.add("b1", status="loading", ago=5 * HOUR)
    bench.batches.add("b2", ago=timedelta(0))
    bench.run()
    bench.batches.batches[DATASET].pop(0)

    assert bench.next_hour().rejected == 0
    assert bench.batch("b1").stage is Stage.READ


def test_batch_that_appears_late_is_found(bench: ReconcilerBench) -> None:
    bench.batches.add("first", ingested=1, ago=timedelta(0))
    bench.run()
    bench.sent.deliver("1:2:3")
    bench.batches.add("late", [line("1:2:3")], ago=2 * HOUR)

    assert bench.next_hour().rejected == 1


def test_nothing_is_read_twice(bench: ReconcilerBench) -> None:
    bench.sent.deliver("1:2:3")
    bench.batches.add("b1", [line("1:2:3")])
    bench.run()
    writes = bench.batch("b1").version

    for _ in range(3):
        assert bench.next_hour().calls == 1

    assert bench.batch("b1").version == writes
    assert bench.sent.writes == 1


def test_all_pages_are_listed_also_of_batches_with_the_same_time(bench: ReconcilerBench) -> None:
    bench.batches.per_page = 3
    for number in range(11):
        minutes = 30 if number < 7 else 20
        bench.batches.add(f"b{number:02d}", ingested=1, ago=timedelta(minutes=minutes))

    bench.run()

    assert len(bench.records.stored) == 11
    assert len(bench.batches.calls) <= 8


def test_batch_that_adobe_never_returns_stops_no_other(bench: ReconcilerBench) -> None:
    bench.sent.deliver("1:1:1", "2:2:2")
    bench.batches.add("broken", [line("1:1:1")], ago=40 * timedelta(minutes=1))
    bench.batches.add("later", [line("2:2:2")])
    bench.batches.errors["files broken"] = AdobeError("500", status=500, retryable=True)

    assert bench.run().rejected == 2
    assert bench.batch("later").joined == 1
    for _ in range(MOST_FAILURES):
        bench.next_hour()
    assert (bench.batch("broken").stage, bench.batch("broken").unjoined) == (Stage.READ, 1)


def test_outage_of_failed_records_costs_few_calls_and_loses_nothing(
    bench: ReconcilerBench,
) -> None:
    ids = [f"1:1:{number}" for number in range(20)]
    bench.sent.deliver(*ids)
    for number, each in enumerate(ids):
        bench.batches.add(f"b{number:02d}", [line(each)], ago=timedelta(minutes=50 - number))
    bench.batches.errors["files"] = AdobeError("503", status=503, retryable=True)

    for _ in range(5):
        outcome = bench.next_hour()
        assert (outcome.calls, outcome.rejected) == (4, 20)
        assert outcome.problems == {"failed records": "503"}
    bench.batches.errors.clear()
    bench.next_hour()

    assert len(bench.sent.failed) == 20


@pytest.mark.parametrize("status", [None, 429, 500])
def test_error_in_the_middle_of_a_file_counts_nothing_twice(
    bench: ReconcilerBench, status: int | None
) -> None:
    ids = [f"1:1:{number}" for number in range(250)]
    bench.sent.deliver(*ids)
    bench.batches.add("b1", [line(each) for each in ids])
    bench.batches.cut_after["b1/part-0.json"] = 130
    bench.batches.cut = AdobeError("cut", status=status, retryable=True)

    assert bench.run().rejected == 250
    assert bench.batch("b1").joined == 130
    bench.batches.cut_after.clear()

    assert bench.next_hour().rejected == 250
    assert (bench.batch("b1").joined, len(bench.sent.failed)) == (250, 250)


def test_end_of_calls_in_the_middle_of_a_batch_counts_nothing_twice(
    bench: ReconcilerBench,
) -> None:
    ids = [f"1:1:{number}" for number in range(400)]
    bench.sent.deliver(*ids)
    bench.batches.add("b1", [line(each) for each in ids], files=400)

    assert bench.run().rejected == 400
    assert bench.batch("b1").joined == CALLS_PER_RUN - 2
    assert bench.next_hour().rejected == 400
    assert bench.batch("b1").joined == 400


def test_former_dataset_is_followed_for_a_day(bench: ReconcilerBench) -> None:
    bench.run()
    bench.parameters.values |= {name: OTHER for name in CHAIN if name.endswith("/dataset_id")}
    bench.sent.deliver("1:2:3")
    bench.batches.add("b1", [line("1:2:3")], ago=timedelta(0))

    assert bench.next_hour().rejected == 1
    for _ in range(25):
        bench.next_hour()
    calls = len([call for call in bench.batches.calls if DATASET in call])
    bench.next_hour()
    assert len([call for call in bench.batches.calls if DATASET in call]) == calls


def test_calls_are_limited_and_the_rest_follows(bench: ReconcilerBench) -> None:
    ids = [f"1:1:{number}" for number in range(2 * CALLS_PER_RUN)]
    bench.sent.deliver(*ids)
    for number, each in enumerate(ids):
        bench.batches.add(f"b{number:04d}", [line(each)], ago=timedelta(seconds=3_000 - number))

    assert bench.run().calls == CALLS_PER_RUN
    assert bench.run().calls == 0
    hours = 1
    while len(bench.sent.failed) < len(ids):
        assert bench.next_hour().calls <= CALLS_PER_RUN
        hours += 1

    assert hours <= 6
