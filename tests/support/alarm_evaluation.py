"""Evaluate the template's alarms as CloudWatch does, on metrics that tests collected.

Only one period is evaluated: a lasting fault makes all periods alike.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any

from tests.support.sam_template import resources

type Dimensions = frozenset[tuple[str, str]]

NAMESPACE = "InletBridge/dev"
PARAMETERS = {"SourceName": "github", "ConnectionName": "orders"}
"""The parameters of the function tests."""


@dataclass
class Metrics:
    """Values by namespace, name and dimensions."""

    values: dict[tuple[str, str, Dimensions], list[float]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def add(self, namespace: str, name: str, dimensions: Mapping[str, str], value: float) -> None:
        self.values[namespace, name, frozenset(dimensions.items())].append(value)

    def read(self, lines: Iterable[str]) -> None:
        """Add the metrics of log lines: embedded metric format and metric filters."""
        for line in lines:
            try:
                document = json.loads(line)
            except ValueError:
                continue
            for directive in document.get("_aws", {}).get("CloudWatchMetrics", []):
                for names in directive["Dimensions"]:
                    dimensions = {name: document[name] for name in names}
                    for metric in directive["Metrics"]:
                        for value in document[metric["Name"]]:
                            self.add(directive["Namespace"], metric["Name"], dimensions, value)
            self._filter(document)

    def _filter(self, document: Mapping[str, Any]) -> None:
        for item in resources().values():
            if item["Type"] != "AWS::Logs::MetricFilter":
                continue
            properties = item["Properties"]
            [message] = re.findall(r'^{ \$\.message = "([^"]+)" }$', properties["FilterPattern"])
            if document.get("message") != message:
                continue
            [metric] = properties["MetricTransformations"]
            dimensions = {
                each["Key"]: str(document[each["Value"].removeprefix("$.")])
                for each in metric.get("Dimensions", ())
            }
            self.add(NAMESPACE, metric["MetricName"], dimensions, float(metric["MetricValue"]))


def alarms_in_alarm(metrics: Metrics) -> set[str]:
    """Names of the alarms in state ALARM."""
    return {
        name
        for name, item in resources().items()
        if item["Type"] == "AWS::CloudWatch::Alarm" and _is_in_alarm(item["Properties"], metrics)
    }


def _is_in_alarm(alarm: Mapping[str, Any], metrics: Metrics) -> bool:
    namespace = alarm["Namespace"] if isinstance(alarm["Namespace"], str) else NAMESPACE
    dimensions = frozenset((each["Name"], _resolved(each["Value"])) for each in alarm["Dimensions"])
    values = metrics.values.get((namespace, alarm["MetricName"], dimensions), [])
    if not values:
        return bool(alarm["TreatMissingData"] == "breaching")
    match alarm.get("Statistic", alarm.get("ExtendedStatistic")):
        case "Sum":
            value = sum(values)
        case "Maximum":
            value = max(values)
        case "Minimum":
            value = min(values)
        case "p99":
            value = quantiles([*values, *values], n=100)[98]
        case other:
            raise AssertionError(other)
    if alarm["ComparisonOperator"] == "LessThanThreshold":
        return bool(value < alarm["Threshold"])
    assert alarm["ComparisonOperator"] == "GreaterThanThreshold"
    return bool(value > alarm["Threshold"])


def _resolved(value: Any) -> str:
    match value:
        case {"Ref": name}:
            return PARAMETERS.get(str(name), str(name))
        case {"Fn::GetAtt": [name, "QueueName"]}:
            return str(name)
    return str(value)
