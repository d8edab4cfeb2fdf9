"""A delivery is sent once although several messages of it exist, and its times are kept."""

import random
from collections.abc import Collection, Mapping, Sequence
from copy import replace
from datetime import timedelta

import pytest

from bridge.delivery.delivery import Delivery
from bridge.delivery.outcomes import DeadClass
from bridge.delivery.queued_message import PostponedMessage, QueuedMessage
from bridge.delivery.record import State
from bridge.errors import UnavailableError
from bridge.forwarding.forwarder import ATTEMPT_LIFETIME
from bridge.forwarding.postponement import Postponer
from bridge.ports.adobe import InletResponse
from tests.chaos.queue import Queue
from tests.support import sample_webhooks as samples
from tests.support.fakes import NOON, FakeBuffer, items
from tests.support.forwarder_harness import Harness, harness, ids_of, queued

DELIVERED = items({"xactionId": "x:0"})
PAUSED = f"{samples.DOCUMENT_NAME}/paused"


class VirtualQueue(FakeBuffer):
    """A buffer on the clock of a harness; messages are received as Lambda does."""

    def __init__(self, here: Harness) -> None:
        super().__init__()
        self.here = here
        self.queue = Queue(here.clock, random.Random(1), most_receives=1_000, twice=0)  # noqa: S311
        self.delays: list[timedelta] = []

    def put_each(self, deliveries: Sequence[tuple[Delivery, timedelta]]) -> Collection[int]:
        for delivery, delay in deliveries:
            self.queue.send(delivery.encode(), delay)
            self.delays.append(delay)
        return ()

    def postpone(self, receipt: str, wait: timedelta) -> None:
        self.queue.postpone(receipt, wait)

    def invoke(self, *, crash: bool = False) -> list[QueuedMessage]:
        """Let the time pass until a message is visible, and forward it.

        Args:
            crash: after everything, before Lambda deletes the messages.
        """
        self.here.clock.now = max(self.here.clock.now, self.queue.next_visible_at() or NOON)
        taken = [
            QueuedMessage(each.message_id, each.receipt, each.text, each.receives, each.sent_at)
            for each in self.queue.receive(10, timedelta(minutes=6))
        ]
        postponer = Postponer(self, self, self.here.clock, lambda: 0.5)
        staying = postponer.postpone(self.here.forwarder.forward(taken))
        for message in taken:
            if not crash and message.message_id not in staying:
                self.queue.delete(message.message_id)
        return taken

    def waiting(self) -> list[Delivery]:
        return [Delivery.decode(message.text) for message in self.queue.messages.values()]


def buffered(here: Harness) -> VirtualQueue:
    """A queue with one message, and a forwarder that sends to it."""
    queue = VirtualQueue(here)
    queue.queue.send(queued().text, timedelta(0))
    return queue


def test_retry_after_of_an_hour_is_honored_in_steps_of_300_s() -> None:
    here = harness(None, InletResponse(429, {"retry-after": "3600"}), DELIVERED)
    queue = buffered(here)

    while not queue.invoke() or queue.queue.messages:
        assert max(queue.delays) <= timedelta(seconds=300)

    assert NOON + timedelta(hours=1) <= here.clock.now < NOON + timedelta(hours=1, seconds=10)
    assert len(here.inlet.requests) == 2
    assert here.deliveries.state("github", "id:d-0") is State.DELIVERED


def test_first_attempt_time_is_kept_until_the_retry_period_ends() -> None:
    """Each new message has a retention and a receive count of its own; the delivery has not."""
    here = harness(None, *[InletResponse(503)] * 1_000)
    queue = buffered(here)

    while not here.dead_letters.kept:
        queue.invoke()

    [(letter, info)] = here.dead_letters.kept
    assert Delivery.decode(letter).buffered_at == NOON
    assert info.kind is DeadClass.EXPIRED
    assert timedelta(hours=72) < info.died_at - NOON < timedelta(hours=73)
    assert info.attempts == len(here.inlet.requests)
    assert queue.queue.messages == {}


def test_pause_is_no_attempt() -> None:
    here = harness(None, InletResponse(503), DELIVERED)
    here.parameters.values[PAUSED] = "1"
    queue = buffered(here)
    for _ in range(20):
        queue.invoke()
    del here.parameters.values[PAUSED]

    assert [(each.attempts, each.not_before, each.sends) for each in queue.waiting()] == [
        (0, None, 20)
    ]
    while not here.inlet.requests:
        queue.invoke()
    [message] = queue.queue.messages.values()
    # The back-off after a first attempt.
    assert message.visible_at - here.clock() == timedelta(seconds=2)


def test_messages_of_a_paused_source_cost_no_read_of_the_table() -> None:
    here = harness()
    here.parameters.values[PAUSED] = "1"
    here.deliveries.down = True

    [postponed] = here.forwarder.forward([queued()])

    assert postponed.wait == timedelta(minutes=5)


def test_crash_between_sending_again_and_deleting_gives_one_message_at_the_inlet() -> None:
    here = harness(None, InletResponse(429, {"retry-after": "60"}), DELIVERED)
    queue = buffered(here)
    queue.invoke(crash=True)
    assert len(queue.queue.messages) == 2

    while queue.queue.messages:
        queue.invoke()

    assert len(here.inlet.requests) == 2  # The first was answered with 429.


def test_crash_while_paused_gives_one_message_at_the_inlet() -> None:
    here = harness(None, DELIVERED)
    here.parameters.values[PAUSED] = "1"
    queue = buffered(here)
    queue.invoke(crash=True)
    del here.parameters.values[PAUSED]

    while queue.queue.messages:
        queue.invoke()

    assert len(here.inlet.requests) == 1


@pytest.mark.parametrize("first_is_the_copy", [True, False])
def test_two_forwarders_with_copies_of_one_delivery_send_it_once(
    monkeypatch: pytest.MonkeyPatch, *, first_is_the_copy: bool
) -> None:
    """The second forwarder receives its copy while the request of the first one is under way."""
    here = harness(None, DELIVERED)
    original = queued(attempt=2)._replace(message_id="m-original")
    copy = queued()._replace(text=replace(Delivery.decode(original.text), sends=1).encode())
    first, second = (copy, original) if first_is_the_copy else (original, copy)
    meanwhile: list[list[PostponedMessage]] = []
    send = here.inlet.send

    def answer_slowly(url: str, headers: Mapping[str, str], content: bytes) -> InletResponse:
        meanwhile.append(here.forwarder.forward([second]))
        return send(url, headers, content)

    monkeypatch.setattr(here.inlet, "send", answer_slowly)

    assert here.forwarder.forward([first]) == []
    assert [ids_of(postponed) for postponed in meanwhile] == [[second.message_id]]
    assert here.forwarder.forward([second]) == []
    assert len(here.inlet.requests) == 1


def test_attempt_of_a_crashed_forwarder_ends_by_itself() -> None:
    here = harness(None, DELIVERED)
    message = queued(attempt=2)
    assert here.deliveries.begin(Delivery.decode(message.text), NOON + ATTEMPT_LIFETIME)

    assert ids_of(here.forwarder.forward([message])) == ["m-0"]
    here.clock.advance(ATTEMPT_LIFETIME.total_seconds() + 1)
    assert here.forwarder.forward([message]) == []
    assert len(here.inlet.requests) == 1


def test_failed_attempt_ends_at_once() -> None:
    here = harness(None, InletResponse(503), DELIVERED)

    assert ids_of(here.forwarder.forward([queued(attempt=2)])) == ["m-0"]
    here.clock.advance(4)
    assert here.forwarder.forward([queued(attempt=3)]) == []


def test_first_message_of_a_delivery_is_sent_without_a_reservation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It would cost a write per message."""
    here = harness(None, DELIVERED)
    monkeypatch.delattr(type(here.deliveries), "begin")

    assert here.forwarder.forward([queued()]) == []


def test_delivery_waits_while_its_attempt_cannot_be_reserved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = harness(None, DELIVERED)
    for error in (UnavailableError("pretended"), ZeroDivisionError()):

        def fail(*_: object, error: Exception = error) -> bool:
            raise error

        with monkeypatch.context() as patch:
            patch.setattr(here.deliveries, "begin", fail)
            assert ids_of(here.forwarder.forward([queued(attempt=2)])) == ["m-0"]
    assert here.inlet.requests == []
