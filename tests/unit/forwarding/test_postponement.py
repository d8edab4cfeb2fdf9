"""Tests of how messages wait: invisible, or as new messages with a delay."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bridge.delivery.delivery import LONGEST_DELAY, Delivery
from bridge.delivery.queued_message import PostponedMessage
from bridge.errors import UnavailableError
from bridge.forwarding.postponement import LONGEST_IN_FLIGHT, Postponer
from tests.support.fakes import NOON, FakeBuffer, FakeClock
from tests.support.forwarder_harness import queued

HOUR = timedelta(hours=1)


@dataclass
class FakeVisibility:
    """Records for how long messages are hidden."""

    down: bool = False
    asked: list[str] = field(default_factory=list)
    hidden: dict[str, timedelta] = field(default_factory=dict)

    def postpone(self, receipt: str, wait: timedelta) -> None:
        self.asked.append(receipt)
        if self.down:
            raise UnavailableError("a message cannot be postponed: pretended")
        self.hidden[receipt] = wait


@dataclass
class Queue:
    """A postponer and the two sides of its queue."""

    buffer: FakeBuffer = field(default_factory=FakeBuffer)
    visibility: FakeVisibility = field(default_factory=FakeVisibility)
    jitter: float = 0.0

    def postpone(self, *messages: PostponedMessage) -> list[str]:
        postponer = Postponer(self.buffer, self.visibility, FakeClock(), lambda: self.jitter)
        return postponer.postpone(messages)


def waiting(number: int, wait: timedelta, *, receives: int = 1) -> PostponedMessage:
    message = queued(number, attempt=receives)
    return PostponedMessage(message, wait, Delivery.decode(message.text))


def test_long_wait_is_a_new_message_and_leaves_the_queue() -> None:
    queue = Queue()

    assert queue.postpone(waiting(0, timedelta(minutes=2))) == []
    assert [(sent.delivery_id, delay) for sent, delay in queue.buffer.kept] == [
        ("d-0", timedelta(minutes=2))
    ]
    assert queue.visibility.asked == []


def test_short_wait_is_invisible() -> None:
    queue = Queue()

    assert queue.postpone(waiting(0, LONGEST_IN_FLIGHT)) == ["m-0"]
    assert queue.visibility.hidden == {"r-0": LONGEST_IN_FLIGHT}
    assert queue.buffer.kept == []


@pytest.mark.parametrize(("jitter", "seconds"), [(0.0, 300), (0.5, 270), (1.0, 240)])
@pytest.mark.parametrize("wait", [LONGEST_DELAY, HOUR])
def test_longest_waits_are_at_most_300_s_each_with_jitter(
    wait: timedelta, jitter: float, seconds: int
) -> None:
    queue = Queue(jitter=jitter)
    queue.postpone(waiting(0, wait))

    assert [delay for _, delay in queue.buffer.kept] == [timedelta(seconds=seconds)]


def test_message_near_the_limits_of_the_queue_is_replaced_whatever_its_wait() -> None:
    """SQS gives a message up after 1,000 receives, and deletes it after 14 days."""
    queue = Queue()
    old = waiting(1, timedelta(seconds=1))
    old = replace(old, message=old.message._replace(sent_at=NOON - timedelta(days=12)))

    assert queue.postpone(waiting(0, timedelta(seconds=1), receives=900), old) == []
    assert len(queue.buffer.kept) == 2


def test_message_without_a_successor_stays() -> None:
    queue = Queue()

    assert queue.postpone(PostponedMessage(queued(), HOUR)) == ["m-0"]
    assert queue.visibility.hidden == {"r-0": HOUR}


def test_messages_that_cannot_be_sent_again_stay() -> None:
    queue = Queue(buffer=FakeBuffer(down=True))

    assert queue.postpone(waiting(0, HOUR), waiting(1, HOUR)) == ["m-0", "m-1"]
    assert queue.visibility.hidden == {"r-0": HOUR, "r-1": HOUR}


def test_only_the_rejected_messages_of_a_batch_stay() -> None:
    class Rejecting(FakeBuffer):
        def put_each(self, deliveries: Sequence[tuple[Delivery, timedelta]]) -> Collection[int]:
            return {1}

    queue = Queue(buffer=Rejecting())

    assert queue.postpone(*(waiting(number, HOUR) for number in range(3))) == ["m-1"]


def test_after_a_failed_request_the_other_messages_keep_the_timeout_of_the_queue() -> None:
    """Each request would take seconds, and the function would time out."""
    queue = Queue(visibility=FakeVisibility(down=True))
    second = timedelta(seconds=1)

    assert queue.postpone(waiting(0, second), waiting(1, second)) == ["m-0", "m-1"]
    assert queue.visibility.asked == ["r-0"]


def test_unforeseen_exception_while_sending_keeps_the_messages() -> None:
    class Broken(FakeBuffer):
        def put_each(self, deliveries: Sequence[tuple[Delivery, timedelta]]) -> Collection[int]:
            raise ZeroDivisionError

    queue = Queue(buffer=Broken())

    assert queue.postpone(waiting(0, HOUR)) == ["m-0"]
