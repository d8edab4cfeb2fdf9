"""Evaluate the template's alarms over hours, on metrics that tests collected."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from tests.support.cloudwatch_alarms import EXTRA_POINTS, Alarm, Query, Samples, State
from tests.support.sam_template import functions, resources, source_resources

type Dimensions = frozenset[tuple[str, str]]
type Metric = tuple[str, str, Dimensions]

NAMESPACE = "InletBridge/dev"
HOUR = 60
CHECKS = {
    "ChainDrift": ("DriftCheck", {"service": "provisioner"}),
    "QuietSources": ("SilenceCheck", {"service": "watch"}),
    "Unaccounted": ("ConservationCheck", {"service": "watch"}),
    "RejectedByAdobe": ("IngestionCheck", {"service": "reconciler"}),
}
"""The schedule and the dimensions of each metric that a scheduled check emits."""
REPORTED_EVERY = {"RejectedByAdobe": 6}
"""Of how many runs one emits the metric if it finds nothing."""


@dataclass
class Metrics:
    """Values by namespace, name and dimensions."""

    values: dict[Metric, list[float]] = field(default_factory=lambda: defaultdict(list))

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
        counted: dict[Metric, float] = {}  # Several log groups may have the same filter.
        for item in resources().values():
            if item["Type"] != "AWS::Logs::MetricFilter":
                continue
            properties = item["Properties"]
            [(message, status)] = re.findall(
                r'^{ \$\.message = "([^"]+)"(?: && \$\.status = (\d+))? }$',
                properties["FilterPattern"],
            )
            if document.get("message") != message:
                continue
            if status and document.get("status") != int(status):
                continue
            [metric] = properties["MetricTransformations"]
            dimensions = frozenset(
                (each["Key"], str(document[each["Value"].removeprefix("$.")]))
                for each in metric.get("Dimensions", ())
            )
            counted[NAMESPACE, metric["MetricName"], dimensions] = float(metric["MetricValue"])
        for name, value in counted.items():
            self.values[name].append(value)


class Notification(NamedTuple):
    """What the topic receives."""

    minute: int
    alarm: str
    state: State


class Timeline:
    """The metrics of a stack that was created at minute 0."""

    def __init__(self) -> None:
        self.samples = Samples()

    def check(self, start: int, end: int, names: Iterable[str] = CHECKS) -> None:
        """The scheduled checks find nothing from `start` until before `end`."""
        for name in names:
            dimensions = frozenset(CHECKS[name][1].items())
            for minute in range(start, end, interval(name)):
                if (minute // HOUR) % REPORTED_EVERY.get(name, 1) == 0:
                    self.samples.add((NAMESPACE, name, dimensions), minute, 0)

    def repeat(self, metrics: Metrics, start: int, end: int) -> None:
        """A state that lasts: checks emit by their schedule, everything else every five minutes."""
        for metric, values in metrics.values.items():
            for minute in range(start, end, interval(metric[1]) if metric[1] in CHECKS else 5):
                for value in values:
                    self.samples.add(metric, minute, value)

    def notifications(self, end: int, extra: int = EXTRA_POINTS) -> list[Notification]:
        """What the topic of `AlarmTopicArn` receives until `end`, in order."""
        return sorted(
            Notification(minute, name, state)
            for name, alarm in template_alarms().items()
            for minute, state in _states(alarm, self.samples.of(alarm.query.metric), end, extra)
            if _notifies(name, state)
        )


@cache
def _states(
    alarm: Alarm, values: tuple[tuple[int, float], ...], end: int, extra: int
) -> tuple[tuple[int, State], ...]:
    """The states of an alarm; those of most alarms are the same whatever the fault."""
    samples = Samples()
    for minute, value in values:
        samples.add(alarm.query.metric, minute, value)
    return tuple(alarm.states(samples, end, extra))


def interval(metric: str) -> int:
    """Minutes between two runs of the check that emits a metric."""
    [rate] = (
        function["Events"][CHECKS[metric][0]]["Properties"]["Schedule"]
        for function in functions().values()
        if CHECKS[metric][0] in function.get("Events", {})
    )
    number, unit = rate.removeprefix("rate(").removesuffix(")").split()
    return int(number) * {"minute": 1, "hour": HOUR}[unit.removesuffix("s")]


def properties_of_alarms() -> dict[str, dict[str, Any]]:
    """The properties of the metric alarms of both templates by logical id."""
    return {
        name: item["Properties"]
        for name, item in {**resources(), **source_resources()}.items()
        if item["Type"] == "AWS::CloudWatch::Alarm"
    }


@cache
def template_alarms() -> dict[str, Alarm]:
    """The metric alarms by logical id."""
    return {name: _alarm(found) for name, found in properties_of_alarms().items()}


def _alarm(properties: Mapping[str, Any]) -> Alarm:
    warm_up = properties.get("WarmUpConfiguration", {})
    return Alarm(
        query=_query(properties),
        periods=properties["EvaluationPeriods"],
        to_alarm=properties.get("DatapointsToAlarm", properties["EvaluationPeriods"]),
        threshold=properties["Threshold"],
        comparison=properties["ComparisonOperator"],
        missing=properties["TreatMissingData"],
        warm_up=warm_up.get("WarmUpPeriodDurationInMinutes", 0),
        full_warm_up=warm_up.get("OnlyStartEvaluatingAfterWarmUpPeriodEnds", False),
    )


def _query(properties: Mapping[str, Any]) -> Query:
    if "Metrics" not in properties:
        statistic = properties.get("Statistic", properties.get("ExtendedStatistic"))
        return Query(metric_of(properties), properties["Period"] // 60, str(statistic))
    [source, watched] = properties["Metrics"]
    expression, repeats = re.subn(r"FILL\((\w+), REPEAT\)", r"\1", watched["Expression"])
    [(function, used, _, number)] = re.findall(r"^(FILL|DIFF)\(([a-z]\w*)(, (\d+))?\)$", expression)
    assert used == source["Id"]
    found = source["MetricStat"]
    return Query(
        metric_of(found["Metric"]),
        found["Period"] // 60,
        found["Stat"],
        function,
        float(number or 0),
        repeats=bool(repeats),
    )


def metric_of(metric: Mapping[str, Any]) -> Metric:
    """The metric with the parameters of the function tests."""
    namespace = metric["Namespace"] if isinstance(metric["Namespace"], str) else NAMESPACE
    dimensions = ((each["Name"], _resolved(each["Value"])) for each in metric["Dimensions"])
    return namespace, metric["MetricName"], frozenset(dimensions)


def _notifies(name: str, state: State) -> bool:
    action = {State.ALARM: "AlarmActions", State.OK: "OKActions"}.get(state, "")
    topic = {"Fn::If": ["HasAlarmTopic", [{"Ref": "AlarmTopicArn"}], {"Ref": "AWS::NoValue"}]}
    return bool(properties_of_alarms()[name].get(action) == topic)


def _resolved(value: Any) -> str:
    match value:
        case {"Ref": name}:
            return str(name)
        case {"Fn::GetAtt": [name, "QueueName"]}:
            return str(name)
    return str(value)
