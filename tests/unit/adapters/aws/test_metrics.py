"""Tests of counts in CloudWatch's embedded metric format."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from bridge.adapters.aws.metrics import EmbeddedCounts
from bridge.delivery.counts import Count, Measure


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "InletBridge/dev")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "receiver")


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_source_has_one_line_with_its_counts(capsys: pytest.CaptureFixture[str]) -> None:
    """CloudWatch's embedded metric format."""
    counts = EmbeddedCounts()
    counts.count("github", Count.ACCEPTED, Count.DELIVERED)
    counts.count("github", Count.ACCEPTED)
    counts.count("stripe", Count.DUPLICATE)
    counts.flush()

    [github, stripe] = lines(capsys)
    [output] = github["_aws"]["CloudWatchMetrics"]
    assert output["Namespace"] == "InletBridge/dev"
    assert output["Dimensions"] == [["source", "service"]]
    assert output["Metrics"] == [
        {"Name": "Accepted", "Unit": "Count"},
        {"Name": "Delivered", "Unit": "Count"},
    ]
    assert (github["source"], github["service"]) == ("github", "receiver")
    assert (github["Accepted"], github["Delivered"]) == ([2.0], [1.0])
    assert (stripe["source"], stripe["Duplicate"]) == ("stripe", [1.0])


def test_connection_has_one_line_with_all_its_values(capsys: pytest.CaptureFixture[str]) -> None:
    counts = EmbeddedCounts()
    counts.measure("webhooks", Measure.INLET_LATENCY, 12.5)
    counts.measure("webhooks", Measure.INLET_LATENCY, 80.0)
    counts.measure("webhooks", Measure.INLET_THROTTLED, 1)
    counts.flush()

    [line] = lines(capsys)
    [output] = line["_aws"]["CloudWatchMetrics"]
    assert output["Dimensions"] == [["connection", "service"]]
    assert output["Metrics"] == [
        {"Name": "InletLatency", "Unit": "Milliseconds"},
        {"Name": "InletThrottled", "Unit": "Count"},
    ]
    assert line["InletLatency"] == [12.5, 80.0]
    assert line["connection"] == "webhooks"


def test_more_than_a_hundred_values_are_split_into_several_lines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """CloudWatch accepts a hundred values per metric."""
    counts = EmbeddedCounts()
    for _ in range(250):
        counts.measure("webhooks", Measure.INLET_LATENCY, 1.0)
    counts.flush()

    output = lines(capsys)
    assert sum(len(line["InletLatency"]) for line in output) == 250
    assert max(len(line["InletLatency"]) for line in output) <= 100
    assert {line["connection"] for line in output} == {"webhooks"}


def test_written_counts_are_not_written_again(capsys: pytest.CaptureFixture[str]) -> None:
    """Counts of one invocation do not appear in the next."""
    counts = EmbeddedCounts()
    counts.count("github", Count.ACCEPTED)
    counts.flush()
    counts.flush()

    assert len(capsys.readouterr().out.splitlines()) == 1


def test_no_concurrent_count_is_lost(
    capsys: pytest.CaptureFixture[str],
) -> None:
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

    written = lines(capsys)
    assert sum(sum(line.get("Accepted", ())) for line in written) == 8_000
    assert sum(sum(line.get("InletFailed", ())) for line in written) == 8_000
