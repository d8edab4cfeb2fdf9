"""Alarms use metrics that are emitted, and the runbook has a section for each."""

import json
import re
from datetime import timedelta

import pytest

from tests.support.alarm_evaluation import HOUR, interval, template_alarms
from tests.support.cloudwatch_alarms import MULTI_DAY
from tests.support.sam_template import ROOT, functions, resources
from tests.support.template_alarms import ALARMS, EMITTED, OF_AWS, watched

RUNBOOK = (ROOT / "docs" / "operations.md").read_text()
SCHEDULED = {
    "DriftAlarm": ("ChainDrift", timedelta(hours=2.5)),
    "ConservationAlarm": ("Unaccounted", timedelta(hours=13)),
    "SilenceAlarm": ("QuietSources", timedelta(hours=2.5)),
    "RejectedByAdobeAlarm": ("RejectedByAdobe", timedelta(hours=9)),
}
"""The metric of a scheduled check by its alarm, and the time after which missing checks ring."""


WORDS = {
    timedelta(hours=2.5): "run for two and a half hours",
    timedelta(hours=9): "succeeded for nine hours",
    timedelta(hours=13): "run for thirteen hours",
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
    metric = watched(name)
    dimensions = {each["Name"] for each in metric["Dimensions"]}
    if isinstance(metric["Namespace"], dict):
        assert metric["Namespace"] == {"Fn::Sub": "InletBridge/${Stage}"}
        assert dimensions == EMITTED[metric["MetricName"]]
    else:
        metrics, dimension = OF_AWS[metric["Namespace"]]
        assert metric["MetricName"] in metrics
        assert dimensions == {dimension}


@pytest.mark.parametrize("name", ALARMS)
def test_every_alarm_notifies_by_itself(name: str) -> None:
    topic = {"Fn::If": ["HasAlarmTopic", [{"Ref": "AlarmTopicArn"}], {"Ref": "AWS::NoValue"}]}

    assert ALARMS[name]["AlarmActions"] == topic
    assert ALARMS[name]["OKActions"] == topic
    assert "InsufficientDataActions" not in ALARMS[name]


@pytest.mark.parametrize("name", ALARMS)
def test_alarm_is_within_the_limits_of_cloudwatch(name: str) -> None:
    """API reference of `PutMetricAlarm`: `Period`, `EvaluationPeriods`, `DatapointsToAlarm`."""
    alarm = template_alarms()[name]
    seconds = alarm.query.period * 60
    periods = [
        ALARMS[name].get("Period"),
        *(each["MetricStat"]["Period"] for each in ALARMS[name].get("Metrics", [])[:1]),
    ]

    assert seconds in periods
    assert seconds % 60 == 0
    assert seconds >= 60
    assert seconds * alarm.periods <= (604_800 if seconds >= 3_600 else 86_400)
    assert 1 <= alarm.to_alarm <= alarm.periods
    assert 0 <= alarm.warm_up <= 2_880
    # An alarm over more than a day is evaluated once per hour only.
    assert alarm.window <= MULTI_DAY
    # Alarms on AWS/DynamoDB ignore missing data, whatever their setting.
    assert watched(name)["Namespace"] != "AWS/DynamoDB"


@pytest.mark.parametrize("name", [name for name, each in ALARMS.items() if "Metrics" in each])
def test_alarm_on_an_expression_has_what_cloudwatch_requires(name: str) -> None:
    """API reference of `PutMetricAlarm` and `MetricDataQuery`."""
    queries = ALARMS[name]["Metrics"]
    of_one_metric = {"MetricName", "Namespace", "Dimensions", "Period", "Statistic", "Unit"}

    assert not ALARMS[name].keys() & (of_one_metric | {"ExtendedStatistic"})
    assert [each["ReturnData"] for each in queries] == [False, True]
    assert all(re.fullmatch(r"[a-z][a-zA-Z0-9_]*", each["Id"]) for each in queries)
    # These return another number when CloudWatch requests the points of its evaluation range.
    assert not re.search(r"\b(AVG|MAX|MIN|SUM|DATAPOINT_COUNT|SEARCH)\b", queries[1]["Expression"])


@pytest.mark.parametrize("name", SCHEDULED)
def test_missing_check_rings_after_the_stated_time(name: str) -> None:
    metric, expected = SCHEDULED[name]
    alarm, minutes = template_alarms()[name], interval(metric)

    assert watched(name)["MetricName"] == metric
    assert timedelta(minutes=alarm.window) == expected
    assert f"no check has {WORDS[expected]}" in ALARMS[name]["AlarmDescription"]
    # A period has a check, also if a run is some minutes late; and one check may fail.
    assert alarm.query.period > minutes
    assert alarm.window > 2 * minutes
    # Without FILL, CloudWatch looks at older points first.
    assert (alarm.query.function, alarm.query.fill, alarm.missing) == ("FILL", 1, "breaching")
    # Warm up until all checks have run that the alarm evaluates.
    assert (alarm.warm_up, alarm.full_warm_up) == (alarm.window, True)


def test_check_emits_the_metric_of_its_alarm() -> None:
    events = {
        event: found["Properties"]
        for function in functions().values()
        for event, found in function.get("Events", {}).items()
    }

    assert json.loads(events["SilenceCheck"]["Input"])["look"] == "QuietSources"
    assert json.loads(events["ConservationCheck"]["Input"])["look"] == "Unaccounted"
    assert json.loads(events["DriftCheck"]["Input"]) == {"action": "drift"}
    assert json.loads(events["IngestionCheck"]["Input"]) == {"action": "reconcile"}
    assert interval("ChainDrift") == interval("QuietSources") == HOUR


@pytest.mark.parametrize("name", ALARMS)
def test_missing_data_breaches_only_for_scheduled_checks(name: str) -> None:
    assert ALARMS[name]["TreatMissingData"] == (
        "breaching" if name in SCHEDULED else "notBreaching"
    )


def test_no_composite_alarm_hides_an_alarm_behind_another() -> None:
    kinds = {item["Type"] for item in resources().values()}

    assert "AWS::CloudWatch::CompositeAlarm" not in kinds


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
    assert len(filters) == 5


def test_saved_queries_match_messages_that_are_logged() -> None:
    queries = [
        item["Properties"]["QueryString"]
        for item in resources().values()
        if item["Type"] == "AWS::Logs::QueryDefinition"
    ]

    for message in re.findall(r'message = "([^"]+)"', " ".join(queries)):
        assert f'"{message}"' in code()
    assert len(queries) == 8


def test_monitoring_is_one_block_at_the_end_of_the_template() -> None:
    monitored = [item.get("Condition", "") == "HasAlarms" for item in resources().values()]

    assert monitored == sorted(monitored)
