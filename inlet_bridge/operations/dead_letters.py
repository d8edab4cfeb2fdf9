"""List, redrive and delete dead letters."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bridge.delivery.delivery import Delivery
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.records import Records
from inlet_bridge.operations.replay.sending import again

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

# Visibility timeout: other consumers do not receive a letter until it is released.
_HELD_SECONDS = 300
_LONG_POLL_SECONDS = 2
# Digits of a number of attempts; Python parses at most 4,300.
_MOST_DIGITS = 9
# The class of messages that SQS itself moved here after `maxReceiveCount` receives.
GIVEN_UP = "given up"
# The class of events that EventBridge could not deliver to the queue of events. It adds attributes
# (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html).
UNDELIVERED = "undelivered"
OF_EVENTBRIDGE = "RULE_ARN"
"""An attribute that only EventBridge adds."""
_TARGET = "TARGET_ARN"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One message of the dead-letter queue.

    Attributes:
        delivery: None if the message cannot be parsed.
        event: the attributes of an event that is still as it was sent; None for other messages.
        queue: the name of the queue of that event.
        kind, reason: of the failure; `given up` if the message has none.
        died_at: the recorded time, or the time when it entered the queue.
    """

    receipt: str
    text: str
    delivery: Delivery | None
    kind: str
    reason: str
    attempts: int
    died_at: datetime
    event: Mapping[str, str] | None = None
    queue: str = ""


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
            yield letter, self._redrive(letter)

    def drop(self, wanted: Filter) -> Iterator[DeadLetter]:
        """Delete letters permanently."""
        for letter in self._chosen(wanted):
            self._delete(letter)
            if letter.delivery:
                self._records.close(letter.delivery)
            yield letter

    def _redrive(self, letter: DeadLetter) -> str:
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
        while found := self._deployed.sqs.receive_message(
            QueueUrl=self._deployed.dead_letters,
            MaxNumberOfMessages=10,
            VisibilityTimeout=_HELD_SECONDS,
            WaitTimeSeconds=_LONG_POLL_SECONDS,
            MessageAttributeNames=["All"],
            MessageSystemAttributeNames=["SentTimestamp", "DeadLetterQueueSourceArn"],
        ).get("Messages"):
            yield from (_letter(message, self._deployed.event_queues) for message in found)

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


def _letter(message: "MessageTypeDef", queues: Collection[str]) -> DeadLetter:
    """Parse a message.

    Args:
        message: of the dead-letter queue.
        queues: the names of the queues of events.
    """
    # A client with write access to the queue can set any attributes.
    said = {
        name: value["StringValue"]
        for name, value in message.get("MessageAttributes", {}).items()
        if "StringValue" in value
    }
    text = message["Body"]
    sent_at = datetime.fromtimestamp(int(message["Attributes"]["SentTimestamp"]) / 1000, UTC)
    undelivered = OF_EVENTBRIDGE in said
    origin = message["Attributes"].get("DeadLetterQueueSourceArn", "").rpartition(":")[2]
    event: Mapping[str, str] | None = None
    if undelivered:
        event, origin = {}, said.get(_TARGET, "").rpartition(":")[2]
    elif origin in queues:
        event = said
    return DeadLetter(
        receipt=message["ReceiptHandle"],
        text=text,
        delivery=_delivery(text),
        kind=UNDELIVERED if undelivered else said.get("class", GIVEN_UP),
        reason=said.get("ERROR_MESSAGE", "EventBridge could not deliver it")
        if undelivered
        else said.get("reason", "SQS gave it up after as many receives as it allows"),
        attempts=_number(said.get("attempts", "")),
        died_at=_time(said, sent_at),
        event=event,
        queue=origin,
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
