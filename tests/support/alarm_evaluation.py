"""What CloudWatch makes of the template's alarms, for metrics that the tests collected.

One period is looked at: a fault that lasts makes all periods alike.
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
"""As in the clouds of the function tests."""


@dataclass
class Metrics:
    """Values by namespace, name and dimensions."""

    values: dict[tuple[str, str, Dimensions], list[float]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def add(self, namespace: str, name: str, dimensions: Mapping[str, str], value: float) -> None:
        self.values[namespace, name, frozenset(dimensions.items())].append(value)

    def read(self, lines: Iterable[str]) -> None:
        """Take the metrics out of log lines: CloudWatch's embedded format, and our filters."""
        for line in lines:
            try:
                document = json.loads(line)
            except ValueError:
                continue
            for told in document.get("_aws", {}).get("CloudWatchMetrics", []):
                for names in told["Dimensions"]:
                    dimensions = {name: document[name] for name in names}
                    for metric in told["Metrics"]:
                        for value in document[metric["Name"]]:
                            self.add(told["Namespace"], metric["Name"], dimensions, value)
            self._filter(document)

    def _filter(self, document: Mapping[str, Any]) -> None:
        for item in resources().values():
            if item["Type"] != "AWS::Logs::MetricFilter":
                continue
            written = item["Properties"]
            [message] = re.findall(r'^{ \$\.message = "([^"]+)" }$', written["FilterPattern"])
            if document.get("message") != message:
                continue
            [to] = written["MetricTransformations"]
            dimensions = {
                each["Key"]: str(document[each["Value"].removeprefix("$.")])
                for each in to.get("Dimensions", ())
            }
            self.add(NAMESPACE, to["MetricName"], dimensions, float(to["MetricValue"]))


def ringing(metrics: Metrics) -> set[str]:
    """The alarms of the template that go off."""
    return {
        name
        for name, item in resources().items()
        if item["Type"] == "AWS::CloudWatch::Alarm" and _rings(item["Properties"], metrics)
    }


def _rings(alarm: Mapping[str, Any], metrics: Metrics) -> bool:
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
