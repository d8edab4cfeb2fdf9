"""Follow what the functions log of webhooks."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.logs.deliveries import LoggedDelivery, outcomes_in
from inlet_bridge.operations.logs.lines import logged_lines
from inlet_bridge.operations.logs.refusals import Refusal, refusal_in

# CloudWatch Logs shows lines some seconds after they were logged, not always in order.
_OVERLAP: Final = timedelta(seconds=30)


class LogTail:
    """The outcomes and refusals of one deployment, as they are logged."""

    def __init__(
        self,
        deployed: Deployed,
        since: datetime,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Begin at a time, which is aware."""
        self._deployed = deployed
        self._since = since
        self._clock = clock
        self._has_begun = False
        self._seen: dict[str, datetime] = {}

    def new(self) -> list[LoggedDelivery | Refusal]:
        """What was logged since the last call, oldest first."""
        now = self._clock()
        start = max(self._since, now - _OVERLAP) if self._has_begun else self._since
        self._has_begun = True
        found = sorted(self._between(start, now), key=lambda each: each.at)
        self._seen = {key: at for key, at in self._seen.items() if at >= now - 2 * _OVERLAP}
        return found

    def _between(self, start: datetime, now: datetime) -> Iterator[LoggedDelivery | Refusal]:
        end = now + timedelta(seconds=1)
        for group in (self._deployed.receiver_logs, self._deployed.forwarder_logs):
            for line in logged_lines(self._deployed, group, "", start, end):
                key = f"{group}/{line.event}"
                if key in self._seen:
                    continue
                self._seen[key] = line.at
                yield from outcomes_in(line)
                if refusal := refusal_in(line):
                    yield refusal
