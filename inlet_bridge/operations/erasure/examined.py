"""What an erasure has examined: each stored webhook, and the counts of a run."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from inlet_bridge.operations.erasure.body_selection import Match


class Place(StrEnum):
    """Where webhooks are stored."""

    KEPT = "kept bodies"
    RECORDED = "deliveries of kept bodies"
    BUFFER = "waiting messages"
    DEAD_LETTERS = "dead letters"
    EVENTS = "waiting events"


@dataclass(frozen=True, slots=True)
class Examined:
    """One stored webhook.

    Attributes:
        source: its name; empty if it is unknown.
        match: what the expression selects of it; it is then erased, except in a dry run.
        problem: why it could not be examined, or empty.
        delivery_id: of what could not be examined; empty if it is unknown.
    """

    place: Place
    source: str
    match: Match = Match.NOTHING
    problem: str = ""
    delivery_id: str = ""

    @property
    def selected(self) -> bool:
        """Whether it is selected."""
        return self.match is not Match.NOTHING


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of a run.

    Attributes:
        examined, selected: by place and source.
        problems: by place and reason.
        unread: by place, source and ID of each delivery that could not be examined.
    """

    examined: Mapping[tuple[Place, str], int]
    selected: Mapping[tuple[Place, str], int]
    problems: Mapping[tuple[Place, str], int]
    unread: Sequence[tuple[Place, str, str]] = ()


def summary(everything: Iterable[Examined]) -> Summary:
    """Count what was examined."""
    examined: Counter[tuple[Place, str]] = Counter()
    selected: Counter[tuple[Place, str]] = Counter()
    problems: Counter[tuple[Place, str]] = Counter()
    unread: list[tuple[Place, str, str]] = []
    for each in everything:
        examined[each.place, each.source] += 1
        selected[each.place, each.source] += each.selected
        if each.problem:
            problems[each.place, each.problem] += 1
            if each.delivery_id:
                unread.append((each.place, each.source, each.delivery_id))
    return Summary(examined, selected, problems, unread)
