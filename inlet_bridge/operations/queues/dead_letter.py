"""One message of the dead-letter queue."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bridge.delivery.delivery import Delivery
from bridge.delivery.outcomes import DeadClass

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

# Digits of a number of attempts; Python parses at most 4,300.
_MOST_DIGITS = 9
# The class of messages that SQS itself moved here after `maxReceiveCount` receives.
GIVEN_UP = "given up"
# The class of events that EventBridge could not deliver to the queue of events. It adds attributes
# (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html).
UNDELIVERED = "undelivered"
CLASSES = (*DeadClass, GIVEN_UP, UNDELIVERED)
"""All classes of dead letters."""
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
        sent_at: when it was sent, by the clock of SQS.
        message_id: of SQS, which stays the same each time it is received.
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
    sent_at: datetime
    event: Mapping[str, str] | None = None
    queue: str = ""
    message_id: str = ""


def letter_of(message: "MessageTypeDef", queues: Collection[str]) -> DeadLetter:
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
        message_id=message["MessageId"],
        sent_at=sent_at,
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
