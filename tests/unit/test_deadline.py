"""The time that is left."""

import math

from bridge.deadline import Deadline


def test_the_time_runs_from_the_start_of_each_invocation() -> None:
    """And is endless before the first."""
    now = [100.0]
    deadline = Deadline(lambda: now[0])
    assert deadline.remaining() == math.inf

    deadline.start(10)
    now[0] += 4
    assert deadline.remaining() == 6

    now[0] += 7
    assert deadline.remaining() == -1

    deadline.start(10)
    assert deadline.remaining() == 10
