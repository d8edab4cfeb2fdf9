"""Limit the calls to Adobe's Catalog and Data Access, for which no rate limit is published.

A token bucket: a run may make `CALLS_PER_RUN` calls, and as many are added per hour. What a run did
not use stays for the next; a run that was killed has used all. So in any hour there are at most
twice as many, however often the function is invoked.
"""

from datetime import datetime, timedelta
from typing import Final

from bridge.delivery.ingestion import RunState
from bridge.errors import OutOfCallsError

CALLS_PER_RUN: Final = 300
"""Calls of one run, also those that are repeated after 429 or 5xx."""

MOST_CALLS_PER_HOUR: Final = 2 * CALLS_PER_RUN


def available(state: RunState, now: datetime) -> int:
    """Return how many calls a run may make now."""
    refilled = CALLS_PER_RUN * max((now - state.counted_at) / timedelta(hours=1), 0.0)
    return int(min(state.calls + refilled, CALLS_PER_RUN))


class CallLimit:
    """The calls of the current run."""

    def __init__(self) -> None:
        self.left = 0

    def grant(self, calls: int) -> None:
        """Set the number of calls that are left."""
        self.left = calls

    def spend(self) -> None:
        """Count one call before it is made. Raises OutOfCallsError instead if none is left."""
        if self.left <= 0:
            raise OutOfCallsError("the calls to Adobe of this run are used up; the next continues")
        self.left -= 1
