"""How full a queue is."""

from typing import TYPE_CHECKING, Final

from bridge.adapters.aws.clients import unavailable_if_it_fails

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
