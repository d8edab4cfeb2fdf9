"""Which ways there are for a webhook, as metrics per source.

Accepted = Delivered + Filtered + DeadLettered + waiting, where a redriven dead letter waits again:
nothing that was accepted disappears.
"""

from enum import StrEnum


class Count(StrEnum):
    """Names of metrics.

    ACCEPTED: answered with 2xx for the first time. DUPLICATE: a repetition of an accepted one.
    BUFFERED: of the accepted ones, those that did not go to the inlet at once. FILTERED: no
    route wanted it. REDRIVEN: a dead letter that was put into the buffer again.
    """

    ACCEPTED = "Accepted"
    DUPLICATE = "Duplicate"
    FILTERED = "Filtered"
    BUFFERED = "Buffered"
    DELIVERED = "Delivered"
    DEAD_LETTERED = "DeadLettered"
    REDRIVEN = "Redriven"
