"""The forwarder: a batch of the buffer, or of events, in; the messages that stay there out."""

from typing import TYPE_CHECKING, Any

from bridge.adapters.aws.sqs_records import is_from, queued_event, records_of, waiting
from bridge.errors import UnavailableError
from bridge.telemetry import log_unforeseen, logger
from functions.forwarder.wiring import components, counts, deadline

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

# Kept back from the function's time-out for records, dead letters and the answer.
RESERVE_SECONDS = 15


@logger.inject_lambda_context(clear_state=True)
def lambda_handler(event: object, context: "LambdaContext") -> dict[str, Any]:
    """Forward a batch; the answer names the messages that are not done with."""
    deadline.start(context.get_remaining_time_in_millis() / 1000 - RESERVE_SECONDS)
    records = records_of(event)
    settle = _take if is_from(components().events_queue, records) else _forward
    left = settle(records)
    counts.flush()
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in left]}


def _take(records: list[Any]) -> list[str]:
    """The ids of the events that stay in their queue."""
    left: list[str] = []
    for event in map(queued_event, records):
        try:
            left += components().events.accept([event])
        except Exception as exc:  # noqa: BLE001 (the other events are taken on all the same)
            log_unforeseen(exc, message_id=event.message_id)
            left.append(event.message_id)
    return left


def _forward(records: list[Any]) -> list[str]:
    """The ids of the messages that stay in the buffer."""
    postponed = components().forwarder.forward([waiting(record) for record in records])
    for message in postponed:
        try:
            components().visibility.postpone(message.waiting.receipt, message.wait)
        except Exception as exc:  # noqa: BLE001 (the other messages are named all the same)
            reason = str(exc) if isinstance(exc, UnavailableError) else log_unforeseen(exc)
            logger.warning("the queue's own visibility time-out holds", extra={"reason": reason})
    return [message.waiting.message_id for message in postponed]
