"""The dashboard of the template shows every alarm, and its metrics are emitted."""

import json
import re
from typing import Any

from bridge.delivery.counts import Count
from tests.support.sam_template import resources, source_resources
from tests.support.template_alarms import ALARMS, EMITTED, OF_AWS, watched
from tests.support.template_policies import REGION, deployment


def dashboard(**parameters: str) -> list[dict[str, Any]]:
    """The widgets with the given parameters."""
    body = deployment(**parameters).resolved(
        resources()["Dashboard"]["Properties"]["DashboardBody"]
    )
    found: list[dict[str, Any]] = json.loads(body)["widgets"]
    return found


def test_dashboard_shows_the_state_of_every_alarm_of_the_bridge() -> None:
    [shown] = [each["properties"]["alarms"] for each in dashboard() if each["type"] == "alarm"]

    assert {arn.rpartition(":")[2] for arn in shown} == ALARMS.keys() - source_resources().keys()
    assert all(arn.startswith("arn:aws:cloudwatch:") for arn in shown)


def test_dashboards_of_one_stage_in_two_regions_have_two_names() -> None:
    """Those of an account are global; template reference, "AWS::CloudWatch::Dashboard"."""
    given = resources()["Dashboard"]["Properties"]["DashboardName"]

    assert deployment(Stage="my-stage").resolved(given) == f"inlet-bridge-my-stage-{REGION}"


def test_dashboard_shows_the_age_of_queued_events() -> None:
    """Their queues are in other stacks; user guide, "CloudWatch search expression syntax"."""
    searched = [each for each in searches() if "AWS/SQS" in each]

    assert searched == [
        (
            'SEARCH(\'{AWS/SQS,QueueName} MetricName="ApproximateAgeOfOldestMessage"'
            " inlet bridge Events', 'Maximum', 60)"
        )
    ]


def searches(**parameters: str) -> list[str]:
    """The search expressions of the dashboard."""
    return [
        metric[0]["expression"]
        for widget in dashboard(**parameters)
        for metric in widget["properties"].get("metrics", [])
        if isinstance(metric[0], dict) and "SEARCH" in metric[0]["expression"]
    ]


def test_search_of_the_dashboard_quotes_the_namespace_of_a_stage_with_a_hyphen() -> None:
    """User guide, "CloudWatch search expression syntax"."""
    expressions = [each for each in searches(Stage="my-stage") if "AWS/SQS" not in each]
    schemas = [re.findall(r"SEARCH\('\{(.+?)\} ", each) for each in expressions]

    assert expressions
    assert all(schema and schema[0].startswith('"InletBridge/my-stage",') for schema in schemas)


def test_widgets_of_the_dashboard_do_not_overlap() -> None:
    places = [(each["x"], each["y"]) for each in dashboard()]

    assert len(set(places)) == len(places)


def test_dashboard_is_json_and_its_metrics_are_emitted() -> None:
    widgets = dashboard()
    metrics = [metric for each in widgets for metric in each["properties"].get("metrics", [])]
    ours = re.findall(r'MetricName=\\"(\w+)\\"', json.dumps(metrics))

    assert ours
    assert set(ours) - {"ApproximateAgeOfOldestMessage"} <= EMITTED.keys()
    for metric in metrics:
        if isinstance(metric[0], str):
            namespace, name, *dimensions = [part for part in metric if isinstance(part, str)]
            if namespace == "InletBridge/dev":
                assert set(dimensions[::2]) == EMITTED[name]
            else:
                assert name in OF_AWS[namespace][0]
                assert dimensions[::2] == [OF_AWS[namespace][1]]


def test_every_emitted_metric_is_used() -> None:
    """Each costs 30 cents a month, for each value of its dimensions."""
    shown = json.dumps(dashboard())
    watched_by_alarms = {watched(name)["MetricName"] for name in ALARMS}
    # The scheduled check reads these.
    read = {Count.ACCEPTED.value, Count.DUPLICATE.value}

    unused = EMITTED.keys() - watched_by_alarms - read
    assert {name for name in unused if f'"{name}' not in shown} == set()
