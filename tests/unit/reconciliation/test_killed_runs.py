"""A run may be killed at any call: the next ones miss nothing and count nothing twice."""

import random
from collections import Counter
from datetime import timedelta

import pytest

from bridge.delivery.ingestion import BatchRecord, Stage
from bridge.reconciliation import batch_reader
from bridge.reconciliation.call_limit import CALLS_PER_RUN, MOST_CALLS_PER_HOUR
from tests.support.interruptions import Cut, KilledError, Way
from tests.support.reconciler_bench import ReconcilerBench
from tests.support.reconciliation_fakes import line


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks that end within a file."""
    monkeypatch.setattr(batch_reader, "CHUNK", 5)


WAYS: tuple[Way, ...] = ("before", "after")
HOUR = timedelta(hours=1)


def prepared() -> ReconcilerBench:
    """Batches of all kinds: with two files, of others, raw, open, without failures."""
    bench = ReconcilerBench()
    ours = [f"1:1:{number}" for number in range(23)]
    bench.sent.deliver(*ours, "2:2:2", "3:3:3")
    minute = timedelta(minutes=1)
    bench.batches.add("ours", [line(each) for each in ours], ingested=70, files=2, ago=50 * minute)
    theirs = [line("7:7:7", "theirs"), line("2:2:2"), b'{"raw": 1}', b"{"]
    bench.batches.add("mixed", theirs, ago=40 * minute)
    bench.batches.add("good", ingested=5, ago=30 * minute)
    bench.batches.add("open", [line("3:3:3")], status="staging", failed=0, ago=20 * minute)
    bench.sent.sent_again.add(("github", "id:1:1:7"))
    return bench


def finish(bench: ReconcilerBench) -> None:
    """Run every hour until nothing is left; the open batch ends meanwhile."""
    bench.next_hour()
    bench.batches.change("open", status="success", failed=1)
    for _ in range(3):
        bench.next_hour()


def result(bench: ReconcilerBench) -> tuple[object, ...]:
    """What an operator sees."""

    def shown(record: BatchRecord) -> tuple[object, ...]:
        counts = (record.received, record.ingested, record.failed, record.unjoined)
        kinds = (record.joined, record.resent, record.foreign, record.unknown)
        return record.stage, counts, kinds, dict(record.flows), dict(record.reasons)

    batches = {batch_id: shown(record) for (_, batch_id), record in bench.records.stored.items()}
    return batches, set(bench.sent.failed), bench.reported[-1]


def unharmed() -> ReconcilerBench:
    """The bench after runs that nobody killed."""
    bench = prepared()
    bench.run()
    finish(bench)
    return bench


def test_everything_is_found_without_a_kill() -> None:
    bench = unharmed()
    batches, failed, reported = result(bench)

    assert len(failed) == 24  # type: ignore[arg-type]
    assert reported == 24 + 2
    assert bench.batch("ours").stage is Stage.READ
    assert (bench.batch("ours").joined, bench.batch("ours").resent) == (22, 1)
    assert (bench.batch("mixed").foreign, bench.batch("mixed").unknown) == (1, 2)
    assert batches


def calls_of_a_run() -> int:
    """The number of calls of a run that is not killed."""
    cut = Cut()
    prepared().run(cut)
    return len(cut.calls)


@pytest.mark.parametrize("way", WAYS)
def test_killed_at_any_call_nothing_is_missed_or_counted_twice(way: Way) -> None:
    expected = result(unharmed())
    for at in range(1, calls_of_a_run() + 1):
        bench = prepared()
        with pytest.raises(KilledError):
            bench.run(Cut(at, way))
        finish(bench)

        assert result(bench) == expected, (at, way)
        assert bench.sent.writes == 24


def test_killed_again_and_again_the_calls_stay_within_the_limit() -> None:
    rng = random.Random(77)  # noqa: S311 (repeatable)
    bench = prepared()
    length = calls_of_a_run()
    for _ in range(60):
        bench.clock.advance(rng.choice([60, 400, 1_200, 3_600]))
        try:
            bench.run(Cut(rng.randrange(1, length), rng.choice(WAYS)))
        except KilledError:
            continue
    finish(bench)

    assert result(bench) == result(unharmed())
    times = bench.batches.times
    in_an_hour = max(sum(1 for each in times if 0 <= (each - one) / HOUR < 1) for one in times)
    assert in_an_hour <= MOST_CALLS_PER_HOUR
    assert Counter(bench.batches.calls)["files good"] == 0


def test_number_of_invocations_does_not_raise_the_number_of_calls() -> None:
    bench = ReconcilerBench()
    for number in range(5 * CALLS_PER_RUN):
        bench.batches.add(f"b{number}", [line("1:1:1")], ago=timedelta(seconds=number))
    began = bench.clock()
    while bench.clock() < began + HOUR:
        bench.run()
        bench.clock.advance(30)

    assert CALLS_PER_RUN < len(bench.batches.calls) <= MOST_CALLS_PER_HOUR
