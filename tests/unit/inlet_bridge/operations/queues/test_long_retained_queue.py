"""Tests of a retained queue that takes longer to read than its messages stay invisible."""

from typing import Any

from inlet_bridge.operations.queues.retained_queue import RetainedQueue
from tests.support.slow_queue import LETTERS, SlowQueue


def test_each_message_is_taken_once_and_visible_again() -> None:
    """As `inlet drain --dry-run` does, which deletes none."""
    queue: Any = SlowQueue()
    retained = RetainedQueue(queue, "url")

    taken = []
    while messages := retained.take():
        taken += [each["MessageId"] for each in messages]
    retained.release()

    assert len(taken) == len({*taken}) == LETTERS
    assert not queue.hidden()
