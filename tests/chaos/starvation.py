"""A paused source has more messages in the buffer than SQS lets be in flight.

In virtual time ten forwarders work, of which each takes half a second for a batch of 100.
"""

import random
from copy import replace
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bridge.delivery.delivery import LONGEST_DELAY, Delivery
from bridge.delivery.queued_message import QueuedMessage
from bridge.forwarding.postponement import Postponer
from tests.chaos.aws import Aws, FaultyBuffer
from tests.chaos.faults import DAY, Faults
from tests.chaos.queue import MOST_IN_FLIGHT, Queue
from tests.chaos.simulation import VISIBILITY
from tests.support import sample_webhooks as samples
from tests.support.fakes import NOON, items
from tests.support.forwarder_harness import Harness, harness

WAITING = 200_000
BATCH = 100
# Each of ten forwarders ends a batch every half a second.
TURN = timedelta(seconds=0.05)
PAUSED = "paused"


@dataclass
class Starvation:
    """A buffer, its forwarders, a paused source and one that is not."""

    here: Harness
    queue: Queue
    buffer: FaultyBuffer
    postponer: Postponer
    latencies: list[timedelta] = field(default_factory=list)
    encoded: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    @classmethod
    def new(cls, limit: int) -> "Starvation":
        here, chance = harness(), random.Random(7)  # noqa: S311
        here.clock.now += DAY  # No faults after it.
        paused = replace(samples.source(), name=PAUSED).to_document()
        here.parameters.values[samples.DOCUMENT_NAME.replace("github", PAUSED)] = paused
        here.parameters.values[samples.DOCUMENT_NAME.replace("github", PAUSED) + "/paused"] = "1"
        queue = Queue(here.clock, chance, most_receives=1_000, twice=0, limit=limit)
        buffer = FaultyBuffer(queue, Aws(Faults(here.clock, chance), "SQS"))
        return cls(here, queue, buffer, Postponer(buffer, buffer, here.clock, chance.random))

    def put(self, source: str, number: int, delay: timedelta) -> None:
        """Buffer a webhook, as the receiver does."""
        self.queue.send(self.text(source).replace("NUMBER", str(number)), delay)

    def text(self, source: str) -> str:
        """A message of the buffer, encoded once per instant: 200,000 take seconds."""
        now = self.here.clock()
        if self.encoded.get(source, ("", NOON))[1] != now:
            delivery = Delivery(source, "d", "id:NUMBER", "push", "events", now, now, b"{}")
            self.encoded[source] = delivery.encode(), now
        return self.encoded[source][0]

    def paused(self) -> int:
        """How many messages of the paused source are in the queue."""
        return sum(PAUSED in message.text for message in self.queue.messages.values())

    def forward(self) -> None:
        """One invocation of a forwarder, as Lambda's queue trigger makes it."""
        taken = self.queue.receive(BATCH, VISIBILITY)
        others = [message for message in taken if PAUSED not in message.text]
        self.here.inlet.answers = [items(*({"xactionId": f"x:{n}"} for n in range(len(others))))]
        messages = [
            QueuedMessage(each.message_id, each.receipt, each.text, each.receives, each.sent_at)
            for each in taken
        ]
        staying = set(self.postponer.postpone(self.here.forwarder.forward(messages)))
        for message in taken:
            if message.message_id not in staying:
                self.queue.delete(message.message_id)
        for message in others:
            self.latencies.append(self.here.clock() - message.sent_at)

    def run(self, duration: timedelta) -> None:
        """Buffer a webhook of the other source every five seconds, and forward."""
        end, next_webhook, number = self.here.clock() + duration, self.here.clock(), 0
        while self.here.clock() < end:
            if self.here.clock() >= next_webhook:
                self.put("github", number, timedelta(0))
                next_webhook += timedelta(seconds=5)
                number += 1
            self.here.clock.now += TURN
            self.forward()


def fill_and_run(scale: int) -> Starvation:
    """Let 200,000 messages of a paused source wait, at a limit of 120,000, and send others.

    Args:
        scale: divides both numbers.
    """
    simulation = Starvation.new(MOST_IN_FLIGHT // scale)
    waiting = WAITING // scale
    # They were received within five minutes.
    for number in range(waiting):
        simulation.put(PAUSED, number, LONGEST_DELAY * (number / waiting))
    simulation.run(LONGEST_DELAY * 1.2)
    return simulation
