"""Tests of counts in CloudWatch's embedded metric format."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from logging import StreamHandler, getLogger
from threading import Event
from typing import Any

import pytest

from bridge.adapters.aws.metrics import EmbeddedCounts, log_drift, log_seen
from bridge.delivery.counts import Count, Measure
from bridge.telemetry import logger


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "InletBridge/dev")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "receiver")


@pytest.fixture
def log() -> Iterator[StringIO]:
    # The receiver's handler, which other tests call, appends it for the next invocation.
    logger.remove_keys(["source"])
    text = StringIO()
    handler = StreamHandler(text)
    logger.addHandler(handler)
    handler.setFormatter(logger.registered_formatter)
    yield text
    getLogger(logger.service).removeHandler(handler)


def lines(log: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def declared(line: dict[str, Any]) -> list[tuple[list[list[str]], list[str]]]:
    """The dimensions and names of the metrics of a line."""
    return [
        (each["Dimensions"], [metric["Name"] for metric in each["Metrics"]])
        for each in line.get("_aws", {}).get("CloudWatchMetrics", ())
    ]


def test_line_has_its_own_fields_and_the_counts(log: StringIO) -> None:
    """CloudWatch's embedded metric format."""
    counts = EmbeddedCounts()
    counts.count("github", Count.ACCEPTED, Count.DELIVERED)
    counts.count("github", Count.ACCEPTED)
    counts.latency("webhooks", 0.0514)
    counts.log(logger.warning, "delivered", delivery_id="1")

    [line] = lines(log)
    assert (line["message"], line["level"], line["delivery_id"]) == ("delivered", "WARNING", "1")
    [output] = line["_aws"]["CloudWatchMetrics"]
    assert output["Namespace"] == "InletBridge/dev"
    assert output["Dimensions"] == [["source"]]
    assert output["Metrics"] == [
        {"Name": "Accepted", "Unit": "Count"},
        {"Name": "Delivered", "Unit": "Count"},
    ]
    assert line["source"] == "github"
    assert (line["Accepted"], line["Delivered"]) == ([2.0], [1.0])
    assert (line["connection"], line["inlet_ms"]) == ("webhooks", 51)


def test_each_line_has_its_own_numbers_and_time(
    log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = EmbeddedCounts()
    for number in (1, 3):
        monkeypatch.setattr("time.time_ns", lambda moment=number: moment * 1_000_000_000)
        counts.count("github", *[Count.ACCEPTED] * number)
        counts.flush()

    first, second = lines(log)
    assert (first["Accepted"], second["Accepted"]) == ([1.0], [3.0])
    assert (first["_aws"]["Timestamp"], second["_aws"]["Timestamp"]) == (1_000, 3_000)
    assert declared(first) == declared(second) == [([["source"]], ["Accepted"])]


def test_line_without_counts_has_its_own_fields(log: StringIO) -> None:
    EmbeddedCounts().log(logger.info, "delivered", delivery_id="1")

    [line] = lines(log)
    assert line["delivery_id"] == "1"
    assert "_aws" not in line


def test_dimensions_of_one_metric_are_not_those_of_another(log: StringIO) -> None:
    counts = EmbeddedCounts()
    counts.count("github", Count.ACCEPTED)
    counts.measure("webhooks", Measure.INLET_FAILED, 1)
    counts.measure("webhooks", Measure.MESSAGES_REFUSED, 2)
    counts.measure("webhooks", Measure.MESSAGES_REFUSED, 3)
    counts.waiting(timedelta(seconds=5))
    counts.waiting(timedelta(seconds=70))
    counts.log(logger.info, "buffered")

    [line] = lines(log)
    assert declared(line) == [
        ([["source"]], ["Accepted"]),
        ([["service"]], ["InletFailed", "MessagesRefused"]),
        ([["service"]], ["WaitingAge"]),
    ]
    assert (line["source"], line["connection"]) == ("github", "webhooks")
    assert (line["service"], line["WaitingAge"]) == ("receiver", [70.0])
    assert (line["InletFailed"], line["MessagesRefused"]) == ([1.0], [5.0])


def test_each_source_and_connection_has_a_line(log: StringIO) -> None:
    """A field has one value, so a line has one source."""
    counts = EmbeddedCounts()
    counts.count("github", Count.DELIVERED)
    counts.count("stripe", Count.DUPLICATE)
    for connection in ("one", "two", "three"):
        counts.measure(connection, Measure.INLET_THROTTLED, 1)
    counts.flush()

    found = lines(log)
    assert [line["connection"] for line in found] == ["one", "two", "three"]
    assert [line.get("source") for line in found] == ["github", "stripe", None]
    assert {line["message"] for line in found} == {"metrics"}


def test_longest_of_several_requests_is_logged(log: StringIO) -> None:
    counts = EmbeddedCounts()
    for seconds in (0.1, 0.3, 0.2):
        counts.latency("webhooks", seconds)
    counts.flush()

    assert [line["inlet_ms"] for line in lines(log)] == [300]


def test_number_without_a_metric_of_its_own_is_not_limited(log: StringIO) -> None:
    """CloudWatch accepts a hundred values per metric; Powertools would print the line by itself."""
    counts = EmbeddedCounts()
    for _ in range(250):
        counts.measure("webhooks", Measure.INLET_FAILED, 1)
        counts.count("github", Count.ACCEPTED)
    counts.flush()

    [line] = lines(log)
    assert (line["InletFailed"], line["Accepted"]) == ([250.0], [250.0])


def test_receiver_logs_the_time_of_the_inlet_without_metrics_of_the_connection(
    log: StringIO,
) -> None:
    counts = EmbeddedCounts(of_connections=False)
    counts.count("github", Count.ACCEPTED)
    counts.measure("webhooks", Measure.INLET_FAILED, 1)
    counts.latency("webhooks", 2.5)
    counts.log(logger.info, "buffered")

    [line] = lines(log)
    assert declared(line) == [([["source"]], ["Accepted"])]
    assert line["inlet_ms"] == 2_500
    assert not {"connection", "InletFailed"} & line.keys()


def test_written_counts_are_not_written_again(log: StringIO) -> None:
    """Counts of one invocation do not appear in the next."""
    counts = EmbeddedCounts()
    counts.count("github", Count.ACCEPTED)
    counts.flush()
    counts.flush()

    assert len(lines(log)) == 1


def test_check_is_logged_with_its_number(log: StringIO) -> None:
    log_seen("Unaccounted", 0)
    log_drift({"webhooks": 2, "orders": 0}, is_complete=True)

    [unaccounted, drift, total] = lines(log)
    assert declared(unaccounted) == [([["service"]], ["Unaccounted"])]
    assert unaccounted["Unaccounted"] == [0.0]
    assert declared(drift) == [([["connection", "service"]], ["ChainDrift"])]
    assert (drift["connection"], drift["ChainDrift"]) == ("webhooks", [2.0])
    assert declared(total) == [([["service"]], ["ChainDrift"])]
    assert total["ChainDrift"] == [2.0]


def test_drift_of_one_connection_is_not_the_total(log: StringIO) -> None:
    log_drift({"webhooks": 2}, is_complete=False)

    [drift] = lines(log)
    assert declared(drift) == [([["connection", "service"]], ["ChainDrift"])]


def test_check_without_a_connection_reports_zero(log: StringIO) -> None:
    log_drift({}, is_complete=True)

    [total] = lines(log)
    assert (total["ChainDrift"], declared(total)) == ([0.0], [([["service"]], ["ChainDrift"])])


def test_no_concurrent_count_is_lost(log: StringIO) -> None:
    counts = EmbeddedCounts()
    over = Event()

    def count(_: int) -> None:
        for _ in range(2_000):
            counts.count("github", Count.ACCEPTED)
            counts.measure("webhooks", Measure.INLET_FAILED, 1)

    def flush() -> None:
        while not over.is_set():
            counts.flush()
        counts.flush()

    with ThreadPoolExecutor(5) as pool:
        flushing = pool.submit(flush)
        list(pool.map(count, range(4)))
        over.set()
        flushing.result()

    written = lines(log)
    assert sum(sum(line.get("Accepted", ())) for line in written) == 8_000
    assert sum(sum(line.get("InletFailed", ())) for line in written) == 8_000
