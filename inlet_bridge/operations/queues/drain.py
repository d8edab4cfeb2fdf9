"""Move what a deleted deployment left in its queues to the queues of another deployment.

SQS's own StartMessageMoveTask moves only from dead-letter queues, and messages as they are; a
buffered delivery has to be marked as one that may exist twice.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from bridge.adapters.aws.delivery_items import key_item
from bridge.adapters.aws.dynamodb import DynamoDbDeliveries
from bridge.delivery.delivery import Delivery
from bridge.delivery.record import ACCEPTED, Key, Record, State, is_done, key_of
from bridge.errors import UnavailableError
from bridge.inlet.batching import pack
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.queues.dead_letter import OF_EVENTBRIDGE
from inlet_bridge.operations.queues.retained_queue import Kind, RetainedQueue, delivery_of, kind_of
from inlet_bridge.operations.records.table import Records
from inlet_bridge.operations.replay.sending import again

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import (
        MessageAttributeValueOutputTypeDef,
        MessageAttributeValueTypeDef,
        MessageTypeDef,
        SendMessageBatchRequestEntryTypeDef,
    )

# Limits of SendMessageBatch (Amazon SQS API reference); attributes count toward the bytes.
_BATCH_ENTRIES, _BATCH_BYTES = 10, 1_048_576

# The table does not exist, its name is none, or it has other keys.
_NO_TABLE: Final = ("ResourceNotFoundException", "ValidationException")


class Outcome(StrEnum):
    """What happens to a message: it is moved, deleted as settled, or stays, an event as EVENT."""

    MOVED = "moved"
    SETTLED = "settled"
    STAYS = "stays"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A message for another queue; its URL is empty if the message needs none or stays.

    Attributes:
        delivery: of a buffered webhook.
    """

    message: "MessageTypeDef"
    outcome: Outcome
    to: str = ""
    text: str = ""
    delivery: Delivery | None = None


@dataclass(frozen=True, slots=True)
class Drain:
    """Drains one queue into the queue of the same logical id of a deployment.

    A message is deleted only after it is in its new queue, so an interruption loses nothing. It may
    leave a message in both; then a second run moves it again, and the new deployment sends it once:
    `sends` marks it as a message with copies, and its record states which of them was sent.

    Attributes:
        records: the retained table of the deleted deployment; empty if it is not at hand. What was
            delivered by its records is not moved.
    """

    deployed: Deployed
    source: RetainedQueue
    records: str = ""
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    def run(self, *, dry_run: bool = False) -> Iterator[Outcome]:
        """Move all visible messages; yield the outcome of each.

        Args:
            dry_run: changes nothing but the visibility of the messages for a while.

        Raises:
            OperationError: the queue cannot be drained, or AWS does not respond.
        """
        kind = self.source.check(self.deployed)
        self._check_records()
        target = self._queue_of_events() if kind is Kind.EVENTS else self.deployed.resource(kind)
        try:
            while messages := self.source.take():
                prepared = self._prepare(kind, target, messages)
                if not dry_run:
                    self._move(prepared)
                yield from (each.outcome for each in prepared)
        finally:
            self.source.release()  # Also if the caller stops early.

    def _check_records(self) -> None:
        """Raise OperationError if there is no such table; a queue without messages needs none."""
        if not self.records:
            return
        keys: Any = [key_item(("-", "-"))]
        try:
            self.deployed.dynamodb.batch_get_item(RequestItems={self.records: {"Keys": keys}})
        except ClientError as exc:
            if exc.response["Error"]["Code"] not in _NO_TABLE:
                raise
            raise OperationError(
                f"there is no table {self.records} of deliveries",
                hint="`aws dynamodb list-tables` lists the tables.",
            ) from exc

    def _queue_of_events(self) -> str:
        urls = self.deployed.events
        if len(urls) == 1:
            return next(iter(urls.values()))
        found = f"{len(urls)} queues of events: {', '.join(urls)}" if urls else "no queue of events"
        raise OperationError(
            f"stage {self.deployed.parameters['Stage']} has {found}",
            hint="Deploy sources.yaml with EventSourceName, or delete the other stacks with one.",
        )

    def _prepare(
        self, kind: Kind, target: str, messages: "Sequence[MessageTypeDef]"
    ) -> list[_Prepared]:
        if kind is Kind.EVENTS:
            return [_unchanged(message, target) for message in messages]
        deliveries = {message["MessageId"]: delivery_of(message["Body"]) for message in messages}
        known = [delivery for delivery in deliveries.values() if delivery]
        old = self._found(self.records, known) if self.records else {}
        if kind is Kind.DEAD_LETTERS:
            return [
                self._dead_letter(message, deliveries[message["MessageId"]], target, old)
                for message in messages
            ]
        new = self._found(self.deployed.deliveries, known)
        return [
            self._buffered(message, deliveries[message["MessageId"]], target, old, new)
            for message in messages
        ]

    def _buffered(
        self,
        message: "MessageTypeDef",
        delivery: Delivery | None,
        target: str,
        *records: Mapping[Key, Record],
    ) -> _Prepared:
        if delivery is None:
            return _Prepared(message, Outcome.STAYS)
        if any(is_done(some.get(key_of(delivery))) for some in records):
            return _Prepared(message, Outcome.SETTLED)
        # No forwarder has tried it since the stack was deleted.
        renewed = again(delivery, self.clock())
        return _Prepared(message, Outcome.MOVED, target, renewed.encode(), renewed)

    def _dead_letter(
        self,
        message: "MessageTypeDef",
        delivery: Delivery | None,
        target: str,
        old: Mapping[Key, Record],
    ) -> _Prepared:
        origin = message.get("Attributes", {}).get("DeadLetterQueueSourceArn", "")
        if kind_of(origin) is Kind.EVENTS:
            # SQS moved an event here. Only this attribute shows it, and a copy would not have it.
            if len(urls := [*self.deployed.events.values()]) != 1:
                return _Prepared(message, Outcome.EVENT)
            return _unchanged(message, urls[0])
        if delivery is None and not {"class", OF_EVENTBRIDGE} & {
            *message.get("MessageAttributes", ())
        }:
            return _Prepared(message, Outcome.STAYS)
        record = old.get(key_of(delivery)) if delivery else None
        if record and record.state in ACCEPTED | {State.ERASED}:
            return _Prepared(message, Outcome.SETTLED)
        return _unchanged(message, target)

    def _found(self, table: str, deliveries: Sequence[Delivery]) -> Mapping[Key, Record]:
        adapter = DynamoDbDeliveries(self.deployed.dynamodb, table, self.clock, timedelta(0))
        try:
            return adapter.find(deliveries)
        except UnavailableError as exc:
            raise OperationError(str(exc), hint="Run the command again.") from exc

    def _move(self, prepared: Sequence[_Prepared]) -> None:
        self.source.delete(each.message for each in prepared if each.outcome is Outcome.SETTLED)
        records = Records(self.deployed)
        for each in prepared:
            if each.delivery:
                records.revive(each.delivery)
        for url in dict.fromkeys(each.to for each in prepared if each.outcome is Outcome.MOVED):
            for batch in pack(
                [each for each in prepared if each.to == url], _size, _BATCH_BYTES, _BATCH_ENTRIES
            ):
                self._send(url, batch)

    def _send(self, url: str, batch: Sequence[_Prepared]) -> None:
        answer = self.deployed.sqs.send_message_batch(
            QueueUrl=url, Entries=[_entry(number, each) for number, each in enumerate(batch)]
        )
        sent = {int(each["Id"]) for each in answer.get("Successful", ())}
        self.source.delete(batch[number].message for number in sorted(sent))
        if failed := answer.get("Failed", ()):
            reason = failed[0].get("Message", failed[0]["Code"])
            raise OperationError(
                f"SQS rejected {len(failed)} messages: {reason}",
                hint="They remain in the queue. Run the command again.",
            )


def _unchanged(message: "MessageTypeDef", target: str) -> _Prepared:
    return _Prepared(message, Outcome.MOVED, target, message["Body"])


def _entry(number: int, each: _Prepared) -> "SendMessageBatchRequestEntryTypeDef":
    return {
        "Id": str(number),
        "MessageBody": each.text,
        "MessageAttributes": {
            name: _attribute(value)
            for name, value in each.message.get("MessageAttributes", {}).items()
        },
    }


def _attribute(value: "MessageAttributeValueOutputTypeDef") -> "MessageAttributeValueTypeDef":
    """A received attribute without the lists that SQS returns and does not accept."""
    if "BinaryValue" in value:
        return {"DataType": value["DataType"], "BinaryValue": value["BinaryValue"]}
    return {"DataType": value["DataType"], "StringValue": value.get("StringValue", "")}


def _size(each: _Prepared) -> int:
    attributes = each.message.get("MessageAttributes", {})
    return len(each.text.encode()) + sum(
        len(name)
        + len(value["DataType"])
        + len(value.get("StringValue", "").encode())
        + len(value.get("BinaryValue", b""))
        for name, value in attributes.items()
    )
