"""Tests of the watch: two scheduled checks with one metric each."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bridge.watch.checks import Watch
from functions.watch import handler, wiring
from tests.support.delivery_cloud import DeliveryCloud, delivery_cloud
from tests.support.provisioner_cloud import Context
from tests.support.sam_template import resources

METRICS = ("QuietSources", "Unaccounted")


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeliveryCloud]:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "watch")
    with delivery_cloud(monkeypatch) as cloud:
        wiring.watch.cache_clear()
        yield cloud
        wiring.watch.cache_clear()


def look(metric: str) -> dict[str, int]:
    context: Any = Context(300, function_name="watch")
    return handler.lambda_handler({"look": metric}, context)


def printed_metrics(out: str) -> dict[str, Any]:
    """Return the metrics that were printed."""
    lines = [json.loads(line) for line in out.splitlines() if '"_aws"' in line]
    return {name: line[name] for line in lines for name in METRICS if name in line}


@pytest.mark.parametrize("metric", METRICS)
def test_zero_is_reported_as_zero(
    cloud: DeliveryCloud, capsys: pytest.CaptureFixture[str], metric: str
) -> None:
    assert look(metric) == {metric: 0}
    assert printed_metrics(capsys.readouterr().out) == {metric: [0]}
    assert cloud.lines() == []


def test_counts_are_reported_and_silent_sources_are_named(
    cloud: DeliveryCloud, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Watch, "quiet", lambda _: ["github", "stripe"])
    monkeypatch.setattr(Watch, "unaccounted", lambda _: 7)

    assert [look(metric) for metric in METRICS] == [{"QuietSources": 2}, {"Unaccounted": 7}]
    assert printed_metrics(capsys.readouterr().out) == {"QuietSources": [2], "Unaccounted": [7]}
    [line] = cloud.lines()
    assert (line["message"], line["sources"]) == ("quiet", ["github", "stripe"])


@pytest.mark.parametrize(
    ("operation", "metric"),
    [
        ("ssm.GetParametersByPath", "QuietSources"),
        ("cloudwatch.GetMetricData", "QuietSources"),
        ("dynamodb.Query", "Unaccounted"),
        ("sqs.GetQueueAttributes", "Unaccounted"),
    ],
)
def test_failing_check_reports_no_metric(
    cloud: DeliveryCloud, capsys: pytest.CaptureFixture[str], operation: str, metric: str
) -> None:
    cloud.fail(operation)

    assert look(metric) == {}
    assert printed_metrics(capsys.readouterr().out) == {}
    assert [line["message"] for line in cloud.lines()] == ["unavailable"]


def test_template_schedules_both_checks() -> None:
    events = resources()["WatchFunction"]["Properties"]["Events"].values()

    assert {json.loads(each["Properties"]["Input"])["look"] for each in events} == set(METRICS)
