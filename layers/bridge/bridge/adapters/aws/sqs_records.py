"""Parse the records of an SQS event; a malformed record does not fail the others.

https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from bridge.delivery.queued_event import QueuedEvent
from bridge.delivery.queued_message import QueuedMessage
from bridge.errors import UnavailableError

# Of milliseconds since 1970; Python parses 4,300 digits at most.
_MOST_DIGITS: Final = 15


def records_of(event: object) -> list[Any]:
    """The records of an event.

    Raises:
        UnavailableError: it has none; Lambda deletes no message if the function fails.
    """
    records = event.get("Records") if isinstance(event, Mapping) else None
    if not isinstance(records, list):
        raise UnavailableError("the event is not a batch of a queue")
    return records


def is_from(queue: str, records: list[Any]) -> bool:
    """Whether a batch is from this queue; a batch has a single source."""
    return any(_fields(record).get("eventSourceARN") == queue for record in records)


def waiting(record: object) -> QueuedMessage:
    """Parse a record of the buffer. Without a body, its text is not a delivery."""
    attributes = _fields(_fields(record).get("attributes"))
    body = _fields(record).get("body")
    return QueuedMessage(
        message_id=_message_id(record),
        receipt=_text(record, "receiptHandle"),
        text=body if isinstance(body, str) else _whole(record),
        receives=_receives(attributes),
        sent_at=_time(attributes.get("SentTimestamp")),
    )


def queued_event(record: object) -> QueuedEvent:
    """Parse a record of any other queue."""
    named = _fields(_fields(record).get("messageAttributes")).items()
    texts = {name: _fields(each).get("stringValue") for name, each in named}
    body = _fields(record).get("body")
    return QueuedEvent(
        message_id=_message_id(record),
        body=body if isinstance(body, str) else _whole(record),
        attributes={name: text for name, text in texts.items() if isinstance(text, str)},
        receives=_receives(_fields(_fields(record).get("attributes"))),
        is_readable=isinstance(body, str),
    )


def _fields(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(record: object, name: str) -> str:
    text = _fields(record).get(name)
    return text if isinstance(text, str) else ""


def _message_id(record: object) -> str:
    """Empty if missing: if the response contains it, Lambda retries the whole batch.

    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
    """
    return _text(record, "messageId")


def _whole(record: object) -> str:
    """The complete record, for a dead letter."""
    return json.dumps(record, default=str)


def _receives(attributes: Mapping[str, Any]) -> int:
    return max(_number(attributes.get("ApproximateReceiveCount")), 1)


def _time(milliseconds: object) -> datetime:
    """When a message was sent; the current time if that cannot be parsed."""
    number = _number(milliseconds)
    try:
        return datetime.fromtimestamp(number / 1000, UTC) if number else datetime.now(UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.now(UTC)


def _number(value: object) -> int:
    """A number as SQS writes it; 0 if it is invalid."""
    text = value if isinstance(value, str) else ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else 0
