"""Tests of the scheduled checks: unaccounted deliveries and silent sources."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from bridge.watch.checks import (
    SETTLED_AFTER,
    Watch,
    history_begins,
    is_quiet,
    missing,
    source_names,
)
from tests.support.fakes import NOON, FakeClock, FakeParameters

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@dataclass
class WatchedBridge:
    """The table, the queue and the history at once."""

    waiting: int = 0
    depths: list[int] = field(default_factory=lambda: [0, 0])
    hours: dict[str, list[datetime]] = field(default_factory=dict)
    asked: list[object] = field(default_factory=list)

    def waiting_since(self, moment: datetime) -> int:
        self.asked.append(moment)
        return self.waiting

    def depth(self) -> int:
        self.asked.append("depth")
        return self.depths.pop(0)

    def heard(self, sources: Sequence[str], since: datetime) -> Mapping[str, Iterable[datetime]]:
        self.asked.append((tuple(sources), since))
        return {name: self.hours.get(name, []) for name in sources}


def watch(watched: WatchedBridge, *documents: str) -> Watch:
    values = {f"/inlet-bridge/dev/sources/{name}": "{}" for name in documents}
    return Watch("dev", DAY, FakeParameters(values), watched, watched, watched, FakeClock())


@pytest.mark.parametrize(
    ("recorded", "depths", "expected"),
    [
        (0, (0, 0), 0),
        (1, (0, 0), 1),
        (3, (5, 2), 0),  # Three of the five were delivered while the table was read.
        (3, (0, 3), 0),  # A redrive brought three.
        (100, (91, 0), 0),  # SQS counts approximately.
        (100, (90, 0), 1),
        (1, (9, 9), 0),  # More waits than is recorded.
    ],
)
def test_delivery_that_is_recorded_but_not_queued_is_missing(
    recorded: int, depths: tuple[int, int], expected: int
) -> None:
    assert missing(recorded, depths) == expected


def test_queue_is_counted_before_and_after_what_has_settled() -> None:
    watched = WatchedBridge(waiting=3, depths=[1, 2])

    assert watch(watched).unaccounted() == 1
    assert watched.asked == ["depth", NOON - SETTLED_AFTER, "depth"]


@pytest.mark.parametrize(
    ("ages", "quiet"),
    [
        ([], False),
        ([30 * HOUR], True),
        ([30 * HOUR, 2 * HOUR], False),
        ([2 * HOUR], False),
        ([25 * HOUR], True),
        ([24 * HOUR + timedelta(minutes=59)], False),  # Its last minute is within the day.
    ],
)
def test_quiet_is_who_was_heard_before_and_not_since(ages: list[timedelta], *, quiet: bool) -> None:
    assert is_quiet([NOON - age for age in ages], NOON, DAY) is quiet


def test_history_covers_a_week_before_the_silence_in_whole_hours() -> None:
    now = NOON + timedelta(minutes=17, seconds=3)

    assert history_begins(now, timedelta(hours=168)) == NOON - timedelta(days=14)


def test_pause_and_the_preflight_are_no_senders() -> None:
    assert source_names(["b", "a", "a/paused", "preflight"]) == ["a", "b"]


def test_every_source_is_looked_at_and_only_the_quiet_are_named() -> None:
    watched = WatchedBridge(hours={"gone": [NOON - 2 * DAY], "here": [NOON - HOUR]})
    looking = watch(watched, "here", "gone", "gone/paused", "never", "preflight")

    assert looking.quiet() == ["gone"]
    assert watched.asked == [(("gone", "here", "never"), NOON - 8 * DAY)]
