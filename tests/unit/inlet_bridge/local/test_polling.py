"""Waiting, with a pretended clock."""

from inlet_bridge.local.polling import wait_until


class Time:
    """A clock that moves only by sleeping."""

    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_what_is_true_already_is_not_waited_for() -> None:
    time = Time()

    assert wait_until(lambda: True, 0, clock=lambda: time.now, sleep=time.sleep)
    assert time.now == 0


def test_it_waits_until_the_condition_comes_true() -> None:
    time = Time()

    assert wait_until(lambda: time.now >= 3, 10, clock=lambda: time.now, sleep=time.sleep)
    assert 3 <= time.now < 3.5


def test_it_gives_up_when_the_time_is_over_and_not_later() -> None:
    time = Time()

    assert not wait_until(lambda: False, 5, every=2, clock=lambda: time.now, sleep=time.sleep)
    assert time.now == 5
