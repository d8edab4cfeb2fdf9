"""Send deliveries to the buffer and to the dead-letter queue."""

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
    from mypy_boto3_sqs.literals import QueueAttributeNameType

__all__ = ["SqsBuffer", "SqsDeadLetters", "waiting"]

# Limits of SendMessage and ChangeMessageVisibility (Amazon SQS API reference).
_MAX_DELAY = timedelta(minutes=15)
_MAX_VISIBILITY = timedelta(hours=12)
# Limits of SendMessageBatch.
_BATCH_ENTRIES = 10
_BATCH_BYTES = 1_048_576
# The value of an attribute counts toward the size of the message.
_MAX_REASON = 500


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
                DelaySeconds=_seconds(min(delay, _MAX_DELAY)),
            )

    def put_all(self, deliveries: Sequence[Delivery], delay: timedelta) -> None:
        """Send messages in batches; retry failed entries once."""
        texts = [delivery.encode() for delivery in deliveries]
        seconds = _seconds(min(delay, _MAX_DELAY))
        for batch in pack(texts, lambda text: len(text.encode()), _BATCH_BYTES, _BATCH_ENTRIES):
            failed = self._send(batch, seconds)
            if failed and self._send(failed, seconds):
                raise UnavailableError("the buffer cannot be written: SQS rejected messages")

    def _send(self, texts: Sequence[str], delay: int) -> list[str]:
        """Send a batch; return the failed entries. Raises UnavailableError if the call fails."""
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
        with unavailable_if_it_fails("a message cannot be postponed"):
            self._client.change_message_visibility(
                QueueUrl=self._queue_url,
                ReceiptHandle=receipt,
                VisibilityTimeout=_seconds(min(wait, _MAX_VISIBILITY)),
            )


class SqsDeadLetters:
    """The port `DeadLetters` on the dead-letter queue; its metadata are message attributes."""

    def __init__(self, client: "SQSClient", queue_url: str) -> None:
        self._client = client
        self._queue_url = queue_url

    def put(self, text: str, info: DeadLetterInfo) -> None:
        """Send the unchanged message of the buffer. Raises UnavailableError.

        A text that SQS does not accept is sent as JSON.
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
    """A valid attribute value, which cannot be empty."""
    return NOT_FOR_SQS.sub(" ", text[:_MAX_REASON]) or "-"


def _seconds(span: timedelta) -> int:
    """Whole seconds, rounded up, so that no message returns too early."""
    return -(-span // timedelta(seconds=1))


DEPTHS: "Final[tuple[QueueAttributeNameType, ...]]" = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)
"""All messages of a queue: visible, in flight and delayed."""


class SqsDepth:
    """The port `QueueDepth` on one queue."""

    def __init__(self, client: "SQSClient", queue_url: str) -> None:
        self._client = client
        self._queue_url = queue_url

    def depth(self) -> int:
        """All its messages, approximately while they move. Raises UnavailableError."""
        with unavailable_if_it_fails("the buffer does not respond"):
            answer = self._client.get_queue_attributes(
                QueueUrl=self._queue_url, AttributeNames=list(DEPTHS)
            )
        return sum(int(answer["Attributes"][name]) for name in DEPTHS)
