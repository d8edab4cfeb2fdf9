"""Run several requests concurrently in threads."""

from collections import deque
from collections.abc import Callable, Sequence
from threading import Thread

# A batch of the queue has 6 MB at most, which is seven requests to the inlet.
_MOST_AT_ONCE = 4


def concurrently[T, R](function: Callable[[T], R], items: Sequence[T]) -> list[R]:
    """The port `Concurrently`, four at a time: three threads and the caller's own.

    Returns after all calls have ended. If some raise, the first exception is raised.
    """
    # Shared by the threads: `popleft`, `append` and setting an item are atomic
    # (https://docs.python.org/3/library/threadsafety.html), and each item is set once.
    waiting = deque(enumerate(items))
    results: dict[int, R] = {}
    raised: list[BaseException] = []

    def work() -> None:
        while True:
            try:
                position, item = waiting.popleft()
            except IndexError:
                return
            try:
                results[position] = function(item)
            except BaseException as exc:  # noqa: BLE001 (raised below)
                raised.append(exc)

    threads = _start(work, min(len(items), _MOST_AT_ONCE) - 1)
    work()
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]
    return [results[position] for position in range(len(items))]


def _start(work: Callable[[], None], count: int) -> list[Thread]:
    """Start threads that do the work; fewer if the system has no more."""
    threads: list[Thread] = []
    for _ in range(count):
        thread = Thread(target=work)
        try:
            thread.start()
        except RuntimeError:
            break
        threads.append(thread)
    return threads
