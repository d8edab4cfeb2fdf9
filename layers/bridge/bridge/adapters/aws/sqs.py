"""The buffer and the dead letters on SQS."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bridge.adapters.aws.clients import unavailable_if_it_fails
from bridge.adapters.aws.sqs_records import waiting
from bridge.delivery.dead_letter import DeadLetterInfo
from bridge.delivery.delivery import NOT_FOR_SQS, Delivery
from bridge.errors import UnavailableError
from bridge.inlet.batching import pack

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

__all__ = ["SqsBuffer", "SqsDeadLetters", "waiting"]

# Bounds of the Amazon SQS API reference: SendMessage and ChangeMessageVisibility.
_LONGEST_DELAY = timedelta(minutes=15)
_LONGEST_VISIBILITY = timedelta(hours=12)
# Bounds of SendMessageBatch.
_BATCH_ENTRIES = 10
_BATCH_BYTES = 1_048_576
# A message attribute's value counts into the message; a sentence needs no more.
_LONGEST_REASON = 500


class SqsBuffer:
    """The ports `Buffer` and `Visibility` on the buffer queue."""

    def __init__(self, client: "SQSClient", queue_url: str) -> None:
        self._client = client
        self._queue_url = queue_url

    def put(self, delivery: Delivery, delay: timedelta) -> None:
        """Send a message that appears after the delay, 15 minutes at most."""
        with unavailable_if_it_fails("the buffer cannot be written"):
            self._client.send_message(
                QueueUrl=self._queue_url,
                MessageBody=delivery.encode(),
                DelaySeconds=_seconds(min(delay, _LONGEST_DELAY)),
            )

    def put_all(self, deliveries: Sequence[Delivery], delay: timedelta) -> None:
        """Send messages in batches; what SQS does not take is tried once more."""
        texts = [delivery.encode() for delivery in deliveries]
        seconds = _seconds(min(delay, _LONGEST_DELAY))
        for batch in pack(texts, lambda text: len(text.encode()), _BATCH_BYTES, _BATCH_ENTRIES):
            refused = self._send(batch, seconds)
            if refused and self._send(refused, seconds):
                raise UnavailableError("the buffer cannot be written: SQS refused messages")

    def _send(self, texts: Sequence[str], delay: int) -> list[str]:
        """Those that SQS did not take. Raises UnavailableError when it took none."""
        with unavailable_if_it_fails("the buffer cannot be written"):
            answer = self._client.send_message_batch(
                QueueUrl=self._queue_url,
                Entries=[
                    {"Id": str(number), "MessageBody": text, "DelaySeconds": delay}
                    for number, text in enumerate(texts)
                ],
            )
        return [texts[int(failed["Id"])] for failed in answer.get("Failed", ())]

    def postpone(self, receipt: str, wait: timedelta) -> None:
        """Hide a received message for a while, 12 hours at most."""
        with unavailable_if_it_fails("a message cannot be put off"):
            self._client.change_message_visibility(
                QueueUrl=self._queue_url,
                ReceiptHandle=receipt,
                VisibilityTimeout=_seconds(min(wait, _LONGEST_VISIBILITY)),
            )


class SqsDeadLetters:
    """The port `DeadLetters` on the dead-letter queue; what is said of them is attributes."""

    def __init__(self, client: "SQSClient", queue_url: str) -> None:
        self._client = client
        self._queue_url = queue_url

    def put(self, text: str, info: DeadLetterInfo) -> None:
        """Send the message as it was in the buffer. Raises UnavailableError.

        A text that SQS does not take, which none of its own queues can hold, is sent as JSON.
        """
        attributes = {
            "class": info.kind,
            "reason": _attribute(info.reason),
            "attempts": str(info.attempts),
            "died_at": info.died_at.isoformat(),
        }
        if info.received_at:
            attributes["received_at"] = info.received_at.isoformat()
        with unavailable_if_it_fails("the dead-letter queue cannot be written"):
            self._client.send_message(
                QueueUrl=self._queue_url,
                MessageBody=json.dumps(text) if not text or NOT_FOR_SQS.search(text) else text,
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": value}
                    for name, value in attributes.items()
                },
            )


def _attribute(text: str) -> str:
    """A text that SQS takes for an attribute, which cannot be empty."""
    return NOT_FOR_SQS.sub(" ", text[:_LONGEST_REASON]) or "-"


def _seconds(span: timedelta) -> int:
    """Whole seconds, rounded up, so that nothing comes back too early."""
    return -(-span // timedelta(seconds=1))


if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.literals import QueueAttributeNameType

DEPTHS: "Final[tuple[QueueAttributeNameType, ...]]" = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)
"""All messages of a queue: those that wait, are in work, and are held back."""


class SqsDepth:
    """The port `QueueDepth` on one queue."""

    def __init__(self, client: "SQSClient", queue_url: str) -> None:
        self._client = client
        self._queue_url = queue_url

    def depth(self) -> int:
        """All its messages, approximately while they move. Raises UnavailableError."""
        with unavailable_if_it_fails("the buffer does not answer"):
            answer = self._client.get_queue_attributes(
                QueueUrl=self._queue_url, AttributeNames=list(DEPTHS)
            )
        return sum(int(answer["Attributes"][name]) for name in DEPTHS)
