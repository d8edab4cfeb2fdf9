"""A queue that behaves as SQS says of its standard queues, on a clock of its own.

At least once: a message that was not deleted comes back after its visibility time-out, and once in
a while one is handed out twice. Beyond 120,000 messages in flight long polling returns nothing.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count

from tests.support.fakes import FakeClock

RETENTION = timedelta(days=14)
MOST_BYTES = 1_048_576
MOST_IN_FLIGHT = 120_000


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
    """Messages by their id.

    Attributes:
        most_in_flight: the largest number of received messages that were neither deleted nor
            visible again.
    """

    def __init__(
        self,
        clock: FakeClock,
        chance: random.Random,
        *,
        most_receives: int,
        twice: float = 0.001,
        limit: int = MOST_IN_FLIGHT,
    ) -> None:
        self._clock = clock
        self._chance = chance
        self._most_receives = most_receives
        self._twice = twice
        self._limit = limit
        self._ids = count()
        self._hidden: list[tuple[datetime, str]] = []
        self._visible: list[str] = []
        self._in_flight: set[str] = set()
        self.messages: dict[str, Message] = {}
        self.given_up: list[Message] = []
        self.expired: list[Message] = []
        self.most_in_flight = 0

    def send(self, text: str, delay: timedelta) -> None:
        """Store a message."""
        assert len(text.encode()) <= MOST_BYTES
        assert timedelta(0) <= delay <= timedelta(minutes=15)
        now = self._clock()
        message_id = f"m-{next(self._ids)}"
        self.messages[message_id] = Message(message_id, text, now, now + delay)
        self._hide(self.messages[message_id])

    def receive(self, most: int, visibility: timedelta) -> list[Message]:
        """Return visible messages, in no particular order."""
        now = self._clock()
        self._show(now)
        taken: list[Message] = []
        while len(taken) < most and len(self._in_flight) < self._limit:
            message = self._any_visible(now)
            if message is None:
                break
            message.receives += 1
            if message.receives > self._most_receives:
                self.given_up.append(self.messages.pop(message.message_id))
                continue
            message.receipt = f"{message.message_id}/{message.receives}"
            # Sometimes a message stays visible: at-least-once delivery.
            message.visible_at = now if self._chance.random() < self._twice else now + visibility
            self._in_flight.add(message.message_id)
            taken.append(message)
        for message in taken:
            self._hide(message)
        self.most_in_flight = max(self.most_in_flight, len(self._in_flight))
        return taken

    def postpone(self, receipt: str, wait: timedelta) -> None:
        """Change when a message becomes visible again."""
        message = self.messages.get(receipt.partition("/")[0])
        if message:
            message.visible_at = self._clock() + wait
            self._hide(message)

    def delete(self, message_id: str) -> None:
        """Delete a message."""
        self.messages.pop(message_id, None)
        self._in_flight.discard(message_id)

    def next_visible_at(self) -> datetime | None:
        """Return when the next message becomes visible."""
        self._show(self._clock())
        while self._visible:
            message = self.messages.get(self._visible[-1])
            if message and message.visible_at <= self._clock():
                return message.visible_at
            self._visible.pop()
        while self._hidden:
            visible_at, message_id = self._hidden[0]
            message = self.messages.get(message_id)
            if message and message.visible_at == visible_at:
                return visible_at
            heappop(self._hidden)
        return None

    def _any_visible(self, now: datetime) -> Message | None:
        while self._visible:
            number = self._chance.randrange(len(self._visible))
            self._visible[number], self._visible[-1] = self._visible[-1], self._visible[number]
            message = self.messages.get(self._visible.pop())
            # One that was deleted or postponed by an earlier receiver is not visible.
            if message and message.visible_at <= now:
                return message
        return None

    def _hide(self, message: Message) -> None:
        heappush(self._hidden, (message.visible_at, message.message_id))

    def _show(self, now: datetime) -> None:
        """Show the messages whose time has come, and delete those that are too old."""
        while self._hidden and self._hidden[0][0] <= now:
            visible_at, message_id = heappop(self._hidden)
            message = self.messages.get(message_id)
            # One that was deleted, or whose visibility was changed meanwhile.
            if message is None or message.visible_at != visible_at:
                continue
            self._in_flight.discard(message_id)
            if now - message.sent_at > RETENTION:
                self.expired.append(self.messages.pop(message_id))
            else:
                self._visible.append(message_id)
