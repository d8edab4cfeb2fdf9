"""The alarms over hours, as CloudWatch evaluates them: a new stack, and checks that stop."""

import pytest

from tests.support.alarm_evaluation import (
    CHECKS,
    HOUR,
    Metrics,
    Notification,
    Timeline,
    interval,
    properties_of_alarms,
    template_alarms,
)
from tests.support.cloudwatch_alarms import State

DAY = 24 * HOUR
OTHERS = ("ChainDrift", "QuietSources", "RejectedByAdobe")
EXTRAS = (0, 2, 5)
"""Numbers of points of the evaluation range beyond `EvaluationPeriods`; AWS states none."""
SILENT_AFTER = {
    "DriftAlarm": 150,
    "SilenceAlarm": 150,
    "ConservationAlarm": 13 * HOUR,
    "RejectedByAdobeAlarm": 9 * HOUR,
}
"""Minutes after the last check, for the alarms on scheduled checks."""


def stack(*, delay: int = 0, last: int = DAY) -> Timeline:
    """Only scheduled checks, the first one an interval after their rule was created.

    Args:
        delay: minutes from the creation of the alarms to that of the rules.
        last: no check starts later.
    """
    timeline = Timeline()
    for name in CHECKS:
        timeline.check(delay + interval(name), last + 1, names=[name])
    return timeline


def alarms(found: list[Notification]) -> list[tuple[int, str]]:
    return [(each.minute, each.alarm) for each in found if each.state is State.ALARM]


@pytest.mark.parametrize("extra", EXTRAS)
@pytest.mark.parametrize("delay", [0, 15, 55])
def test_new_stack_without_traffic_raises_no_alarm(extra: int, delay: int) -> None:
    found = stack(delay=delay).notifications(DAY, extra)

    assert alarms(found) == []
    # Each alarm notifies once of its first state.
    assert sorted(each.alarm for each in found) == sorted(properties_of_alarms())


@pytest.mark.parametrize("extra", EXTRAS)
def test_check_that_never_runs_raises_its_alarm_after_the_stated_time(extra: int) -> None:
    found = alarms(Timeline().notifications(DAY, extra))

    assert {name: minute for minute, name in found} == SILENT_AFTER


@pytest.mark.parametrize("extra", EXTRAS)
@pytest.mark.parametrize("name", SILENT_AFTER)
def test_checks_that_stop_raise_their_alarm_after_the_stated_time(name: str, extra: int) -> None:
    metric = template_alarms()[name].query.metric
    last = 2 * DAY
    timeline = stack(last=last)

    [rung] = [
        minute for minute, other in alarms(timeline.notifications(3 * DAY, extra)) if other == name
    ]

    assert timeline.samples.between(metric, last, last + 1)
    # The minute of the check is complete a minute later.
    assert rung == last + 1 + SILENT_AFTER[name]


@pytest.mark.parametrize("extra", EXTRAS)
@pytest.mark.parametrize("missed", range(3, 6))
def test_late_or_missed_check_raises_no_alarm(extra: int, missed: int) -> None:
    timeline = Timeline()
    for name in CHECKS:
        for run in range(1, 3 * DAY // interval(name)):
            late = (0, 4, 1, 9)[run % 4]
            if run != missed:
                start = run * interval(name) + late
                timeline.check(start, start + 1, names=[name])

    assert alarms(timeline.notifications(2 * DAY, extra)) == []


@pytest.mark.parametrize("extra", EXTRAS)
def test_one_wrong_count_of_unaccounted_deliveries_raises_no_alarm(extra: int) -> None:
    timeline = stack(last=DAY - 1)
    timeline.repeat(check("Unaccounted", 1), DAY, DAY + 1)
    timeline.check(DAY + interval("Unaccounted"), 3 * DAY, names=["Unaccounted"])
    timeline.check(DAY, 3 * DAY, names=OTHERS)

    assert alarms(timeline.notifications(2 * DAY, extra)) == []


@pytest.mark.parametrize("extra", EXTRAS)
def test_two_counts_of_unaccounted_deliveries_raise_the_alarm_within_seven_hours(
    extra: int,
) -> None:
    timeline = stack(last=DAY - 1)
    timeline.repeat(check("Unaccounted", 1), DAY, 2 * DAY)
    timeline.check(DAY, 3 * DAY, names=OTHERS)

    [(minute, name)] = alarms(timeline.notifications(2 * DAY, extra))

    assert name == "ConservationAlarm"
    assert interval("Unaccounted") < minute - DAY <= 7 * HOUR + 1


@pytest.mark.parametrize("extra", EXTRAS)
def test_further_silent_source_notifies_while_the_first_one_is_silent(extra: int) -> None:
    timeline = stack(last=DAY - 1)
    timeline.check(DAY, 4 * DAY, names=["ChainDrift", "Unaccounted", "RejectedByAdobe"])
    timeline.repeat(check("QuietSources", 1), DAY, 2 * DAY)
    timeline.repeat(check("QuietSources", 2), 2 * DAY, 4 * DAY)

    found = alarms(timeline.notifications(4 * DAY, extra))

    assert sorted((minute // DAY, name) for minute, name in found) == [
        (1, "MoreSilentSourcesAlarm"),
        (1, "SilenceAlarm"),
        (2, "MoreSilentSourcesAlarm"),
    ]


@pytest.mark.parametrize("extra", EXTRAS[1:])
@pytest.mark.parametrize("missed", [(), (48,), (49,), (24, 47, 50)])
def test_late_or_missed_check_notifies_once_of_a_further_silent_source(
    extra: int, missed: tuple[int, ...]
) -> None:
    timeline = stack(last=DAY - 1)
    timeline.check(DAY, 4 * DAY, names=["ChainDrift", "Unaccounted", "RejectedByAdobe"])
    for run in set(range(24, 96)) - set(missed):
        start = run * HOUR + (0, 1, 0, 4, 9)[run % 5]
        timeline.repeat(check("QuietSources", 1 if run < 48 else 2), start, start + 1)

    found = alarms(timeline.notifications(4 * DAY, extra))

    assert sorted((minute // DAY, name) for minute, name in found) == [
        (1, "MoreSilentSourcesAlarm"),
        (1, "SilenceAlarm"),
        (2, "MoreSilentSourcesAlarm"),
    ]


def check(name: str, value: float) -> Metrics:
    """The metric of a scheduled check."""
    metrics = Metrics()
    metrics.add("InletBridge/dev", name, CHECKS[name][1], value)
    return metrics
