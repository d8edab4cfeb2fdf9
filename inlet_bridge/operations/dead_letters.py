"""Dead letters: looking at them, putting them into the buffer again, throwing them away."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bridge.delivery.delivery import Delivery
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.records import Records

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

# Nobody else is given a letter while it is looked at; it comes back when the work is done.
_HELD_SECONDS = 300
_LONG_POLL_SECONDS = 2
# Of a number of attempts; Python reads 4,300 at most.
_MOST_DIGITS = 9
# The class of what SQS gave up by itself, after as many receives as it allows.
GIVEN_UP = "given up"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One message of the dead-letter queue.

    Attributes:
        delivery: None when the message cannot be read.
        kind, reason: why it died; `given up` when SQS says nothing.
        died_at: as it was written, or when it came into the queue.
    """

    receipt: str
    text: str
    delivery: Delivery | None
    kind: str
    reason: str
    attempts: int
    died_at: datetime


@dataclass(frozen=True, slots=True)
class Filter:
    """Which dead letters are meant; empty is any."""

    source: str = ""
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None
    delivery_id: str = ""

    def matches(self, letter: DeadLetter) -> bool:
        """Whether a letter is one of them."""
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
        """What is there, the oldest first; all of it stays there."""
        everything = list(self._take())
        self._give_back(everything)
        return sorted(filter(wanted.matches, everything), key=lambda letter: letter.died_at)

    def redrive(self, wanted: Filter, wait: Callable[[], None]) -> Iterator[tuple[DeadLetter, str]]:
        """Put letters into the buffer again, each with what came of it.

        A letter leaves the dead letters only when it is in the buffer. Its delivery id stays, so
        its message keeps its `_id`; the time for which it is tried begins anew.

        Args:
            wanted: which ones.
            wait: called before each.
        """
        for letter in self._chosen(wanted):
            wait()
            yield letter, self._redrive(letter)

    def drop(self, wanted: Filter) -> Iterator[DeadLetter]:
        """Throw letters away for good."""
        for letter in self._chosen(wanted):
            self._delete(letter)
            yield letter

    def _redrive(self, letter: DeadLetter) -> str:
        if letter.delivery is None:
            self._give_back([letter])
            return "cannot be read; drop it"
        if not self._records.revive(letter.delivery):
            self._give_back([letter])
            return "was delivered meanwhile; drop it"
        again = replace(letter.delivery, buffered_at=self._clock(), attempts=0)
        self._deployed.sqs.send_message(QueueUrl=self._deployed.buffer, MessageBody=again.encode())
        self._delete(letter)
        return ""

    def _chosen(self, wanted: Filter) -> Iterator[DeadLetter]:
        letters = list(self._take())
        self._give_back([letter for letter in letters if not wanted.matches(letter)])
        left = sorted(filter(wanted.matches, letters), key=lambda letter: letter.died_at)
        try:
            while left:
                yield left.pop(0)
        finally:
            self._give_back(left)  # When somebody stops in the middle.

    def _take(self) -> Iterator[DeadLetter]:
        while found := self._deployed.sqs.receive_message(
            QueueUrl=self._deployed.dead_letters,
            MaxNumberOfMessages=10,
            VisibilityTimeout=_HELD_SECONDS,
            WaitTimeSeconds=_LONG_POLL_SECONDS,
            MessageAttributeNames=["All"],
            MessageSystemAttributeNames=["SentTimestamp"],
        ).get("Messages"):
            yield from map(_letter, found)

    def _give_back(self, letters: list[DeadLetter]) -> None:
        for letter in letters:
            self._deployed.sqs.change_message_visibility(
                QueueUrl=self._deployed.dead_letters,
                ReceiptHandle=letter.receipt,
                VisibilityTimeout=0,
            )

    def _delete(self, letter: DeadLetter) -> None:
        self._deployed.sqs.delete_message(
            QueueUrl=self._deployed.dead_letters, ReceiptHandle=letter.receipt
        )


def _letter(message: "MessageTypeDef") -> DeadLetter:
    # Whoever may write to a queue may give a message any attributes, and SQS keeps them.
    said = {
        name: value["StringValue"]
        for name, value in message.get("MessageAttributes", {}).items()
        if "StringValue" in value
    }
    text = message["Body"]
    sent_at = datetime.fromtimestamp(int(message["Attributes"]["SentTimestamp"]) / 1000, UTC)
    return DeadLetter(
        receipt=message["ReceiptHandle"],
        text=text,
        delivery=_delivery(text),
        kind=said.get("class", GIVEN_UP),
        reason=said.get("reason", "SQS gave it up after as many receives as it allows"),
        attempts=_number(said.get("attempts", "")),
        died_at=_time(said, sent_at),
    )


def _delivery(text: str) -> Delivery | None:
    try:
        return Delivery.decode(text)
    except ValueError:
        return None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else 0


def _time(said: Mapping[str, str], otherwise: datetime) -> datetime:
    try:
        time = datetime.fromisoformat(said.get("died_at", ""))
    except ValueError:
        return otherwise
    return time if time.tzinfo else otherwise
