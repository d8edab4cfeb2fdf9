"""Each fault raises the alarms of the template that are meant for it, and no others.

CloudWatch's evaluation is emulated for a day without a fault, hours with it and hours after it. The
metrics of the functions are read from their output. The metrics of AWS are derived from the
responses, their duration and the messages in the queues.
"""

from collections.abc import Callable, Iterator

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
from tests.support.alarm_faults import FAULTS, bug_at_one_message
from tests.support.cloudwatch_alarms import State
from tests.support.delivery_cloud import delivery_cloud
from tests.support.watched_cloud import Watched


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    with delivery_cloud(monkeypatch) as cloud:
        yield Watched(cloud, monkeypatch)


START, END, LATER = 18 * HOUR, 30 * HOUR, 44 * HOUR
"""When a fault begins and ends, and the last evaluation, in minutes."""


def collected(watched: Watched, fault: Callable[[Watched], None]) -> Metrics:
    """The metrics of a fault and of the checks that run meanwhile."""
    fault(watched)
    watched.cloud.adobe.faults.clear()
    watched.check_drift()
    watched.run_all_checks()
    watched.collect()
    return watched.metrics


def healthy_but(metrics: Metrics, end: int = END) -> Timeline:
    """A stack without a fault, except from `START` to `end`."""
    timeline = Timeline()
    for name in CHECKS:
        timeline.check(interval(name), START, [name])
        timeline.check(END, LATER, [name])
    timeline.repeat(metrics, START, end)
    return timeline


def in_alarm(notifications: list[Notification]) -> list[str]:
    """The alarms that notified of state ALARM, once for each time."""
    assert all(START < each.minute <= END for each in notifications if each.state is State.ALARM), (
        notifications
    )
    return sorted(each.alarm for each in notifications if each.state is State.ALARM)


@pytest.mark.parametrize("name", FAULTS)
def test_fault_raises_its_alarms_once_also_while_a_dead_letter_waits(
    watched: Watched, name: str
) -> None:
    fault, expected = FAULTS[name]
    timeline = healthy_but(collected(watched, fault))

    alone = timeline.notifications(LATER)
    timeline.repeat(one_dead_letter(), HOUR, LATER)
    beside = timeline.notifications(LATER)

    assert in_alarm(alone) == sorted(expected)
    for alarm in expected:  # It ends, at the latest when its points have left the evaluation range.
        ended = [each for each in alone if each.alarm == alarm][-1]
        evaluated = template_alarms()[alarm]
        assert ended.state is State.OK
        assert ended.minute <= END + (evaluated.periods + 2) * evaluated.query.period + HOUR
    standing = [each for each in beside if each.alarm == "DeadLettersAlarm"]
    assert standing[-1] == (HOUR + 1, "DeadLettersAlarm", State.ALARM)
    assert [each for each in beside if each not in standing] == [
        each for each in alone if each.alarm != "DeadLettersAlarm"
    ]


def one_dead_letter() -> Metrics:
    """A dead letter that stays in the queue."""
    metrics = Metrics()
    queue = {"QueueName": "DeadLetters"}
    metrics.add("AWS/SQS", "ApproximateNumberOfMessagesVisible", queue, 1)
    return metrics


def test_one_bug_at_one_message_raises_an_alarm(watched: Watched) -> None:
    metrics = collected(watched, bug_at_one_message)

    # Once only, and checks without a result.
    notifications = healthy_but(metrics, START + 1).notifications(START + HOUR)

    assert in_alarm(notifications) == ["UnforeseenAlarm"]


def test_every_alarm_is_raised_by_some_fault() -> None:
    assert set().union(*(expected for _, expected in FAULTS.values())) == set(
        properties_of_alarms()
    )
