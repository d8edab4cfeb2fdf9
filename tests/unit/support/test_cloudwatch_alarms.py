"""The evaluation of alarms gives the results of CloudWatch's own examples.

CloudWatch user guide, "Configuring how CloudWatch alarms treat missing data", "Alarm evaluation"
and "Alarm warm-up periods".
"""

import pytest

from tests.support.cloudwatch_alarms import Alarm, Query, Samples, State, next_state

OK, ALARM, NO_DATA = State.OK, State.ALARM, State.INSUFFICIENT_DATA
KEEP = None
TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")
POINTS = {"0": False, "X": True, "-": None}
THREE_OF_THREE = {
    "0 - X - X": (OK, OK, OK, OK),
    "0 - - - -": (OK, OK, OK, OK),
    "- - - - -": (NO_DATA, KEEP, ALARM, OK),
    "0 X X - X": (ALARM, ALARM, ALARM, ALARM),
    "- - X - -": (ALARM, KEEP, ALARM, OK),
}
TWO_OF_THREE = {
    "0 - X - X": (ALARM, ALARM, ALARM, ALARM),
    "0 0 X 0 X": (ALARM, ALARM, ALARM, ALARM),
    "0 - X - -": (OK, OK, ALARM, OK),
    "- - - - 0": (OK, OK, ALARM, OK),
    "- - - X -": (ALARM, KEEP, ALARM, OK),
}
"""The state for each treatment, as in the two tables of the page."""


def evaluated(points: str, to_alarm: int, missing: str, state: State) -> State:
    found = [POINTS[point] for point in points.split()]
    return next_state(found, 3, to_alarm, missing, state)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("treatment", range(4))
@pytest.mark.parametrize(
    ("to_alarm", "points", "expected"),
    [
        (to_alarm, points, expected)
        for to_alarm, table in ((3, THREE_OF_THREE), (2, TWO_OF_THREE))
        for points, expected in table.items()
    ],
)
def test_examples_of_missing_data(
    to_alarm: int, points: str, expected: tuple[State | None, ...], treatment: int, state: State
) -> None:
    found = evaluated(points, to_alarm, TREATMENTS[treatment], state)

    assert found is (expected[treatment] or state)


@pytest.mark.parametrize("points", ["- - - - X", "- - - X -", "- - - X 0", "- - X - 0"])
def test_young_breaching_point_raises_no_premature_alarm(points: str) -> None:
    assert evaluated(points, 3, "missing", OK) is OK


def alarm(query: Query, periods: int = 1, **others: object) -> Alarm:
    values: dict[str, object] = {
        "threshold": 0,
        "comparison": "GreaterThanThreshold",
        "missing": "missing",
        "to_alarm": periods,
    }
    return Alarm(query=query, periods=periods, **{**values, **others})  # type: ignore[arg-type]


def samples(*values: tuple[int, float]) -> Samples:
    found = Samples()
    for minute, value in values:
        found.add("jobs", minute, value)
    return found


def test_window_slides_by_a_minute() -> None:
    query = Query("jobs", period=5, statistic="Sum")
    found = samples((0, 0), (5, 1))

    assert list(alarm(query).states(found, 9)) == [(1, OK), (6, ALARM)]


def test_alarm_over_several_days_is_evaluated_hourly_up_to_the_full_hour() -> None:
    hours = 60
    query = Query("jobs", period=3 * 24 * hours, statistic="Maximum")
    job = 10 * hours
    found = samples((0, 0), (job + 2, 1))

    states = list(alarm(query).states(found, 12 * hours))

    assert states == [(hours, OK), (job + hours, ALARM)]


def test_stale_points_delay_the_end_of_an_alarm_by_the_evaluation_range() -> None:
    query = Query("jobs", period=5, statistic="Sum")
    found = samples((0, 1))

    assert list(alarm(query, missing="notBreaching").states(found, 60)) == [(1, ALARM), (16, OK)]
    assert list(alarm(query, missing="notBreaching").states(found, 60, extra=5)) == [
        (1, ALARM),
        (31, OK),
    ]


def test_fill_leaves_no_point_missing() -> None:
    query = Query("jobs", period=5, statistic="Sum", function="FILL", fill=1)
    found = samples((0, 0), (5, 0))

    assert list(alarm(query).states(found, 60, extra=5)) == [(1, OK), (11, ALARM)]


def test_difference_needs_two_points() -> None:
    query = Query("jobs", period=60, statistic="Maximum", function="DIFF")
    found = samples((0, 2), (60, 2), (120, 3), (180, 3), (240, 1))
    states = list(alarm(query, missing="notBreaching").states(found, 300))

    assert states == [(1, OK), (121, ALARM), (181, OK)]


def test_repeated_point_leaves_no_gap_in_a_difference() -> None:
    found = samples((0, 2), (60, 2), (180, 3), (240, 3))
    states = {
        repeats: list(
            alarm(
                Query("jobs", 60, "Maximum", function="DIFF", repeats=repeats),
                missing="notBreaching",
            ).states(found, 300)
        )
        for repeats in (False, True)
    }

    assert states == {False: [(1, OK)], True: [(1, OK), (181, ALARM), (241, OK)]}


def test_warm_up_ends_when_the_window_is_full() -> None:
    """The example of AWS: created at 10:00, data from 10:04, evaluated from 10:19."""
    query = Query("jobs", period=5, statistic="Sum")
    found = samples(*((minute, 1) for minute in range(4, 60)))

    assert list(alarm(query, 3, warm_up=30).states(found, 60)) == [(19, ALARM)]


def test_full_warm_up_delays_the_first_evaluation() -> None:
    query = Query("jobs", period=5, statistic="Sum")
    found = samples(*((minute, 1) for minute in range(60)))
    full = alarm(query, 3, warm_up=30, full_warm_up=True)

    assert list(full.states(found, 60)) == [(30, ALARM)]


def test_fill_ends_a_warm_up_at_once_that_is_not_full() -> None:
    query = Query("jobs", period=5, statistic="Sum", function="FILL", fill=1)
    found = samples((10, 0))

    assert next(iter(alarm(query, warm_up=30).states(found, 60))) == (1, ALARM)


def test_alarm_without_data_reaches_its_state_once() -> None:
    query = Query("jobs", period=5, statistic="Sum")

    assert list(alarm(query).states(samples(), 60)) == []
    assert list(alarm(query, missing="breaching").states(samples(), 60)) == [(1, ALARM)]
