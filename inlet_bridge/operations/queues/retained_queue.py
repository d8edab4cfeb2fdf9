"""A queue that a deleted stack left: what it is, and its messages."""

from enum import StrEnum
from itertools import batched
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from bridge.adapters.aws.sqs import DEPTHS
from bridge.delivery.delivery import Delivery
from bridge.delivery.record import check_key
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

# Visibility timeout: messages that stay are not received again for so long.
_HELD_SECONDS = 300
_LONG_POLL_SECONDS = 2
_BATCH_ENTRIES = 10


class Kind(StrEnum):
    """The logical id of a queue in `template.yaml` or `sources.yaml`."""

    BUFFER = "Buffer"
    DEAD_LETTERS = "DeadLetters"
    EVENTS = "Events"


def kind_of(name: str) -> Kind | None:
    """Which queue has this name or ARN; None if it is none of a bridge.

    CloudFormation names a queue `{stack}-{logical id}-{random}`, and the name of a stack may have
    such words, too.
    """
    found = max(Kind, key=lambda kind: name.rfind(f"-{kind}-"))
    return found if f"-{found}-" in name else None


def queue_url(sqs: "SQSClient", given: str) -> str:
    """The URL of a queue that is given by its URL or name.

    Raises:
        OperationError: no queue has the name.
        ClientError: SQS rejects the request.
    """
    if "/" in given:
        return given
    try:
        return sqs.get_queue_url(QueueName=given)["QueueUrl"]
    except sqs.exceptions.QueueDoesNotExist as exc:
        raise OperationError(
            f"there is no queue {given}",
            hint="Give the URL of the queue, or its whole name, which ends in a part that AWS adds."
            " `aws sqs list-queues` lists the URLs.",
        ) from exc


class RetainedQueue:
    """One queue, by its URL.

    After `release`, messages that were taken and not deleted are visible again.
    """

    def __init__(self, sqs: "SQSClient", url: str) -> None:
        self._sqs = sqs
        self._url = url
        self._held: dict[str, str] = {}  # Receipts by message id.

    def check(self, deployed: Deployed) -> Kind:
        """Which queue it was. Raises OperationError if it is none of the bridge, or in use."""
        name = self._url.rpartition("/")[2]
        kind = kind_of(name)
        if kind is None:
            raise OperationError(
                f"{name} is not a queue of a bridge",
                hint="A stack leaves queues such as STACK-Buffer-1A2B3C, with Buffer, DeadLetters"
                " or Events before the last part of the name.",
            )
        try:
            arns = [self._arn(self._url)]
        except ClientError as exc:
            raise OperationError(
                f"the queue {name} cannot be read: {exc.response['Error']['Message']}",
                hint="`aws sqs list-queues` lists the queues.",
            ) from exc
        if kind is Kind.DEAD_LETTERS:
            arns = [self._arn(url) for url in self._dead_letter_sources()]
        own = (deployed.buffer, deployed.dead_letters)
        names = {*deployed.event_queues, *(url.rpartition("/")[2] for url in own)}
        if name in names or any(_is_read(deployed, arn) for arn in arns):
            raise OperationError(
                f"{name} is in use by a deployment",
                hint="Only the queues of a deleted stack can be drained.",
            )
        return kind

    def _dead_letter_sources(self) -> list[str]:
        """URLs of the queues whose dead letters this one has; a function reads those."""
        pages = self._sqs.get_paginator("list_dead_letter_source_queues").paginate(
            QueueUrl=self._url
        )
        return [url for page in pages for url in page["queueUrls"]]

    def _arn(self, url: str) -> str:
        answer = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return answer["Attributes"]["QueueArn"]

    def depth(self) -> tuple[int, int]:
        """Number of messages that are visible, and of those that are in flight or delayed."""
        found = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=list(DEPTHS))
        visible, *hidden = (int(found["Attributes"][name]) for name in DEPTHS)
        return visible, sum(hidden)

    def take(self) -> "list[MessageTypeDef]":
        """Up to ten messages that were not taken before; none if there are no more.

        What stays is visible again before a long queue has been read: after a round of such
        messages, all have been taken.
        """
        again: set[str] = set()
        while messages := self._sqs.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=_BATCH_ENTRIES,
            VisibilityTimeout=_HELD_SECONDS,
            WaitTimeSeconds=_LONG_POLL_SECONDS,
            MessageAttributeNames=["All"],
            MessageSystemAttributeNames=["DeadLetterQueueSourceArn"],
        ).get("Messages"):
            fresh = [each for each in messages if each["MessageId"] not in self._held]
            self._held |= {each["MessageId"]: each["ReceiptHandle"] for each in messages}
            if fresh:
                return fresh
            if not again.isdisjoint(each["MessageId"] for each in messages):
                break
            again |= {each["MessageId"] for each in messages}
        return []

    def delete(self, messages: "Iterable[MessageTypeDef]") -> None:
        """Delete messages that were taken. One whose deletion fails becomes visible again."""
        for some in batched(messages, _BATCH_ENTRIES, strict=False):
            receipts = [self._held.pop(each["MessageId"]) for each in some]
            self._sqs.delete_message_batch(
                QueueUrl=self._url,
                Entries=[
                    {"Id": str(number), "ReceiptHandle": receipt}
                    for number, receipt in enumerate(receipts)
                ],
            )

    def release(self) -> None:
        """Make the messages visible that were taken and not deleted."""
        for some in batched(self._held.values(), _BATCH_ENTRIES, strict=False):
            self._sqs.change_message_visibility_batch(
                QueueUrl=self._url,
                Entries=[
                    {"Id": str(number), "ReceiptHandle": receipt, "VisibilityTimeout": 0}
                    for number, receipt in enumerate(some)
                ],
            )
        self._held.clear()


def _is_read(deployed: Deployed, arn: str) -> bool:
    """Whether a function receives the messages of a queue."""
    answer = deployed.functions.list_event_source_mappings(EventSourceArn=arn)
    return bool(answer["EventSourceMappings"])


def delivery_of(body: str) -> Delivery | None:
    """The delivery of a buffered message or a dead letter; None if the body has none."""
    try:
        delivery = Delivery.decode(body)
        check_key(delivery)
    except ValueError:
        return None
    return delivery
