"""Tests of polling, with a fake clock."""

from inlet_bridge.local.polling import wait_until


class Time:
    """A clock that advances only by sleeping."""

    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_true_condition_does_not_wait() -> None:
    time = Time()

    assert wait_until(lambda: True, 0, clock=lambda: time.now, sleep=time.sleep)
    assert time.now == 0


def test_polling_waits_until_the_condition_is_true() -> None:
    time = Time()

    assert wait_until(lambda: time.now >= 3, 10, clock=lambda: time.now, sleep=time.sleep)
    assert 3 <= time.now < 3.5


def test_polling_ends_at_the_timeout() -> None:
    time = Time()

    assert not wait_until(lambda: False, 5, every=2, clock=lambda: time.now, sleep=time.sleep)
    assert time.now == 5
