"""Send deliveries to the buffer and to the dead-letter queue."""

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bridge.adapters.aws.clients import AWS_ERRORS, unavailable
from bridge.delivery.body_encoding import not_for_sqs
from bridge.delivery.delivery import LONGEST_DELAY, Delivery
from bridge.errors import UnavailableError
from bridge.inlet.batching import pack
from bridge.telemetry import logger

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.literals import QueueAttributeNameType

    from bridge.delivery.dead_letter import DeadLetterInfo

# Limit of ChangeMessageVisibility (Amazon SQS API reference).
_MAX_VISIBILITY = timedelta(hours=12)
# Limits of SendMessageBatch.
_BATCH_ENTRIES = 10
_BATCH_BYTES = 1_048_576
# The value of an attribute counts toward the size of the message.
_MAX_REASON = 500


# A message of SendMessageBatch: its position among the deliveries to send, its text and its delay
# in seconds.
type _Entry = tuple[int, str, int]


class SqsBuffer:
    """The ports `Buffer` and `Visibility` on the buffer queue."""

    def __init__(self, client: "SQSClient", queue_url: str) -> None:
        self._client = client
        self._queue_url = queue_url

    def put(self, delivery: Delivery, delay: timedelta) -> None:
        """Send a message that appears after the delay, LONGEST_DELAY at most."""
        try:
            self._client.send_message(
                QueueUrl=self._queue_url,
                MessageBody=delivery.encode(),
                DelaySeconds=_seconds(min(delay, LONGEST_DELAY)),
            )
        except AWS_ERRORS as exc:
            raise unavailable("the buffer cannot be written", exc) from exc

    def put_all(self, deliveries: Sequence[Delivery], delay: timedelta) -> None:
        """Send messages in batches; retry failed entries once."""
        for batch in _batches([(delivery, delay) for delivery in deliveries]):
            if self._send(batch):
                raise UnavailableError("the buffer cannot be written: SQS rejected messages")

    def put_each(self, deliveries: Sequence[tuple[Delivery, timedelta]]) -> Collection[int]:
        """Send messages in batches; after a failed request, no further one is made."""
        left = set(range(len(deliveries)))
        try:
            for batch in _batches(deliveries):
                failed = self._send(batch)
                left -= {position for position, *_ in batch} - failed
        except UnavailableError as exc:
            logger.error("messages were not sent again", extra={"reason": str(exc)})
        return left

    def _send(self, batch: Sequence[_Entry]) -> set[int]:
        """Send a batch and its failed entries once more; return the positions that failed twice.

        Raises UnavailableError if a request fails.
        """
        failed: list[_Entry] = list(batch)
        for _ in range(2):
            try:
                answer = self._client.send_message_batch(
                    QueueUrl=self._queue_url,
                    Entries=[
                        {"Id": str(number), "MessageBody": text, "DelaySeconds": delay}
                        for number, (_, text, delay) in enumerate(failed)
                    ],
                )
            except AWS_ERRORS as exc:
                raise unavailable("the buffer cannot be written", exc) from exc
            failed = [failed[int(each["Id"])] for each in answer.get("Failed", ())]
            if not failed:
                break
        return {position for position, *_ in failed}

    def postpone(self, receipt: str, wait: timedelta) -> None:
        """Hide a received message for a while, 12 hours at most."""
        try:
            self._client.change_message_visibility(
                QueueUrl=self._queue_url,
                ReceiptHandle=receipt,
                VisibilityTimeout=_seconds(min(wait, _MAX_VISIBILITY)),
            )
        except AWS_ERRORS as exc:
            raise unavailable("a message cannot be postponed", exc) from exc


class SqsDeadLetters:
    """The port `DeadLetters` on the dead-letter queue; its metadata are message attributes."""

    def __init__(self, client: "SQSClient", queue_url: str) -> None:
        self._client = client
        self._queue_url = queue_url

    def put(self, text: str, info: "DeadLetterInfo") -> None:
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
        try:
            self._client.send_message(
                QueueUrl=self._queue_url,
                MessageBody=json.dumps(text) if not text or not_for_sqs().search(text) else text,
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": value}
                    for name, value in attributes.items()
                },
            )
        except AWS_ERRORS as exc:
            raise unavailable("the dead-letter queue cannot be written", exc) from exc


def _batches(deliveries: Sequence[tuple[Delivery, timedelta]]) -> Iterator[list[_Entry]]:
    entries = (
        (position, delivery.encode(), _seconds(min(delay, LONGEST_DELAY)))
        for position, (delivery, delay) in enumerate(deliveries)
    )
    return pack(entries, lambda entry: len(entry[1].encode()), _BATCH_BYTES, _BATCH_ENTRIES)


def _attribute(text: str) -> str:
    """A valid attribute value, which cannot be empty."""
    return not_for_sqs().sub(" ", text[:_MAX_REASON]) or "-"


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
        try:
            answer = self._client.get_queue_attributes(
                QueueUrl=self._queue_url, AttributeNames=list(DEPTHS)
            )
        except AWS_ERRORS as exc:
            raise unavailable("the buffer does not respond", exc) from exc
        return sum(int(answer["Attributes"][name]) for name in DEPTHS)
