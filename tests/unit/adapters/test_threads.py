"""Several things at once."""

from threading import Barrier, Lock
from time import sleep

import pytest

from bridge.adapters.threads import at_once


@pytest.mark.parametrize("count", [0, 1, 2, 9])
def test_the_results_come_in_the_order_of_the_things(count: int) -> None:
    assert at_once(str, range(count)) == list(map(str, range(count)))


def test_four_are_done_together_and_no_more() -> None:
    busy, most, lock, together = 0, 0, Lock(), Barrier(4)

    def do(_: int) -> None:
        nonlocal busy, most
        with lock:
            busy += 1
            most = max(most, busy)
        together.wait(timeout=10)
        with lock:
            busy -= 1

    at_once(do, range(12))

    assert most == 4


def test_one_that_raises_leaves_none_behind() -> None:
    """Lambda freezes what still runs."""
    begun: list[int] = []
    done: list[int] = []

    def do(number: int) -> None:
        begun.append(number)
        if number == 0:
            raise ValueError("pretended")
        sleep(0.05)
        done.append(number)

    with pytest.raises(ValueError, match="pretended"):
        at_once(do, range(8))

    assert sorted([0, *done]) == sorted(begun)
