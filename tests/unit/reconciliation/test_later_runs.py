"""Tests of what a later run looks at again: open batches, missing files, the rest of a limit."""

from datetime import timedelta

import pytest

from bridge.delivery.ingestion import Stage
from bridge.errors import AdobeError
from bridge.reconciliation.batch_reader import LINES_PER_RUN, MOST_TRIES
from bridge.reconciliation.call_limit import CALLS_PER_RUN
from tests.support.reconciler_bench import ReconcilerBench
from tests.support.reconciliation_fakes import CHAIN, DATASET, line

HOUR = timedelta(hours=1)
OTHER = "65f0c1a2b3d4e5f60718293b"
REFUSED = AdobeError("403 add the permission", status=403, retryable=False)
THROTTLED = AdobeError("429", status=429, retryable=True)


@pytest.fixture
def bench() -> ReconcilerBench:
    return ReconcilerBench()


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


def test_large_batch_is_read_in_several_runs_and_delays_no_other(bench: ReconcilerBench) -> None:
    ids = [f"1:1:{number}" for number in range(LINES_PER_RUN * 2 + 50)]
    bench.sent.deliver(*ids, "2:2:2")
    bench.batches.add("large", [line(each) for each in ids], files=3, ago=40 * timedelta(minutes=1))
    bench.batches.add("small", [line("2:2:2")])

    # Also what is not read yet is rejected.
    assert bench.run().rejected >= len(ids) + 1
    assert bench.batch("small").joined == 1
    runs = 1
    while bench.batch("large").stage is Stage.READING:
        bench.next_hour()
        runs += 1

    assert runs <= 3
    assert bench.batch("large").joined == len(ids) == len(bench.sent.failed) - 1


def test_run_without_time_continues_in_the_next(bench: ReconcilerBench) -> None:
    bench.sent.deliver("1:1:1", "2:2:2")
    bench.batches.add("b1", [line("1:1:1")])
    bench.batches.add("b2", [line("2:2:2")], ago=timedelta(minutes=20))
    seconds = iter([300.0, 300.0, 300.0])
    bench.seconds = lambda: next(seconds, 20.0)

    outcome = bench.run()
    assert not outcome.is_complete
    assert outcome.problems == {}
    bench.seconds = lambda: 300.0
    bench.next_hour()

    assert len(bench.sent.failed) == 2


def test_missing_files_are_looked_for_again_and_then_counted(bench: ReconcilerBench) -> None:
    bench.sent.deliver("1:2:3")
    bench.batches.add("soon", [line("1:2:3")])
    bench.batches.add("never", failed=4)
    files, bench.batches.files["soon"] = bench.batches.files["soon"], {}
    assert bench.run().rejected == 5
    bench.batches.files["soon"] = files

    assert bench.next_hour().rejected == 5
    assert bench.batch("soon").joined == 1
    for _ in range(MOST_TRIES):
        bench.next_hour()
    assert bench.batch("never").stage is Stage.READ
    assert bench.batch("never").unjoined == 4
    assert bench.batches.calls.count("files never") == MOST_TRIES


def test_cut_file_is_read_as_far_as_it_goes_and_again_later(bench: ReconcilerBench) -> None:
    ids = [f"1:1:{number}" for number in range(250)]
    bench.sent.deliver(*ids)
    bench.batches.add("b1", [line(each) for each in ids])
    bench.batches.cut_after["b1/part-0.json"] = 137

    assert bench.run().rejected == 250
    assert (bench.batch("b1").line, len(bench.sent.failed)) == (137, 137)
    bench.batches.cut_after.clear()
    bench.next_hour()

    assert len(bench.sent.failed) == 250
    assert (bench.batch("b1").joined, bench.batch("b1").stage) == (250, Stage.READ)


def test_file_that_stays_cut_ends_too(bench: ReconcilerBench) -> None:
    bench.batches.add("b1", [line("1:1:1"), line("1:1:2")])
    bench.batches.cut_after["b1/part-0.json"] = 1

    for _ in range(MOST_TRIES):
        bench.next_hour()

    assert (bench.batch("b1").stage, bench.batch("b1").unjoined) == (Stage.READ, 2)


@pytest.mark.parametrize("method", ["files", "lines never/part-0.json"])
def test_files_that_have_expired_are_counted(bench: ReconcilerBench, method: str) -> None:
    gone = AdobeError("404", status=404, retryable=False)
    bench.sent.deliver("1:1:1")
    bench.batches.add("never", [line("2:2:2")])
    bench.batches.errors[method if "lines" in method else "files never"] = gone
    bench.batches.add("other", [line("1:1:1")], ago=timedelta(minutes=10))

    assert bench.run().problems == {}
    assert bench.batch("other").joined == 1
    for _ in range(MOST_TRIES):
        bench.next_hour()
    assert (bench.batch("never").stage, bench.batch("never").unjoined) == (Stage.READ, 1)


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
