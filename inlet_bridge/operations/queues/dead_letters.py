"""List, redrive and delete dead letters."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from itertools import batched, filterfalse, islice
from typing import Final

from bridge.delivery.record import Key, key_of
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.queues.dead_letter import DeadLetter, letter_of
from inlet_bridge.operations.queues.dead_letter_filter import Filter
from inlet_bridge.operations.queues.letters_before import LettersBefore
from inlet_bridge.operations.records.table import Records
from inlet_bridge.operations.replay.sending import again

HELD_SECONDS: Final = 120
"""Visibility timeout, also after a kill. Ten letters at the lowest rate take less."""
_LONG_POLL_SECONDS = 2
# What was redriven is tried within a second or two, and is back then if its cause remains.
_POLLS_FOR_RETURNED = 3
# Batches in a row without a letter that was there before: a queue may get new ones forever.
_MOST_OF_OTHERS = 100
# Limit of the batch operations (Amazon SQS API reference).
_BATCH_ENTRIES = 10
MOST_LISTED: Final = 10_000
"""Letters that are listed at most. All are redriven or deleted, however many."""

type _Held = dict[str, str]
"""Receipts of letters that stay, by message ID."""


class DeadLetters:
    """The dead-letter queue of one deployment."""

    def __init__(
        self, deployed: Deployed, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._deployed = deployed
        self._records = Records(deployed)
        self._clock = clock

    def letters(
        self, wanted: Filter, see_other: Callable[[DeadLetter], None] = lambda _: None
    ) -> list[DeadLetter]:
        """The selected letters, MOST_LISTED at most, oldest first; they remain in the queue.

        Args:
            wanted: selects the letters.
            see_other: called with each that is read and not selected, so that a command which finds
                nothing need not read the queue again to name what there is.
        """
        held: _Held = {}
        with self._holding(held), closing(self._chosen(wanted, held, see_other)) as chosen:
            found = list(islice(chosen, MOST_LISTED))
            held |= {letter.message_id: letter.receipt for letter in found}
        return sorted(found, key=lambda letter: letter.died_at)

    def redrive(
        self,
        wanted: Filter,
        wait: Callable[[], None],
        before: LettersBefore | None = None,
        see_returned: Callable[[DeadLetter], None] = lambda _: None,
    ) -> Iterator[tuple[DeadLetter, str]]:
        """Move letters to the buffer; yield each with an error or an empty string.

        Events that no forwarder has accepted move to the queue of events. A letter is deleted only
        after it is in its queue. It keeps its delivery id, so its message keeps its `_id`. Its
        retry period restarts.

        Args:
            wanted: selects the letters.
            wait: called before each letter.
            before: only these are moved; None is what is in the queue now.
            see_returned: called with each that became a dead letter again within seconds.
        """
        held: _Held = {}
        moved: set[Key] = set()

        def see_other(letter: DeadLetter) -> None:
            key = letter.delivery and key_of(letter.delivery)
            if key in moved:
                moved.discard(key)
                see_returned(letter)

        before = before or LettersBefore((), self._deployed.time.now(), all_listed=False)
        with self._holding(held):
            for letter in self._chosen(wanted, held, see_other, before):
                wait()
                if problem := self._redriven(letter):
                    held[letter.message_id] = letter.receipt
                elif letter.delivery:
                    moved.add(key_of(letter.delivery))
                yield letter, problem
            polls = _POLLS_FOR_RETURNED if moved else 0
            for letters in islice(self._batches(polls), _MOST_OF_OTHERS):
                for letter in letters:
                    if letter.message_id not in held:
                        see_other(letter)
                    held[letter.message_id] = letter.receipt

    def drop(self, wanted: Filter, before: LettersBefore | None = None) -> Iterator[DeadLetter]:
        """Delete letters permanently, of those before; None is what is in the queue now."""
        held: _Held = {}
        before = before or LettersBefore((), self._deployed.time.now(), all_listed=False)
        with self._holding(held):
            for letter in self._chosen(wanted, held, before=before):
                self.drop_letter(letter)
                yield letter

    def take_first(self, wanted: Filter, most: int) -> DeadLetter | None:
        """The first letter that is selected; nobody else receives it for two minutes.

        Args:
            wanted: selects it.
            most: how many letters are looked at, in tens.
        """
        held: _Held = {}
        with self._holding(held):
            for letters in islice(self._batches(), most // _BATCH_ENTRIES):
                found = next(filter(wanted.matches, letters), None)
                held |= {each.message_id: each.receipt for each in letters if each is not found}
                if found:
                    return found
        return None

    def drop_letter(self, letter: DeadLetter) -> None:
        """Delete a letter that was taken, permanently."""
        self._delete(letter)
        if letter.delivery:
            self._records.close(letter.delivery)

    def redrive_letter(self, letter: DeadLetter) -> str:
        """Move a letter that was taken; return an error or an empty string."""
        if problem := self._redriven(letter):
            self._give_back([letter.receipt])
        return problem

    def _redriven(self, letter: DeadLetter) -> str:
        """Move a letter; return why it stays, or an empty string."""
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
            return "cannot be read; drop it"
        if not self._records.revive(letter.delivery):
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

    def _chosen(
        self,
        wanted: Filter,
        held: _Held,
        see_other: Callable[[DeadLetter], None] = lambda _: None,
        before: LettersBefore | None = None,
    ) -> Generator[DeadLetter]:
        """Take the selected letters, ten at a time, and hold the others.

        What is not deleted is visible again before a long queue has been read. It is not yielded
        twice, and after a round of such letters, all have been looked at.
        """

        def is_chosen(letter: DeadLetter) -> bool:
            return wanted.matches(letter) and (before is None or before.has(letter))

        seen: set[str] = set()
        again: set[str] = set()
        fruitless = 0
        for letters in self._batches():
            fresh = [letter for letter in letters if letter.message_id not in seen]
            if not fresh:
                held |= {letter.message_id: letter.receipt for letter in letters}
                if not again.isdisjoint(letter.message_id for letter in letters):
                    return
                again |= {letter.message_id for letter in letters}
                continue
            again.clear()
            seen |= {letter.message_id for letter in fresh}
            for other in filterfalse(is_chosen, fresh):
                see_other(other)
            left = sorted(filter(is_chosen, fresh), key=lambda letter: letter.died_at)
            fruitless = 0 if before is None or any(map(before.has, fresh)) else fruitless + 1
            held |= {each.message_id: each.receipt for each in letters if each not in left}
            try:
                while left:
                    yield left.pop(0)
            finally:
                # Also if the caller stops early.
                held |= {letter.message_id: letter.receipt for letter in left}
            if fruitless == _MOST_OF_OTHERS:
                return

    @contextmanager
    def _holding(self, held: _Held) -> Iterator[None]:
        """Make what is held visible at the end."""
        try:
            yield
        finally:
            self._give_back(list(held.values()))

    def _batches(self, polls: int = 1) -> Iterator[list[DeadLetter]]:
        """Take letters until so many polls find none."""
        while polls:
            found = self._deployed.sqs.receive_message(
                QueueUrl=self._deployed.dead_letters,
                MaxNumberOfMessages=_BATCH_ENTRIES,
                VisibilityTimeout=HELD_SECONDS,
                WaitTimeSeconds=_LONG_POLL_SECONDS,
                MessageAttributeNames=["All"],
                MessageSystemAttributeNames=["SentTimestamp", "DeadLetterQueueSourceArn"],
            ).get("Messages")
            if found:
                yield [letter_of(message, self._deployed.event_queues) for message in found]
            else:
                polls -= 1

    def _give_back(self, receipts: Sequence[str]) -> None:
        for some in batched(receipts, _BATCH_ENTRIES, strict=False):
            self._deployed.sqs.change_message_visibility_batch(
                QueueUrl=self._deployed.dead_letters,
                Entries=[
                    {"Id": str(number), "ReceiptHandle": receipt, "VisibilityTimeout": 0}
                    for number, receipt in enumerate(some)
                ],
            )

    def _delete(self, letter: DeadLetter) -> None:
        self._deployed.sqs.delete_message(
            QueueUrl=self._deployed.dead_letters, ReceiptHandle=letter.receipt
        )
