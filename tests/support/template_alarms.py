"""The alarms of the template, and the metrics that functions and AWS emit."""

from typing import Any

from bridge.delivery.counts import Count, Measure
from tests.support.alarm_evaluation import properties_of_alarms

EMITTED: dict[str, set[str]] = {
    **{count.value: {"source"} for count in Count},
    # Of all connections together.
    **{measure.value: {"service"} for measure in Measure},
    "ChainDrift": {"service"},
    "Unaccounted": {"service"},
    "QuietSources": {"service"},
    "RejectedByAdobe": {"service"},
    "WaitingAge": {"service"},
    "Refused": set(),
    "RegistrationConflicts": set(),
    "Unforeseen": set(),
}
"""Dimensions by metric, from `adapters/aws/metrics.py` and the metric filters of the template."""


OF_AWS = {
    "AWS/SQS": (
        {
            "ApproximateNumberOfMessagesVisible",
            "ApproximateAgeOfOldestMessage",
            "NumberOfMessagesSent",
        },
        "QueueName",
    ),
    "AWS/Lambda": ({"Errors", "Throttles", "Duration"}, "FunctionName"),
    "AWS/ApiGateway": ({"Count", "4xx", "5xx"}, "ApiId"),
}
"""CloudWatch user guide: metrics of Amazon SQS, AWS Lambda and HTTP APIs."""


ALARMS = properties_of_alarms()


def watched(name: str) -> dict[str, Any]:
    """The metric of an alarm, as in its properties or in its only query."""
    alarm: dict[str, Any] = ALARMS[name]
    if "Metrics" not in alarm:
        return alarm
    metric: dict[str, Any] = alarm["Metrics"][0]["MetricStat"]["Metric"]
    return metric
