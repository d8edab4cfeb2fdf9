"""Read the outcomes of deliveries from the logs of receiver and forwarder.

They log a line per outcome anyway; an index of all deliveries by time would cost a write each.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bridge.delivery.counts import Count
from bridge.delivery.record import State
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.logs.lines import LogLine, logged_lines, quotable
from inlet_bridge.operations.logs.newest import Newest, Search, newest_logged

# The messages of log lines that report an outcome, and the state that they mean.
_STATES: Final = {
    **{state.value: state for state in (State.DELIVERED, State.BUFFERED, State.FILTERED)},
    State.SPLIT.value: State.SPLIT,
    "postponed": State.BUFFERED,
    "dead letter": State.DEAD,
}
LOGGED: Final = frozenset({State.DELIVERED, State.FILTERED, State.SPLIT})
"""States that end a delivery and are found in the logs only."""


@dataclass(frozen=True, slots=True)
class LoggedDelivery:
    """An outcome of a delivery, as logged.

    Attributes:
        at: when it was logged.
        detail: the xactionId, the reason, or empty.
        attempts: how often it was tried, if the line has it.
        is_repetition: whether the receiver responded to a webhook that had come before.
    """

    at: datetime
    source: str
    delivery_id: str
    state: State
    detail: str
    attempts: str = ""
    is_repetition: bool = False


class DeliveryLog:
    """The logs of one deployment."""

    def __init__(
        self, deployed: Deployed, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._deployed = deployed
        self._clock = clock

    def newest(
        self,
        source: str,
        *,
        since: datetime,
        limit: int,
        state: State | None = None,
        progress: Callable[[str], None] = lambda _: None,
    ) -> Newest[LoggedDelivery]:
        """The last outcome of each of the newest deliveries, newest first.

        Args:
            source: its name; empty for all sources.
            since: the earliest time of an outcome.
            limit: how many deliveries are returned.
            state: only outcomes with this state, one of `LOGGED`.
            progress: called with the time that has been reached.
        """

        def wanted(line: LogLine) -> list[LoggedDelivery]:
            return [
                each
                for each in outcomes_in(line)
                if source in ("", each.source) and state in (None, each.state)
            ]

        pattern = " ".join(filter(None, (_pattern(source), state)))
        patterns = dict.fromkeys(self._groups, pattern)
        search = Search(patterns, since, self._clock(), limit, progress)
        return newest_logged(
            self._deployed, search, wanted, lambda each: (each.source, each.delivery_id)
        )

    def of(self, delivery_id: str, *, since: datetime) -> list[LoggedDelivery]:
        """All outcomes of deliveries with this ID, of all sources, oldest first."""
        end = self._clock() + timedelta(seconds=1)
        found = [
            each
            for group in self._groups
            for each in self._outcomes(group, _pattern(delivery_id), since, end)
            if each.delivery_id == delivery_id
        ]
        return sorted(found, key=lambda each: each.at)

    @property
    def _groups(self) -> tuple[str, str]:
        return self._deployed.receiver_logs, self._deployed.forwarder_logs

    def _outcomes(
        self, group: str, pattern: str, start: datetime, end: datetime
    ) -> Iterator[LoggedDelivery]:
        """The outcomes from `start` until before `end`, in the order of time."""
        for line in logged_lines(self._deployed, group, pattern, start, end):
            yield from outcomes_in(line)


def _pattern(term: str) -> str:
    """Lines about deliveries that contain a term; whether it is the right field is checked later.

    A text pattern, since the forwarder names the deliveries of a batch in a list.
    """
    return f"delivery_id {quotable(term)}".strip()


def outcomes_in(line: LogLine) -> Iterator[LoggedDelivery]:
    """The outcomes that a line reports."""
    state = _STATES.get(str(line.fields.get("message")))
    if state is None:
        return
    several = line.fields.get("deliveries")
    # The receiver logs an outcome with what it counts.
    again = Count.DUPLICATE in line.fields
    for each in several if isinstance(several, list) else [line.fields]:
        if isinstance(each, dict):
            source, delivery_id = (str(each.get(name, "")) for name in ("source", "delivery_id"))
            attempts = str(each.get("attempts", ""))
            yield LoggedDelivery(
                line.at, source, delivery_id, state, _detail(each), attempts, again
            )


def _detail(line: Mapping[str, Any]) -> str:
    if line.get("xaction_id"):
        return str(line["xaction_id"])
    parts = (str(line[name]) for name in ("class", "reason") if line.get(name))
    return ": ".join(parts)
