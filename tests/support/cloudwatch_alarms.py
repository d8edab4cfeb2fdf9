"""Evaluate metric alarms over time as CloudWatch does.

CloudWatch user guide: alarm-evaluation.html, alarms-and-missing-data.html, alarm-warm-up.html and
using-metric-math.html below https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/.
Times are minutes since the alarm was created; the data of minute m is complete at m + 1.
"""

import operator
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, partial
from itertools import pairwise
from statistics import quantiles

EXTRA_POINTS = 2
"""Points of the evaluation range beyond `EvaluationPeriods` in the examples of AWS, which states
only that their number depends on the period. Tests of the template use several numbers."""
MULTI_DAY = 24 * 60
"""Alarms with a longer window are evaluated once per hour, up to the full hour."""

type Point = bool | None
"""Whether a data point breaches the threshold; None is missing."""


class State(StrEnum):
    """States of an alarm."""

    OK = "OK"
    ALARM = "ALARM"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"


def next_state(
    points: Sequence[Point], periods: int, to_alarm: int, missing: str, state: State
) -> State:
    """The state after an evaluation.

    Args:
        points: those of the evaluation range, oldest first.
        periods: `EvaluationPeriods`.
        to_alarm: `DatapointsToAlarm`.
        missing: `TreatMissingData`.
        state: the current state.
    """
    real = [point for point in points if point is not None]
    if len(real) >= periods:  # The most recent real points; missing ones do not count.
        return _alarm_if(sum(real[-periods:]) >= to_alarm)
    breaching = sum(real) + (periods - len(real) if missing == "breaching" else 0)
    if breaching >= to_alarm or missing in {"breaching", "notBreaching"}:
        return _alarm_if(breaching >= to_alarm)
    if False in real:
        return State.OK
    if missing == "ignore":
        return state
    if not real:
        return State.INSUFFICIENT_DATA
    # "Premature alarm state": fewer breaching points than necessary, the oldest of them at least
    # as old as `DatapointsToAlarm`, and since then only missing ones. For a younger one the page
    # only excludes ALARM.
    age = len(points) - points.index(True)
    return State.ALARM if age >= to_alarm else State.OK


def _alarm_if(breaching: bool) -> State:  # noqa: FBT001
    return State.ALARM if breaching else State.OK


class Samples:
    """Values with their minute, by metric."""

    def __init__(self) -> None:
        self._values: dict[object, list[tuple[int, float]]] = defaultdict(list)

    def add(self, metric: object, minute: int, value: float) -> None:
        insort(self._values[metric], (minute, value))

    def of(self, metric: object) -> tuple[tuple[int, float], ...]:
        """The values of a metric with their minutes, in their order."""
        return tuple(self._values.get(metric, ()))

    def first(self, metric: object) -> int | None:
        """The minute of the first value, if there is any."""
        values = self._values.get(metric)
        return values[0][0] if values else None

    def between(self, metric: object, start: int, end: int) -> list[float]:
        """The values of the minutes from `start` to the one before `end`."""
        values = self._values.get(metric, [])
        found = values[bisect_left(values, (start,)) : bisect_left(values, (end,))]
        return [value for _, value in found]


STATISTICS: Mapping[str, Callable[[list[float]], float]] = {
    "Sum": sum,
    "Maximum": max,
    "Minimum": min,
    "p99": lambda values: quantiles([*values, *values], n=100)[98],
}
COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
}


@dataclass(frozen=True, slots=True)
class Query:
    """One metric, or a function of it: `FILL(id, number)`, `DIFF(id)` or `DIFF(FILL(id, REPEAT))`.

    Attributes:
        repeats: a missing point has the value before it. AWS does not state whether one before the
            points of the evaluation counts; here none does.
    """

    metric: object
    period: int
    statistic: str
    function: str = ""
    fill: float = 0.0
    repeats: bool = False

    def points(
        self, value: Callable[[int], float | None], number: int, end: int
    ) -> list[float | None]:
        """The most recent points before `end`, oldest first.

        Args:
            value: returns the value of the period that ends at a minute, as `value_at`.
            number: of points.
            end: in minutes.
        """
        more = number + (self.function == "DIFF")
        found = [value(end - age * self.period) for age in reversed(range(more))]
        if self.repeats:
            for position in range(1, len(found)):
                if found[position] is None:
                    found[position] = found[position - 1]
        if self.function == "FILL":
            return [self.fill if each is None else each for each in found]
        if self.function == "DIFF":
            return [
                None if each is None or before is None else each - before
                for before, each in pairwise(found)
            ]
        return found

    def value_at(self, samples: Samples, end: int) -> float | None:
        """The statistic of the period before `end`."""
        values = samples.between(self.metric, end - self.period, end)
        return STATISTICS[self.statistic](values) if values else None


@dataclass(frozen=True, slots=True)
class Alarm:
    """The properties of an alarm that matter for its state; periods are in minutes."""

    query: Query
    periods: int
    to_alarm: int
    threshold: float
    comparison: str
    missing: str
    warm_up: int = 0
    full_warm_up: bool = False

    @property
    def window(self) -> int:
        """`Period` × `EvaluationPeriods`."""
        return self.periods * self.query.period

    def states(
        self, samples: Samples, end: int, extra: int = EXTRA_POINTS
    ) -> Iterator[tuple[int, State]]:
        """Yield each change of the state with its minute."""
        state = State.INSUFFICIENT_DATA
        compare = COMPARISONS[self.comparison]
        value = cache(partial(self.query.value_at, samples))
        step = 60 if self.window > MULTI_DAY else 1
        start = self._start(samples)
        # Without any data all evaluations have the same result.
        last = start + step if samples.first(self.query.metric) is None else end + 1
        for minute in range(-(-start // step) * step or step, min(last, end) + 1, step):
            values = self.query.points(value, self.periods + extra, minute)
            points = [None if each is None else compare(each, self.threshold) for each in values]
            new = next_state(points, self.periods, self.to_alarm, self.missing, state)
            if new is not state:
                state = new
                yield minute, state

    def _start(self, samples: Samples) -> int:
        """When the evaluation begins. A warm-up takes place once, after the creation."""
        first = samples.first(self.query.metric)
        if self.full_warm_up or not self.warm_up or first is None:
            return self.warm_up
        # FILL makes a data point for the first period, which ends such a warm-up at once.
        return 0 if self.query.function == "FILL" else min(self.warm_up, first + self.window)
