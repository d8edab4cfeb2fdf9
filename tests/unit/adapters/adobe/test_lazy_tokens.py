"""Tests of tokens that are set up on first use."""

from threading import Barrier, Thread
from time import sleep

from bridge.adapters.adobe.lazy_tokens import LazyTokens
from tests.support.fakes import FakeTokens
from tests.support.waiting import MAX_SECONDS


def test_tokens_are_set_up_once_on_first_use() -> None:
    made: list[FakeTokens] = []

    def make() -> FakeTokens:
        made.append(FakeTokens())
        return made[-1]

    tokens = LazyTokens(make)
    assert made == []

    assert tokens.current() == "token-1"
    assert tokens.renew("token-1") == "token-2"
    assert tokens.current() == "token-2"
    assert len(made) == 1


def test_concurrent_threads_set_up_the_tokens_once() -> None:
    made: list[FakeTokens] = []
    together = Barrier(4)

    def make() -> FakeTokens:
        sleep(0.02)  # Long enough for the other threads to arrive.
        made.append(FakeTokens())
        return made[-1]

    tokens = LazyTokens(make)

    def ask() -> None:
        together.wait(timeout=MAX_SECONDS)
        tokens.current()

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made) == 1
