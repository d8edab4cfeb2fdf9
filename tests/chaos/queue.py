"""A queue that behaves as SQS says of its standard queues, on a clock of its own.

At least once: a message that was not deleted comes back after its visibility time-out, and once in
a while one is handed out twice. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from tests.support.fakes import FakeClock

RETENTION = timedelta(days=14)
MOST_BYTES = 1_048_576


@dataclass
class Message:
    """One message.

    Attributes:
        visible_at: before this instant nobody is given it.
    """

    message_id: str
    text: str
    sent_at: datetime
    visible_at: datetime
    receives: int = 0
    receipt: str = ""


class Queue:
    """Messages by their id."""

    def __init__(self, clock: FakeClock, chance: random.Random, *, most_receives: int) -> None:
        self._clock = clock
        self._chance = chance
        self._most_receives = most_receives
        self._ids = count()
        self.messages: dict[str, Message] = {}
        self.given_up: list[Message] = []
        self.expired: list[Message] = []

    def send(self, text: str, delay: timedelta) -> None:
        """Store a message."""
        assert len(text.encode()) <= MOST_BYTES
        assert timedelta(0) <= delay <= timedelta(minutes=15)
        now = self._clock()
        message_id = f"m-{next(self._ids)}"
        self.messages[message_id] = Message(message_id, text, now, now + delay)

    def receive(self, most: int, visibility: timedelta) -> list[Message]:
        """Return visible messages, in no particular order."""
        now = self._clock()
        self._sweep(now)
        visible = [message for message in self.messages.values() if message.visible_at <= now]
        self._chance.shuffle(visible)
        taken = []
        for message in visible[:most]:
            message.receives += 1
            if message.receives > self._most_receives:
                self.given_up.append(self.messages.pop(message.message_id))
                continue
            message.receipt = f"{message.message_id}/{message.receives}"
            # One message in a thousand stays visible: at-least-once delivery.
            message.visible_at = now if self._chance.random() < 0.001 else now + visibility
            taken.append(message)
        return taken

    def postpone(self, receipt: str, wait: timedelta) -> None:
        """Change when a message becomes visible again."""
        message = self.messages.get(receipt.partition("/")[0])
        if message:
            message.visible_at = self._clock() + wait

    def delete(self, message_id: str) -> None:
        """Delete a message."""
        self.messages.pop(message_id, None)

    def next_visible_at(self) -> datetime | None:
        """Return when the next message becomes visible."""
        return min((message.visible_at for message in self.messages.values()), default=None)

    def _sweep(self, now: datetime) -> None:
        for message in [m for m in self.messages.values() if now - m.sent_at > RETENTION]:
            self.expired.append(self.messages.pop(message.message_id))
