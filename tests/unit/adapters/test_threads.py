"""Tests of concurrent execution."""

from threading import Barrier, Lock, Thread
from time import sleep

import pytest

from bridge.adapters.threads import concurrently
from tests.support.waiting import MAX_SECONDS


@pytest.mark.parametrize("count", [0, 1, 2, 9])
def test_results_are_in_the_order_of_the_items(count: int) -> None:
    assert concurrently(str, range(count)) == list(map(str, range(count)))


def test_at_most_four_items_run_concurrently() -> None:
    busy, most, lock, together = 0, 0, Lock(), Barrier(4)

    def do(_: int) -> None:
        nonlocal busy, most
        with lock:
            busy += 1
            most = max(most, busy)
        together.wait(timeout=MAX_SECONDS)
        with lock:
            busy -= 1

    concurrently(do, range(12))

    assert most == 4


@pytest.mark.parametrize("error", [ValueError, IndexError, KeyboardInterrupt])
def test_one_exception_stops_no_other_item_and_leaves_no_thread_running(
    error: type[BaseException],
) -> None:
    """Lambda freezes threads that still run."""
    done: list[int] = []

    def do(number: int) -> None:
        if number in (0, 5):
            raise error("pretended")
        sleep(0.01)
        done.append(number)

    with pytest.raises(error, match="pretended"):
        concurrently(do, range(8))

    assert sorted(done) == [1, 2, 3, 4, 6, 7]


@pytest.mark.parametrize("threads", [0, 1, 2])
def test_fewer_threads_are_used_if_the_system_refuses_more(
    monkeypatch: pytest.MonkeyPatch, threads: int
) -> None:
    started: list[Thread] = []

    def start(thread: Thread) -> None:
        if len(started) == threads:
            raise RuntimeError("can't start new thread")
        started.append(thread)
        start_thread(thread)

    start_thread = Thread.start
    monkeypatch.setattr(Thread, "start", start)

    assert concurrently(str, range(9)) == list(map(str, range(9)))
    assert len(started) == threads
