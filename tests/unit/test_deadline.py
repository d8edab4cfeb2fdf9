"""Tests of the deadline of an invocation."""

import math

import pytest

from bridge.deadline import Deadline, inline_seconds


def test_deadline_restarts_with_each_invocation() -> None:
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


def test_shorter_timeout_moves_the_deadline_forward() -> None:
    """The time runs from the start of the invocation."""
    now = [100.0]
    deadline = Deadline(lambda: now[0])
    deadline.start(2.5)
    now[0] += 0.25

    deadline.set(0.5)

    assert deadline.remaining() == 0.25


@pytest.mark.parametrize(
    ("timeout", "inline"), [(None, 2.5), (1, 0.5), (3, 2.5), (5, 4.5), (10, 5), (100, 5)]
)
def test_inline_seconds_depend_on_the_senders_timeout(timeout: float | None, inline: float) -> None:
    """Half a second is for the way and the buffer; the longest is five seconds."""
    assert inline_seconds(timeout) == inline
