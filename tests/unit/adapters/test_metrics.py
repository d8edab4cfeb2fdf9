"""Counts as metrics that are embedded in the log."""

import json

import pytest

from bridge.adapters.metrics import EmbeddedCounts
from bridge.delivery.counts import Count


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "InletBridge/dev")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "receiver")


def test_each_count_is_a_metric_of_its_source(capsys: pytest.CaptureFixture[str]) -> None:
    """CloudWatch's embedded metric format."""
    counts = EmbeddedCounts()
    counts.count("github", Count.ACCEPTED, Count.DELIVERED)
    counts.count("github", Count.ACCEPTED)
    counts.flush()

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    told = {
        (line["_aws"]["CloudWatchMetrics"][0]["Metrics"][0]["Name"], line["source"]): line
        for line in lines
    }
    assert set(told) == {("Accepted", "github"), ("Delivered", "github")}
    accepted = told["Accepted", "github"]
    assert accepted["Accepted"] == [2.0]
    assert accepted["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "InletBridge/dev"
    assert "source" in accepted["_aws"]["CloudWatchMetrics"][0]["Dimensions"][0]


def test_what_was_told_is_not_told_again(capsys: pytest.CaptureFixture[str]) -> None:
    """One invocation after the other."""
    counts = EmbeddedCounts()
    counts.count("github", Count.ACCEPTED)
    counts.flush()
    counts.flush()

    assert len(capsys.readouterr().out.splitlines()) == 1
