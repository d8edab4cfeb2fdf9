"""Lambda handler of the forwarder: SQS batch in, partial batch response out."""

from typing import TYPE_CHECKING, Any

from bridge.adapters.aws.sqs_records import queue_of, queued_event, records_of, waiting
from bridge.adapters.clock import utc_now
from bridge.telemetry import log_unforeseen, logger
from functions.forwarder.wiring import components, counts, deadline, ssm_deadline

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

# Reserved of the function's timeout for records, dead letters and the response.
RESERVE_SECONDS = 15
# For sources that SSM refuses to read for now; a message whose source cannot be read is postponed.
SSM_SECONDS = 15


@logger.inject_lambda_context(clear_state=True)
def lambda_handler(event: object, context: "LambdaContext") -> dict[str, Any]:
    """Forward a batch of the buffer, or accept a batch of events."""
    seconds = context.get_remaining_time_in_millis() / 1000 - RESERVE_SECONDS
    deadline.start(seconds)
    ssm_deadline.start(min(seconds, SSM_SECONDS))
    records = records_of(event)
    queue = queue_of(records)
    is_buffer = queue in ("", components().buffer)
    failed = _forward(records) if is_buffer else _accept_events(records, queue)
    counts.flush()
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def _accept_events(records: list[Any], queue: str) -> list[str]:
    """Accept the events of a queue; return the ids of those that stay there.

    Their age is measured, since SQS omits messages that were received three times from the age of
    its oldest message (Amazon SQS developer guide, "Available CloudWatch metrics").
    """
    failed: list[str] = []
    for event in map(queued_event, records):
        try:
            stays = components().events.accept([event], queue)
        except Exception as exc:  # noqa: BLE001 (the other events are still processed)
            log_unforeseen(exc, message_id=event.message_id)
            stays = [event.message_id]
        if stays:
            counts.waiting(utc_now() - event.sent_at)
        failed += stays
    return failed


def _forward(records: list[Any]) -> list[str]:
    """Forward messages; return the ids of those that stay in the buffer."""
    postponed = components().forwarder.forward([waiting(record) for record in records])
    return components().postponer.postpone(postponed)
