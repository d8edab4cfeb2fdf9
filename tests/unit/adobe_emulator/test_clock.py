"""The emulated Adobe's time."""

from datetime import UTC, datetime, timedelta

import pytest

from adobe_emulator.clock import Clock

NOW = datetime(2026, 11, 24, 12, 0, 0, 5000, tzinfo=UTC)


def test_time_moves_forward_by_the_given_duration() -> None:
    clock = Clock(lambda: NOW)
    clock.advance(timedelta(minutes=5))
    clock.advance(timedelta(seconds=1))

    assert clock.now() == NOW + timedelta(minutes=5, seconds=1)


def test_time_does_not_move_back() -> None:
    clock = Clock(lambda: NOW)
    with pytest.raises(ValueError, match="forward"):
        clock.advance(timedelta(seconds=-1))

    assert clock.now() == NOW


def test_milliseconds_count_from_1970() -> None:
    assert Clock(lambda: datetime(1970, 1, 1, 0, 0, 1, 5000, tzinfo=UTC)).milliseconds() == 1005


def test_machine_has_an_aware_time() -> None:
    assert Clock().now().tzinfo is UTC
