"""Batches that take several runs: large ones, missing files and files that are cut."""

from datetime import timedelta

import pytest

from bridge.delivery.ingestion import Stage
from bridge.errors import AdobeError
from bridge.reconciliation.batch_reader import LINES_PER_RUN, MOST_TRIES
from tests.support.reconciler_bench import ReconcilerBench
from tests.support.reconciliation_fakes import line


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
