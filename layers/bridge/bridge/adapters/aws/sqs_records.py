"""Parse the records of an SQS event; a malformed record does not fail the others.

https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
"""

import json
from datetime import UTC, datetime
from typing import Any, Final

from bridge.delivery.queued_event import QueuedEvent
from bridge.delivery.queued_message import QueuedMessage
from bridge.errors import UnavailableError

# Python parses 4,300 digits at most.
_MOST_DIGITS: Final = 15


def records_of(event: object) -> list[Any]:
    """The records of an event.

    Raises:
        UnavailableError: it has none; Lambda deletes no message if the function fails.
    """
    records = _fields(event).get("Records")
    if not isinstance(records, list):
        raise UnavailableError("the event is not a batch of a queue")
    return records


def queue_of(records: list[Any]) -> str:
    """The name of the queue of a batch, which has a single one; empty if no record names it."""
    arns = (_text(_fields(record), "eventSourceARN") for record in records)
    return next(filter(None, arns), "").rpartition(":")[2]


def waiting(record: object) -> QueuedMessage:
    """Parse a record of the buffer. Without a body, its text is not a delivery."""
    # Without a call of a function for what most messages have, and without parsing `"1"`.
    fields = record if isinstance(record, dict) else {}
    attributes = fields.get("attributes")
    if not isinstance(attributes, dict):
        attributes = {}
    message_id, receipt = fields.get("messageId"), fields.get("receiptHandle")
    body = fields.get("body")
    is_first = attributes.get("ApproximateReceiveCount") == "1"
    return QueuedMessage(
        # With an empty `messageId`, Lambda retries the whole batch; see `_text`.
        message_id if isinstance(message_id, str) else "",
        receipt if isinstance(receipt, str) else "",
        body if isinstance(body, str) else _whole(record),
        1 if is_first else _receives(attributes),
        _time(attributes.get("SentTimestamp")),
    )


def queued_event(record: object) -> QueuedEvent:
    """Parse a record of any other queue."""
    fields = _fields(record)
    named = _fields(fields.get("messageAttributes")).items()
    texts = {name: _fields(each).get("stringValue") for name, each in named}
    body, of_sqs = fields.get("body"), _fields(fields.get("attributes"))
    return QueuedEvent(
        message_id=_text(fields, "messageId"),
        body=body if isinstance(body, str) else _whole(record),
        attributes={name: text for name, text in texts.items() if isinstance(text, str)},
        receives=_receives(of_sqs),
        sent_at=_time(of_sqs.get("SentTimestamp")),
        is_readable=isinstance(body, str),
    )


def _fields(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(fields: dict[str, Any], name: str) -> str:
    """A text; empty if it is missing. With an empty `messageId`, Lambda retries the whole batch.

    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
    """
    text = fields.get(name)
    return text if isinstance(text, str) else ""


def _whole(record: object) -> str:
    """The complete record, for a dead letter."""
    return json.dumps(record, default=str)


def _receives(attributes: dict[str, Any]) -> int:
    return max(_number(attributes.get("ApproximateReceiveCount")), 1)


def _time(milliseconds: Any) -> datetime:
    """When a message was sent; the current time if that cannot be parsed."""
    try:
        return datetime.fromtimestamp(int(milliseconds) / 1_000, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return datetime.now(UTC)


def _number(value: object) -> int:
    """A number as SQS writes it; 0 if it is invalid."""
    if not isinstance(value, str) or len(value) > _MOST_DIGITS:
        return 0
    return int(value) if value.isascii() and value.isdecimal() else 0
