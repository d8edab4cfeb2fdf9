"""Which dead letters a command is about."""

from dataclasses import dataclass
from datetime import datetime

from inlet_bridge.operations.queues.dead_letter import DeadLetter
from inlet_bridge.operations.records.keys import prefixed


@dataclass(frozen=True, slots=True)
class Filter:
    """Selects dead letters; empty is any."""

    source: str = ""
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None
    delivery_id: str = ""

    @property
    def _meant(self) -> tuple[str, str]:
        """The ID, and with its prefix if it is a digest without one."""
        return self.delivery_id, prefixed(self.delivery_id) or self.delivery_id

    def matches(self, letter: DeadLetter) -> bool:
        """Whether a letter is selected."""
        delivery = letter.delivery
        return (
            (not self.source or (delivery is not None and delivery.source == self.source))
            and (not self.kind or letter.kind == self.kind)
            and (self.since is None or letter.died_at >= self.since)
            and (self.until is None or letter.died_at <= self.until)
            and (
                not self.delivery_id
                or (delivery is not None and delivery.delivery_id in self._meant)
            )
        )
