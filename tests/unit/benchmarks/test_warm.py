"""Warm calls of several subjects."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

import pytest

from benchmarks.environment import Environment
from benchmarks.subjects import NAIVE, NULL, RECEIVER, Subject
from benchmarks.warm import Calls, Schedule, back_to_back, in_turn, measure_warm

if TYPE_CHECKING:
    from benchmarks.runtime import BenchmarkRuntime

SUBJECTS = (NULL, NAIVE, RECEIVER)
CPU_MS = {NULL: 1.0, NAIVE: 4.0, RECEIVER: 3.0}
INLET_MS = 2.0


class FakeEnvironment:
    """A function whose calls all take the same time."""

    def __init__(self, subject: Subject, made: list[tuple[Subject, str]]) -> None:
        self._subject, self._made = subject, made
        self._calls = 0

    def start(self, event: bytes) -> None:
        self.call(event)

    def call(self, event: bytes) -> None:
        self._calls += 1
        self._made.append((self._subject, json.loads(event)["headers"]["x-github-delivery"]))

    def cpu_ms(self) -> float:
        return self._calls * CPU_MS[self._subject]

    def durations_ms(self) -> list[float]:
        return [CPU_MS[self._subject] + INLET_MS] * self._calls


class FakeRuntime:
    """Environments, and an inlet that is called once in a call of every subject but null."""

    def __init__(self) -> None:
        self.made: list[tuple[Subject, str]] = []

    @contextmanager
    def environment(self, subject: Subject) -> Iterator[Environment]:
        yield cast("Environment", FakeEnvironment(subject, self.made))

    def inlet_times_ms(self) -> list[float]:
        return [] if self.made[-1][0] is NULL else [INLET_MS]


def test_each_round_calls_each_subject_once_in_another_order() -> None:
    order = list(in_turn(SUBJECTS, 30))
    rounds = [order[first : first + 3] for first in range(0, 90, 3)]

    assert all(set(called) == set(SUBJECTS) for called in rounds)
    assert len({tuple(subject.name for subject in called) for called in rounds}) == 6


def test_calls_back_to_back_are_of_one_subject_after_another() -> None:
    assert list(back_to_back((NULL, NAIVE), 2)) == [NULL, NULL, NAIVE, NAIVE]


@pytest.mark.parametrize("schedule", [in_turn, back_to_back])
def test_times_are_those_of_the_own_calls(schedule: Schedule) -> None:
    measured = _measured(FakeRuntime(), schedule)

    assert {name: calls.cpu for name, calls in measured.items()} == {
        subject.name: [CPU_MS[subject]] * 2 for subject in SUBJECTS
    }
    assert measured[NAIVE.name].inlet == [INLET_MS] * 10
    assert measured[NAIVE.name].durations == [CPU_MS[NAIVE]] * 10
    assert measured[NULL.name].durations == [CPU_MS[NULL] + INLET_MS] * 10


@pytest.mark.parametrize("schedule", [in_turn, back_to_back])
def test_no_webhook_is_sent_twice(schedule: Schedule) -> None:
    """The receiver would not forward it again."""
    runtime = FakeRuntime()
    _measured(runtime, schedule)

    assert len(runtime.made) == len(set(runtime.made)) == 3 * (1 + 20 + 2 * 5)


def _measured(runtime: FakeRuntime, schedule: Schedule) -> dict[str, Calls]:
    return measure_warm(
        cast("BenchmarkRuntime", runtime), SUBJECTS, 2, 5, lambda _: None, schedule=schedule
    )
