"""Time that tests control, so that their verdict does not depend on the speed of the machine."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from heapq import heappop, heappush
from itertools import count
from threading import Event, Lock

import pytest

from bridge.adapters.http.retry_budget import RetryBudget
from bridge.deadline import Deadline


class VirtualTime:
    """A clock that advances only while all threads sleep, by the seconds that they sleep."""

    def __init__(self) -> None:
        self.now = 0.0
        self._busy = 1  # The thread that created it.
        self._wakes: list[tuple[float, int, Event]] = []
        self._order = count()
        self._changed = Lock()

    def sleep(self, seconds: float) -> None:
        """Sleep; once all threads sleep, the clock advances to the first time that one wakes."""
        woken = Event()
        with self._changed:
            heappush(self._wakes, (self.now + seconds, next(self._order), woken))
            self._stop_one()
        woken.wait()

    def run[T, R](self, do: Callable[[T], R], things: Sequence[T]) -> list[R]:
        """Call `do` with each thing in a thread of its own; the results are in the same order."""

        def do_and_stop(thing: T) -> R:
            try:
                return do(thing)
            finally:
                with self._changed:
                    self._stop_one()

        with ThreadPoolExecutor(len(things)) as pool:
            with self._changed:
                self._busy += len(things)
            results = pool.map(do_and_stop, things)
            with self._changed:
                self._stop_one()  # This thread waits for the others, without a limit.
            finished = list(results)
        with self._changed:
            self._busy += 1
        return finished

    def _stop_one(self) -> None:
        self._busy -= 1
        if self._busy == 0 and self._wakes:
            self.now = self._wakes[0][0]
            while self._wakes and self._wakes[0][0] <= self.now:
                _, _, woken = heappop(self._wakes)
                self._busy += 1
                woken.set()


def stop_clock(deadline: Deadline, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no time pass for a deadline: a slow machine does not use up the time of an invocation."""
    monkeypatch.setattr(deadline, "_monotonic", lambda: 0.0)


def record_timeouts(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that each request to Adobe may take, from now on."""
    recorded: list[float] = []
    timeout = RetryBudget.timeout

    def record(budget: RetryBudget) -> tuple[float, float]:
        connect, read = timeout(budget)
        recorded.append(connect + read)
        return connect, read

    monkeypatch.setattr(RetryBudget, "timeout", record)
    return recorded
