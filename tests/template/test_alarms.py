"""Alarms use metrics that are emitted, and the runbook has a section for each."""

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
    "WaitingAge": {"service"},
    "Refused": {"status"},
    "RegistrationConflicts": set(),
}
"""Dimensions by metric, from `adapters/aws/metrics.py` and the metric filters of the template."""

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
    """The text below the heading with this anchor, or an empty text."""
    for heading, text in re.findall(r"^### (.+)\n((?:(?!^##).*\n?)*)", RUNBOOK, re.MULTILINE):
        if heading.lower().replace(" ", "-") == anchor:
            return str(text)
    return ""


@pytest.mark.parametrize("name", ALARMS)
def test_alarm_links_to_its_section_of_the_runbook(name: str) -> None:
    [anchor] = re.findall(r"docs/operations\.md#([a-z0-9-]+)", ALARMS[name]["AlarmDescription"])

    assert section(anchor).strip().startswith(f"`{name}`.")


def test_every_section_has_an_alarm() -> None:
    alarms = RUNBOOK.partition("## When an alarm goes off")[2].partition("\n## ")[0]

    assert set(re.findall(r"^`(\w+)`\.", alarms, re.MULTILINE)) == ALARMS.keys()


@pytest.mark.parametrize("name", ALARMS)
def test_metric_of_an_alarm_is_emitted(name: str) -> None:
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
        ("ConservationAlarm", "ConservationCheck"),
        ("SilenceAlarm", "SilenceCheck"),
    ],
)
def test_check_runs_twice_within_the_period_of_its_alarm(name: str, check: str) -> None:
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


def test_one_wrong_count_raises_no_alarm() -> None:
    assert ALARMS["ConservationAlarm"]["Statistic"] == "Minimum"


@pytest.mark.parametrize("name", ALARMS)
def test_missing_data_breaches_only_for_scheduled_checks(name: str) -> None:
    scheduled = name in {"SilenceAlarm", "ConservationAlarm", "DriftAlarm"}

    assert ALARMS[name]["TreatMissingData"] == ("breaching" if scheduled else "notBreaching")


def test_composite_alarm_includes_every_alarm() -> None:
    [rule, more] = resources()["AnyAlarm"]["Properties"]["AlarmRule"]["Fn::Sub"]
    included = set(re.findall(r"\$\{(\w+Alarm)\}", rule + json.dumps(more)))

    assert included == ALARMS.keys()


def test_dashboard_is_json_and_its_metrics_are_emitted() -> None:
    text = resources()["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    widgets: list[Any] = json.loads(text)["widgets"]
    metrics = [metric for each in widgets for metric in each["properties"]["metrics"]]
    ours = re.findall(r'MetricName=\\"(\w+)\\"', text)

    assert set(ours) <= EMITTED.keys()
    for metric in metrics:
        if isinstance(metric[0], str):
            namespace, name, *dimensions = [part for part in metric if isinstance(part, str)]
            if namespace == "InletBridge/${Stage}":
                assert set(dimensions[::2]) == EMITTED[name]
            else:
                assert name in OF_AWS[namespace][0]
                assert dimensions[::2] == [OF_AWS[namespace][1]]


def code() -> str:
    """The source code of the layer and the functions."""
    folders = (ROOT / "layers" / "bridge", ROOT / "functions")
    return "".join(path.read_text() for folder in folders for path in folder.rglob("*.py"))


def test_metric_filters_match_messages_that_are_logged() -> None:
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


def test_saved_queries_match_messages_that_are_logged() -> None:
    queries = [
        item["Properties"]["QueryString"]
        for item in resources().values()
        if item["Type"] == "AWS::Logs::QueryDefinition"
    ]

    for message in re.findall(r'message = "([^"]+)"', " ".join(queries)):
        assert f'"{message}"' in code()
    assert len(queries) == 4


def test_monitoring_is_one_block_at_the_end_of_the_template() -> None:
    monitored = [
        item.get("Condition", "") in {"HasAlarms", "HasEventsAlarm"}
        for item in resources().values()
    ]

    assert monitored == sorted(monitored)
