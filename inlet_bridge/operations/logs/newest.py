"""Collect the newest results of log lines, in a number of requests that their number bounds."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.logs.lines import LogLine
from inlet_bridge.operations.logs.search import MOST_CALLS, LogSearch

# Lines of one result: that of the receiver and that of the forwarder. A window has at least 125.
_RESULTS_PER_CALL: Final = 50
# A line may have a time that is a bit later than that of this machine.
_AHEAD: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Newest[Item]:
    """The newest results.

    Attributes:
        found: newest first.
        searched_to: earlier lines were not read, since they were too many; None if all that was
            asked for is found, or everything was read.
    """

    found: Sequence[Item]
    searched_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched.

    Attributes:
        patterns: a filter of CloudWatch Logs for the name of each group.
        since: the earliest time, aware.
        now: the time.
        limit: how many results are wanted. A search makes 40 requests at most, and one more for
            every 50 results.
        progress: called with the time that has been reached.
    """

    patterns: Mapping[str, str]
    since: datetime
    now: datetime
    limit: int
    progress: Callable[[str], None] = lambda _: None


def newest_logged[Item](
    deployed: Deployed,
    wanted: Search,
    results_of: Callable[[LogLine], Iterable[Item]],
    name_of: Callable[[Item], Hashable],
) -> Newest[Item]:
    """The newest result of each name.

    Args:
        deployed: the stack.
        wanted: what is searched.
        results_of: the results of a line, in the order of time.
        name_of: what identifies a result; of several with the same name, the last one counts.
    """
    most_calls = MOST_CALLS + wanted.limit // _RESULTS_PER_CALL
    search = LogSearch(deployed, wanted.patterns, wanted.since, wanted.now + _AHEAD, most_calls)
    found: dict[Hashable, Item] = {}
    while len(found) < wanted.limit:
        lines = search.older(wanted.limit - len(found))
        if lines is None:
            break
        wanted.progress(f"back to {search.reached:%Y-%m-%d %H:%M:%S}")
        for each in lines:
            for result in [*results_of(each.line)][::-1]:
                found.setdefault(name_of(result), result)
    is_all = len(found) >= wanted.limit or search.is_complete
    results = list(found.values())[: wanted.limit]
    return Newest(results, None if is_all else search.reached)
