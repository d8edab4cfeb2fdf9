"""What is counted: which ways there are for a webhook, and how an inlet behaves.

Accepted = Delivered + Filtered + lying in the dead letters + waiting in the buffer: nothing that
was accepted disappears.
"""

from enum import StrEnum
from typing import Final

UNKNOWN_SOURCE: Final = "(unknown)"
"""Under which everything is counted whose source is not configured: whoever writes to a queue could
invent names, and each name would be a metric of its own. No source can have this name."""


class Count(StrEnum):
    """Metrics per source.

    ACCEPTED: answered with 2xx for the first time. DUPLICATE: a repetition of an accepted one.
    BUFFERED: of the accepted ones, those that did not go to the inlet at once. FILTERED: no
    route wanted it. DEAD_LETTERED: moved to the dead letters, again after each redrive.
    """

    ACCEPTED = "Accepted"
    DUPLICATE = "Duplicate"
    FILTERED = "Filtered"
    BUFFERED = "Buffered"
    DELIVERED = "Delivered"
    DEAD_LETTERED = "DeadLettered"


class Measure(StrEnum):
    """Metrics per connection.

    INLET_LATENCY: of one request, in milliseconds. INLET_THROTTLED: requests that were answered
    with 429. INLET_FAILED: requests that were answered with 5xx or not at all. MESSAGES_REFUSED:
    messages with a 400, a 413 or a failed item of a 207. TOKEN_FAILED: requests for which there
    was no token, or whose token was refused twice.
    """

    INLET_LATENCY = "InletLatency"
    INLET_THROTTLED = "InletThrottled"
    INLET_FAILED = "InletFailed"
    MESSAGES_REFUSED = "MessagesRefused"
    TOKEN_FAILED = "TokenFailed"  # noqa: S105 - the name of a metric
