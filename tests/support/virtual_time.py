"""Time that passes only while all threads wait: tests with it do not depend on the machine."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from heapq import heappop, heappush
from threading import Condition


class VirtualTime:
    """Seconds from 0 on: work takes none of them, and sleeping takes exactly what was asked for."""

    def __init__(self) -> None:
        self.now = 0.0
        self._busy = 1  # The thread that made it.
        self._wakes: list[float] = []
        self._changed = Condition()

    def sleep(self, seconds: float) -> None:
        """Wait; when all threads do, it is at once the time at which the first of them wakes."""
        with self._changed:
            wake = self.now + seconds
            heappush(self._wakes, wake)
            self._stop_one()
            self._changed.wait_for(lambda: self.now >= wake)

    def run[T, R](self, do: Callable[[T], R], things: Sequence[T]) -> list[R]:
        """Do it with each thing in a thread of its own; the results in the order of the things."""

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
                self._stop_one()  # This thread waits for the others, however long they take.
            finished = list(results)
        with self._changed:
            self._busy += 1
        return finished

    def _stop_one(self) -> None:
        self._busy -= 1
        if self._busy == 0 and self._wakes:
            self.now = self._wakes[0]
            while self._wakes and self._wakes[0] <= self.now:
                heappop(self._wakes)
                self._busy += 1
            self._changed.notify_all()
