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


def logged_metrics(cloud: DeliveryCloud) -> dict[str, Any]:
    """Return the metrics that were logged."""
    lines = [line for line in cloud.lines() if "_aws" in line]
    return {name: line[name] for line in lines for name in METRICS if name in line}


def messages(cloud: DeliveryCloud) -> list[str]:
    return [line["message"] for line in cloud.lines()]


@pytest.mark.parametrize("metric", METRICS)
def test_zero_is_reported_as_zero(cloud: DeliveryCloud, metric: str) -> None:
    assert look(metric) == {metric: 0}
    assert logged_metrics(cloud) == {metric: [0]}
    assert messages(cloud) == ["metrics"]


def test_counts_are_reported_and_silent_sources_are_named(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Watch, "quiet", lambda _: ["github", "stripe"])
    monkeypatch.setattr(Watch, "unaccounted", lambda _: 7)

    assert [look(metric) for metric in METRICS] == [{"QuietSources": 2}, {"Unaccounted": 7}]
    assert logged_metrics(cloud) == {"QuietSources": [2], "Unaccounted": [7]}
    [line] = [line for line in cloud.lines() if line["message"] == "quiet"]
    assert line["sources"] == ["github", "stripe"]


@pytest.mark.parametrize(
    ("operation", "metric"),
    [
        ("ssm.GetParametersByPath", "QuietSources"),
        ("cloudwatch.GetMetricData", "QuietSources"),
        ("dynamodb.Query", "Unaccounted"),
        ("sqs.GetQueueAttributes", "Unaccounted"),
    ],
)
def test_failing_check_reports_no_metric(cloud: DeliveryCloud, operation: str, metric: str) -> None:
    cloud.fail(operation)

    assert look(metric) == {}
    assert logged_metrics(cloud) == {}
    assert messages(cloud) == ["unavailable"]


def test_template_schedules_both_checks() -> None:
    events = resources()["WatchFunction"]["Properties"]["Events"].values()

    assert {json.loads(each["Properties"]["Input"])["look"] for each in events} == set(METRICS)
