"""Read from the receiver's log which requests it rejected, and why.

The response to the sender never has the reason. API Gateway's ID of the request is in both.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.logs.bounded import CallBudget, bounded_lines, lines_with
from inlet_bridge.operations.logs.lines import LogLine, quotable
from inlet_bridge.operations.logs.newest import Newest, Search, newest_logged

_REFUSED: Final = "refused"
_UNAVAILABLE: Final = "unavailable"
_UNFORESEEN: Final = "unforeseen"
_OWN_FAULT: Final = "503"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request that was answered with an error.

    Attributes:
        source: as named in the URL.
        status: of the response.
        reason: for the operator; never in the response.
        request_id: of API Gateway.
    """

    at: datetime
    source: str
    status: str
    reason: str
    request_id: str


def refusal_in(line: LogLine) -> Refusal | None:
    """The refusal that a line reports."""
    fields = line.fields
    message = str(fields.get("message"))
    if message not in {_REFUSED, _UNAVAILABLE, _UNFORESEEN} or "source" not in fields:
        return None
    return Refusal(
        line.at,
        str(fields["source"]),
        str(fields.get("status", _OWN_FAULT)),
        str(fields.get("reason") or f"an unforeseen {fields.get('error', 'error')}"),
        str(fields.get("request_id", "")),
    )


class Refusals:
    """The rejected requests of one deployment."""

    def __init__(
        self, deployed: Deployed, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._deployed = deployed
        self._clock = clock

    def newest(self, source: str, *, since: datetime, limit: int) -> Newest[Refusal]:
        """The newest ones, newest first.

        Args:
            source: its name; empty for all.
            since: the earliest time.
            limit: how many are returned.
        """

        def wanted(line: LogLine) -> list[tuple[str, Refusal]]:
            refusal = refusal_in(line)
            fits = refusal and source in ("", refusal.source)
            return [(line.event, refusal)] if refusal and fits else []

        # The lines of all three messages have this field; those of a delivery have its ID too.
        pattern = f"request_id -delivery_id {quotable(source)}".strip()
        search = Search({self._deployed.receiver_logs: pattern}, since, self._clock(), limit)
        found = newest_logged(self._deployed, search, wanted, lambda each: each[0])
        return Newest([refusal for _, refusal in found.found], found.searched_to)

    def of(self, request_id: str, *, since: datetime, budget: CallBudget) -> list[Refusal]:
        """The request with this ID, if it was rejected.

        Args:
            request_id: of API Gateway.
            since: the earliest time.
            budget: for calls to CloudWatch Logs.
        """
        span = (since, self._clock() + timedelta(seconds=1))
        pattern = lines_with("request_id", request_id)
        group = self._deployed.receiver_logs
        lines = bounded_lines(self._deployed, group, pattern, span, budget)
        found = [each for line in lines if (each := refusal_in(line))]
        return [each for each in found if each.request_id == request_id]
