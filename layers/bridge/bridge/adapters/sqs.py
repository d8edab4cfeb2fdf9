"""The buffer and the dead letters on SQS."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bridge.adapters.aws import unavailable_if_it_fails
from bridge.delivery.delivery import Delivery
from bridge.delivery.obituary import Obituary
from bridge.delivery.waiting import Waiting

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

# Bounds of the Amazon SQS API reference: SendMessage and ChangeMessageVisibility.
_LONGEST_DELAY = timedelta(minutes=15)
_LONGEST_VISIBILITY = timedelta(hours=12)
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

    def put(self, text: str, obituary: Obituary) -> None:
        """Send the message as it was in the buffer. Raises UnavailableError."""
        attributes = {
            "class": obituary.kind,
            "reason": obituary.reason[:_LONGEST_REASON],
            "attempts": str(obituary.attempts),
            "died_at": obituary.died_at.isoformat(),
        }
        if obituary.received_at:
            attributes["received_at"] = obituary.received_at.isoformat()
        with unavailable_if_it_fails("the dead-letter queue cannot be written"):
            self._client.send_message(
                QueueUrl=self._queue_url,
                MessageBody=text,
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": value}
                    for name, value in attributes.items()
                },
            )


def _seconds(span: timedelta) -> int:
    """Whole seconds, rounded up, so that nothing comes back too early."""
    return -(-span // timedelta(seconds=1))


def waiting(record: Mapping[str, Any]) -> Waiting:
    """Read a record of an SQS event, as Lambda passes it."""
    attributes = record["attributes"]
    return Waiting(
        message_id=record["messageId"],
        receipt=record["receiptHandle"],
        text=record["body"],
        receives=int(attributes["ApproximateReceiveCount"]),
        sent_at=datetime.fromtimestamp(int(attributes["SentTimestamp"]) / 1000, UTC),
    )
