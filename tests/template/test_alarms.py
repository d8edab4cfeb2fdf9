"""Alarms, the metrics that they look at, and what the runbook says of them."""

import json
import re
from typing import Any

import pytest

from bridge.delivery.counts import Count, Measure
from tests.support.sam_template import ROOT, functions, resources

RUNBOOK = (ROOT / "docs" / "operations.md").read_text()
EMITTED = {
    **{count.value: {"source", "service"} for count in Count},
    **{measure.value: {"connection", "service"} for measure in Measure},
    "ChainDrift": {"connection", "service"},
    "Unaccounted": {"service"},
    "QuietSources": {"service"},
    "Refused": {"status"},
    "RegistrationConflicts": set(),
}
"""Our own metrics with their dimensions: `adapters/aws/metrics.py`, `adapters/aws/metrics.py`,
`functions/watch` and the filters of the receiver's log."""

OF_AWS = {
    "AWS/SQS": (
        {"ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"},
        "QueueName",
    ),
    "AWS/Lambda": ({"Errors", "Throttles", "Duration"}, "FunctionName"),
    "AWS/ApiGateway": ({"Count", "4xx", "5xx"}, "ApiId"),
}
"""CloudWatch user guide: metrics of Amazon SQS, AWS Lambda and HTTP APIs."""

ALARMS = {
    name: item["Properties"]
    for name, item in resources().items()
    if item["Type"] == "AWS::CloudWatch::Alarm"
}


def section(anchor: str) -> str:
    """The text below the heading of this anchor; empty when there is none."""
    for heading, text in re.findall(r"^### (.+)\n((?:(?!^##).*\n?)*)", RUNBOOK, re.MULTILINE):
        if heading.lower().replace(" ", "-") == anchor:
            return str(text)
    return ""


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_names_the_section_that_names_it(name: str) -> None:
    [anchor] = re.findall(r"docs/operations\.md#([a-z0-9-]+)", ALARMS[name]["AlarmDescription"])

    assert section(anchor).strip().startswith(f"`{name}`.")


def test_no_section_is_without_its_alarm() -> None:
    alarms = RUNBOOK.partition("## When an alarm goes off")[2].partition("\n## ")[0]

    assert set(re.findall(r"^`(\w+)`\.", alarms, re.MULTILINE)) == ALARMS.keys()


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_looks_at_a_metric_that_somebody_emits(name: str) -> None:
    alarm = ALARMS[name]
    dimensions = {each["Name"] for each in alarm["Dimensions"]}
    if isinstance(alarm["Namespace"], dict):
        assert alarm["Namespace"] == {"Fn::Sub": "InletBridge/${Stage}"}
        assert dimensions == EMITTED[alarm["MetricName"]]
    else:
        metrics, dimension = OF_AWS[alarm["Namespace"]]
        assert alarm["MetricName"] in metrics
        assert dimensions == {dimension}


@pytest.mark.parametrize(
    ("name", "check"),
    [
        ("DriftAlarm", "DriftCheck"),
        ("ConservationAlarm", "LookForDeliveries"),
        ("SilenceAlarm", "LookForSources"),
    ],
)
def test_a_check_runs_twice_within_the_time_that_its_alarm_looks_at(name: str, check: str) -> None:
    events = {
        event: found["Properties"]
        for function in functions().values()
        for event, found in function.get("Events", {}).items()
    }
    rate = events[check]["Schedule"]
    hours = int(rate.removeprefix("rate(").split()[0])

    assert rate == f"rate({hours} {'hour' if hours == 1 else 'hours'})"
    assert ALARMS[name]["Period"] == 2 * hours * 3_600
    if name != "DriftAlarm":
        assert json.loads(events[check]["Input"])["look"] == ALARMS[name]["MetricName"]


def test_a_single_count_that_is_off_does_not_ring() -> None:
    assert ALARMS["ConservationAlarm"]["Statistic"] == "Minimum"


@pytest.mark.parametrize("name", ALARMS)
def test_missing_data_is_a_fault_where_silence_is(name: str) -> None:
    silence = name in {"SilenceAlarm", "ConservationAlarm", "DriftAlarm"}

    assert ALARMS[name]["TreatMissingData"] == ("breaching" if silence else "notBreaching")


def test_the_alarm_of_all_listens_to_each() -> None:
    [rule, more] = resources()["AnyAlarm"]["Properties"]["AlarmRule"]["Fn::Sub"]
    told = set(re.findall(r"\$\{(\w+Alarm)\}", rule + json.dumps(more)))

    assert told == ALARMS.keys()


def test_the_dashboard_is_json_and_shows_metrics_that_somebody_emits() -> None:
    text = resources()["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    widgets: list[Any] = json.loads(text)["widgets"]
    shown = [metric for each in widgets for metric in each["properties"]["metrics"]]
    ours = re.findall(r'MetricName=\\"(\w+)\\"', text)

    assert set(ours) <= EMITTED.keys()
    for metric in shown:
        if isinstance(metric[0], str):
            namespace, name, *dimensions = [part for part in metric if isinstance(part, str)]
            if namespace == "InletBridge/${Stage}":
                assert set(dimensions[::2]) == EMITTED[name]
            else:
                assert name in OF_AWS[namespace][0]
                assert dimensions[::2] == [OF_AWS[namespace][1]]


def code() -> str:
    """Of the functions."""
    code = "".join(path.read_text() for path in (ROOT / "layers" / "bridge").rglob("*.py"))
    return code + "".join(path.read_text() for path in (ROOT / "functions").rglob("*.py"))


def test_the_filters_count_lines_that_are_written() -> None:
    filters = [
        item["Properties"]
        for item in resources().values()
        if item["Type"] == "AWS::Logs::MetricFilter"
    ]

    for written in filters:
        [message] = re.findall(r'\$\.message = "([^"]+)"', written["FilterPattern"])
        [metric] = written["MetricTransformations"]
        assert re.search(rf'logger\.\w+\(\s*"{message}"', code())
        assert {each["Key"] for each in metric.get("Dimensions", ())} == EMITTED[
            metric["MetricName"]
        ]
    assert len(filters) == 2


def test_the_queries_look_for_lines_that_are_written() -> None:
    queries = [
        item["Properties"]["QueryString"]
        for item in resources().values()
        if item["Type"] == "AWS::Logs::QueryDefinition"
    ]

    for message in re.findall(r'message = "([^"]+)"', " ".join(queries)):
        assert f'"{message}"' in code()
    assert len(queries) == 4
