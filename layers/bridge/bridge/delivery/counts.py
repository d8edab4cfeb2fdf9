"""Metric names.

Accepted = Delivered - Replayed + Filtered + messages in the dead-letter queue + messages in the
buffer, while no replay is in the buffer.
"""

from enum import StrEnum
from typing import Final

UNKNOWN_SOURCE: Final = "(unknown)"
"""The dimension of sources that are not configured: each name would be a separate metric, and
callers that may write to a queue could invent names. No source can have this name."""


class Count(StrEnum):
    """Metrics per source.

    ACCEPTED: first response with 2xx. DUPLICATE: a repeated accepted webhook, or a
    repeated event within one. FILTERED: no route
    matched. DEAD_LETTERED: moved to the dead-letter queue; counted again after each redrive.
    REPLAYED: delivered by a replay; also counted as DELIVERED.
    BODY_NOT_KEPT: accepted without its body, which the source keeps.
    """

    ACCEPTED = "Accepted"
    DUPLICATE = "Duplicate"
    FILTERED = "Filtered"
    DELIVERED = "Delivered"
    DEAD_LETTERED = "DeadLettered"
    BODY_NOT_KEPT = "BodyNotKept"
    REPLAYED = "Replayed"


class Measure(StrEnum):
    """Metrics per connection.

    INLET_THROTTLED: requests with a 429 response. INLET_FAILED: requests with a 5xx or no response.
    MESSAGES_REFUSED: messages with a 400, a 413 or a failed item of a 207. TOKEN_FAILED: requests
    without a token, or whose token was rejected twice.
    """

    INLET_THROTTLED = "InletThrottled"
    INLET_FAILED = "InletFailed"
    MESSAGES_REFUSED = "MessagesRefused"
    TOKEN_FAILED = "TokenFailed"  # noqa: S105 - the name of a metric
