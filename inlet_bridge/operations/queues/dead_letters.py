"""List, redrive and delete dead letters."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import batched, islice

from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.queues.dead_letter import DeadLetter, letter_of
from inlet_bridge.operations.records.table import Records
from inlet_bridge.operations.replay.sending import again

# Visibility timeout: other consumers do not receive a letter until it is released.
_HELD_SECONDS = 300
_LONG_POLL_SECONDS = 2
# Limit of the batch operations (Amazon SQS API reference).
_BATCH_ENTRIES = 10


@dataclass(frozen=True, slots=True)
class Filter:
    """Selects dead letters; empty is any."""

    source: str = ""
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None
    delivery_id: str = ""

    def matches(self, letter: DeadLetter) -> bool:
        """Whether a letter is selected."""
        delivery = letter.delivery
        return (
            (not self.source or (delivery is not None and delivery.source == self.source))
            and (not self.kind or letter.kind == self.kind)
            and (self.since is None or letter.died_at >= self.since)
            and (self.until is None or letter.died_at <= self.until)
            and (
                not self.delivery_id
                or (delivery is not None and delivery.delivery_id == self.delivery_id)
            )
        )


class DeadLetters:
    """The dead-letter queue of one deployment."""

    def __init__(
        self, deployed: Deployed, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._deployed = deployed
        self._records = Records(deployed)
        self._clock = clock

    def letters(self, wanted: Filter) -> list[DeadLetter]:
        """All letters, oldest first; they remain in the queue."""
        everything = list(self._take())
        self._give_back(everything)
        return sorted(filter(wanted.matches, everything), key=lambda letter: letter.died_at)

    def redrive(self, wanted: Filter, wait: Callable[[], None]) -> Iterator[tuple[DeadLetter, str]]:
        """Move letters to the buffer; yield each with an error or an empty string.

        Events that no forwarder has accepted move to the queue of events. A letter is deleted only
        after it is in its queue. It keeps its delivery id, so its message keeps its `_id`. Its
        retry period restarts.

        Args:
            wanted: selects the letters.
            wait: called before each letter.
        """
        for letter in self._chosen(wanted):
            wait()
            yield letter, self.redrive_letter(letter)

    def drop(self, wanted: Filter) -> Iterator[DeadLetter]:
        """Delete letters permanently."""
        for letter in self._chosen(wanted):
            self.drop_letter(letter)
            yield letter

    def take_first(self, wanted: Filter, most: int) -> DeadLetter | None:
        """The first letter that is selected; nobody else receives it for five minutes.

        Args:
            wanted: selects it.
            most: how many letters are looked at, in tens.
        """
        others: list[DeadLetter] = []
        try:
            for letters in islice(self._batches(), most // _BATCH_ENTRIES):
                found = next(filter(wanted.matches, letters), None)
                others += [letter for letter in letters if letter is not found]
                if found:
                    return found
        finally:
            self._give_back(others)
        return None

    def drop_letter(self, letter: DeadLetter) -> None:
        """Delete a letter that was taken, permanently."""
        self._delete(letter)
        if letter.delivery:
            self._records.close(letter.delivery)

    def redrive_letter(self, letter: DeadLetter) -> str:
        """Move a letter that was taken; return an error or an empty string."""
        if letter.event is not None and (url := self._queue_of(letter)):
            self._deployed.sqs.send_message(
                QueueUrl=url,
                MessageBody=letter.text,
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": value}
                    for name, value in letter.event.items()
                },
            )
            self._delete(letter)
            return ""
        if letter.delivery is None:
            self._give_back([letter])
            return "cannot be read; drop it"
        if not self._records.revive(letter.delivery):
            self._give_back([letter])
            return "was delivered or erased meanwhile; drop it"
        text = again(letter.delivery, self._clock()).encode()
        self._deployed.sqs.send_message(QueueUrl=self._deployed.buffer, MessageBody=text)
        self._delete(letter)
        return ""

    def _queue_of(self, letter: DeadLetter) -> str:
        """The URL of an event's queue, or of the only one if that was deleted; else empty."""
        urls = self._deployed.events
        only = next(iter(urls.values())) if len(urls) == 1 else ""
        return urls.get(letter.queue, only)

    def _chosen(self, wanted: Filter) -> Iterator[DeadLetter]:
        letters = list(self._take())
        self._give_back([letter for letter in letters if not wanted.matches(letter)])
        left = sorted(filter(wanted.matches, letters), key=lambda letter: letter.died_at)
        try:
            while left:
                yield left.pop(0)
        finally:
            self._give_back(left)  # Also if the caller stops early.

    def _take(self) -> Iterator[DeadLetter]:
        for letters in self._batches():
            yield from letters

    def _batches(self) -> Iterator[list[DeadLetter]]:
        while found := self._deployed.sqs.receive_message(
            QueueUrl=self._deployed.dead_letters,
            MaxNumberOfMessages=_BATCH_ENTRIES,
            VisibilityTimeout=_HELD_SECONDS,
            WaitTimeSeconds=_LONG_POLL_SECONDS,
            MessageAttributeNames=["All"],
            MessageSystemAttributeNames=["SentTimestamp", "DeadLetterQueueSourceArn"],
        ).get("Messages"):
            yield [letter_of(message, self._deployed.event_queues) for message in found]

    def _give_back(self, letters: Sequence[DeadLetter]) -> None:
        for some in batched(letters, _BATCH_ENTRIES, strict=False):
            self._deployed.sqs.change_message_visibility_batch(
                QueueUrl=self._deployed.dead_letters,
                Entries=[
                    {"Id": str(number), "ReceiptHandle": letter.receipt, "VisibilityTimeout": 0}
                    for number, letter in enumerate(some)
                ],
            )

    def _delete(self, letter: DeadLetter) -> None:
        self._deployed.sqs.delete_message(
            QueueUrl=self._deployed.dead_letters, ReceiptHandle=letter.receipt
        )
