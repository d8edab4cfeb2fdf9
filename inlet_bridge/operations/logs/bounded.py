"""Read the lines about one delivery or request in a bounded number of calls."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.logs.lines import LogLine, lines_of, pages_of, quotable


@dataclass(slots=True)
class CallBudget:
    """How many calls to CloudWatch Logs may still be made.

    Attributes:
        left: the number of them.
        ran_out: whether lines were left unread because of it.
    """

    left: int
    ran_out: bool = field(default=False, init=False)

    def spend(self) -> bool:
        """Take one call; False if none is left."""
        self.ran_out = self.ran_out or self.left <= 0
        self.left -= 1
        return not self.ran_out


def bounded_lines(
    deployed: Deployed,
    group: str,
    pattern: str,
    span: tuple[datetime, datetime],
    budget: CallBudget,
) -> Iterator[LogLine]:
    """The lines of a group within a span of time, in the order of time.

    Args:
        deployed: the stack.
        group: name of the log group.
        pattern: a filter of CloudWatch Logs.
        span: from when until before when, aware.
        budget: for the calls.
    """
    if not budget.spend():
        return
    for page in pages_of(deployed, group, pattern, *span):
        for event in page["events"]:
            yield from lines_of(event)
        if page.get("nextToken") and not budget.spend():
            return


def lines_with(field_name: str, value: str) -> str:
    """A pattern for lines with a field and with its value, or with a part of that.

    A text pattern, since the forwarder names the deliveries of a batch in a list.
    """
    return f"{field_name} {quotable(value)}".strip()
