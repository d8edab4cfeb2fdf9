"""What becomes of each webhook that a replay looks at."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

# Different reasons that are counted; the others are counted together.
_MOST_REASONS: Final = 50
OTHER_REASONS: Final = "other reasons"


class Outcome(StrEnum):
    """The outcome of one delivery.

    SENT: it is in the buffer, or would be. DONE: it was sent since the replay began, by this run or
    another one. WAITING: its message is in the buffer already. CLAIMED: a receiver processes it.
    REPEATED: a later receipt of the same webhook counts. FILTERED: no route matches, and the source
    says `Otherwise: drop`. ERASED: an operator erased it. The others are failures: NO_ROUTE.
    UNREADABLE: the body cannot be read by the settings of the source, or what is kept is damaged.
    UNMAPPED: it does not fit the Map or a schema. UNKEPT: its body is not kept, or not any more.
    UNROUTED: today's routes lead to other deliveries. CHANGED: its record keeps changing.
    """

    SENT = "sent"
    DONE = "done"
    WAITING = "waiting"
    CLAIMED = "claimed"
    REPEATED = "repeated"
    FILTERED = "filtered"
    ERASED = "erased"
    NO_ROUTE = "no route"
    UNREADABLE = "unreadable"
    UNMAPPED = "unmapped"
    UNKEPT = "unkept"
    UNROUTED = "unrouted"
    CHANGED = "changed"


FAILURES: Final = frozenset(
    {
        Outcome.CLAIMED,
        Outcome.NO_ROUTE,
        Outcome.UNREADABLE,
        Outcome.UNMAPPED,
        Outcome.UNKEPT,
        Outcome.UNROUTED,
        Outcome.CHANGED,
    }
)
"""Outcomes of deliveries that were selected and could not be sent again."""


@dataclass(slots=True)
class Tally:
    """Counts of a run. Its size does not grow with the number of deliveries.

    Attributes:
        webhooks: how many were read.
        excluded: how many of them the condition excludes.
        reasons: how often each reason of a failure occurred; no reason has a value of a webhook.
    """

    webhooks: int = 0
    excluded: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    def count(self, outcome: Outcome, reason: str = "", times: int = 1) -> None:
        """Count deliveries with an outcome."""
        if not times:
            return
        self.outcomes[outcome] += times
        if reason:
            known = reason in self.reasons or len(self.reasons) < _MOST_REASONS
            self.reasons[reason if known else OTHER_REASONS] += times

    @property
    def failed(self) -> int:
        """How many could not be sent again."""
        return sum(self.outcomes[outcome] for outcome in FAILURES)
