"""Tests of reconciliation: what is found, stored and reported."""

from datetime import timedelta

import pytest

from bridge.delivery.ingestion import Stage
from bridge.errors import AdobeError, UnavailableError
from bridge.reconciliation.batch_reader import MOST_TRIES
from tests.support.reconciler_bench import ReconcilerBench
from tests.support.reconciliation_fakes import DATASET, line

HOUR = timedelta(hours=1)
OTHER = "65f0c1a2b3d4e5f60718293b"
REFUSED = AdobeError("403 add the permission", status=403, retryable=False)
THROTTLED = AdobeError("429", status=429, retryable=True)


def test_nothing_to_do_takes_one_call_and_reports_zero_four_times_a_day(
    bench: ReconcilerBench,
) -> None:
    for _ in range(24):
        outcome = bench.next_hour()
        assert (outcome.calls, outcome.rejected, outcome.problems) == (1, 0, {})

    assert bench.reported == [0, 0, 0, 0]


def test_rejected_delivery_is_recorded_with_its_reason(bench: ReconcilerBench) -> None:
    bench.sent.deliver("1:2:3", "1:2:4")
    bench.batches.add("b1", [line("1:2:3")], ingested=9)

    outcome = bench.run()

    assert (outcome.rejected, bench.reported) == (1, [1])
    [(key, failure)] = bench.sent.failed.items()
    assert key == ("github", "id:1:2:3")
    assert (failure.batch_id, failure.reason) == ("b1", "required at #/_acme")
    record = bench.batch("b1")
    assert (record.received, record.ingested, record.failed) == (10, 9, 1)
    assert (record.joined, record.unjoined, record.flows) == (1, 0, {"orders/events": 1})
    assert [each.batch_id for each in outcome.finished] == ["b1"]


def test_batch_that_succeeds_with_errors_is_read_too(bench: ReconcilerBench) -> None:
    bench.batches.add("b1", [line("1:2:3")], status="success", ingested=1)
    bench.batches.add("b2", [line("1:2:4")], status="failed")

    assert bench.run().rejected == 2
    assert bench.batch("b1").reasons == {"required at #/_acme": 1}


def test_other_producers_are_only_counted(bench: ReconcilerBench) -> None:
    bench.sent.deliver("1:2:3", "1:2:4")
    bench.batches.add("b1", [line("1:2:3"), line("1:2:4", "theirs"), line("1:2:5", "theirs")])

    assert bench.run().rejected == 1
    assert (bench.batch("b1").joined, bench.batch("b1").foreign) == (1, 2)


def test_delivery_that_was_sent_again_since_needs_no_attention(bench: ReconcilerBench) -> None:
    bench.sent.deliver("1:2:3")
    bench.sent.sent_again.add(("github", "id:1:2:3"))
    bench.batches.add("b1", [line("1:2:3")])

    assert bench.run().rejected == 0
    assert (bench.batch("b1").resent, bench.batch("b1").unjoined) == (1, 0)


def test_what_cannot_be_joined_is_counted_until_it_is_settled(bench: ReconcilerBench) -> None:
    bench.batches.add("raw", [b'{"order": 1}', b"{", None, b"", line("9:9:9")], failed=7)

    assert bench.run().rejected == 7
    record = bench.batch("raw")
    assert (record.unknown, record.unjoined, record.stage) == (5, 7, Stage.READ)
    assert record.reasons == {
        "no known reason": 1,
        "the line is not JSON": 3,
        "required at #/_acme": 1,
    }
    assert bench.next_hour().rejected == 7


@pytest.mark.parametrize(
    ("status", "codes", "received", "expected"),
    [
        ("failed", {}, None, 1),
        ("failed", {"106": 0}, 5, 5),
        ("failure", {"INGEST-1555-400": 3, "INGEST-1401-400": 2}, 9, 5),
        ("abandoned", {}, None, 1),
        ("success", {}, None, 0),
        ("ACTIVE", {}, 4, 0),
    ],
)
def test_failed_batch_without_metrics_is_not_overlooked(
    bench: ReconcilerBench, status: str, codes: dict[str, int], received: int, expected: int
) -> None:
    bench.batches.add("b1", status=status)
    bench.batches.change("b1", failed=None, received=received, ingested=None, codes=codes)

    assert bench.run().rejected == expected


def test_refused_dataset_does_not_stop_the_others(bench: ReconcilerBench) -> None:
    flow = "/inlet-bridge/dev/connections/orders/flows/others"
    bench.parameters.values |= {f"{flow}/dataset_id": OTHER, f"{flow}/flow_id": "other"}
    bench.batches.errors[f"list {DATASET}"] = REFUSED
    bench.sent.deliver("1:2:3")
    bench.batches.add("b1", [line("1:2:3", "other")], dataset=OTHER)

    outcome = bench.run()

    assert outcome.problems == {DATASET: "403 add the permission"}
    assert bench.records.datasets[DATASET].problem == "403 add the permission"
    assert outcome.rejected == 1
    del bench.batches.errors[f"list {DATASET}"]
    assert bench.next_hour().problems == {}
    assert bench.records.datasets[DATASET].problem == ""


def test_refused_failed_records_are_rejected_and_read_later(bench: ReconcilerBench) -> None:
    bench.sent.deliver("1:2:3", "1:2:4")
    bench.batches.errors["files"] = REFUSED
    bench.batches.add("b1", [line("1:2:3")])
    bench.batches.add("b2", [line("1:2:4")])

    outcome = bench.run()

    assert outcome.problems == {"failed records": "403 add the permission"}
    assert outcome.rejected == 2
    assert bench.batches.calls.count("files b1") + bench.batches.calls.count("files b2") == 1
    for _ in range(2 * MOST_TRIES):  # However long it takes.
        bench.next_hour()
    bench.batches.errors.clear()
    assert bench.next_hour().problems == {}
    assert len(bench.sent.failed) == 2


def test_without_a_successful_check_nothing_is_reported(bench: ReconcilerBench) -> None:
    bench.batches.errors["list"] = THROTTLED

    for _ in range(9):
        outcome = bench.next_hour()
        assert outcome.problems == {DATASET: "429"}

    assert bench.reported == []


def test_end_of_rejections_is_reported_at_once(bench: ReconcilerBench) -> None:
    bench.sent.deliver("1:2:3")
    bench.batches.add("b1", [line("1:2:3")])
    bench.run()
    bench.sent.failed.clear()

    for _ in range(3):
        bench.next_hour()

    assert bench.reported == [1, 0]


def test_second_run_at_the_same_time_does_nothing(bench: ReconcilerBench) -> None:
    second: list[object] = []

    def seconds() -> float:
        if not second:
            second.append("begins")
            second.append(bench.run().problems)
        return 300.0

    bench.seconds = seconds
    bench.batches.add("b1", [line("1:2:3")])

    bench.run()

    assert "another run is in progress" in str(second)
    assert bench.batches.calls.count(f"list {DATASET}") == 1


def test_without_connections_nothing_is_asked(bench: ReconcilerBench) -> None:
    bench.parameters.values.clear()

    assert bench.run().calls == 0
    assert bench.reported == [0]


def test_unavailable_parameters_are_an_error(bench: ReconcilerBench) -> None:
    bench.parameters.down = True

    with pytest.raises(UnavailableError):
        bench.run()
    assert bench.reported == []
