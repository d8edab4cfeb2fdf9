"""The newest lines are found in a bounded number of requests, however many lines there are."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from inlet_bridge.operations.logs.search import MOST_CALLS, LogSearch
from tests.support.log_groups import LogGroups

if TYPE_CHECKING:
    from inlet_bridge.operations.deployed import Deployed

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
WANTED = 50


def searched(logs: LogGroups, pattern: str = "", *, since: datetime = NOW - DAY) -> LogSearch:
    deployed = cast("Deployed", SimpleNamespace(logs=logs))
    return LogSearch(deployed, {"receiver": pattern, "forwarder": pattern}, since, NOW)


def found(search: LogSearch, wanted: int = WANTED) -> list[int]:
    """The numbers of the newest lines, until enough are found or the search ends."""
    numbers: list[int] = []
    while len(numbers) < wanted:
        lines = search.older(wanted - len(numbers))
        if lines is None:
            break
        numbers += (each.line.fields["n"] for each in lines)
    return numbers


def spread(number: int, over: timedelta, **line: Any) -> LogGroups:
    """Groups with so many lines at equal distances until now; line 0 is the newest."""
    logs = LogGroups()
    step = over / number
    lines = [(NOW - step * (n + 1), {"n": n, **line}) for n in reversed(range(number))]
    logs.add("receiver", lines)
    return logs


@pytest.mark.parametrize("number", [1_000, 100_000])
def test_requests_do_not_depend_on_the_number_of_lines(number: int) -> None:
    """10,000 lines an hour, for six minutes or for ten hours."""
    logs = spread(number, timedelta(hours=number / 10_000))

    assert found(searched(logs))[:WANTED] == list(range(WANTED))
    assert len(logs.calls) == 2


@pytest.mark.parametrize(
    "over", [timedelta(milliseconds=500), timedelta(seconds=10), timedelta(hours=20), DAY]
)
def test_any_density_is_found_in_few_requests(over: timedelta) -> None:
    logs = spread(20_000, over)

    assert found(searched(logs))[:WANTED] == list(range(WANTED))
    assert len(logs.calls) <= 12


def test_few_lines_of_a_day_are_found_in_few_requests() -> None:
    logs = spread(10, DAY)

    assert found(searched(logs)) == list(range(10))
    assert len(logs.calls) <= 14


@pytest.mark.parametrize("scanned", [1, 20, 500])
def test_pages_without_events_do_not_end_the_search(scanned: int) -> None:
    """Of two sources with a line each per second, in a group of which little is scanned at once."""
    logs = LogGroups(scanned=scanned)
    for n in reversed(range(600)):
        at = NOW - timedelta(seconds=n, milliseconds=1)
        logs.log("receiver", at, {"n": n, "source": "rare" if n % 60 == 0 else "busy"})

    search = searched(logs, "rare", since=NOW - timedelta(seconds=600))

    numbers = found(search, 3)

    assert numbers[:3] == [0, 60, 120][: len(numbers)]
    assert search.calls <= MOST_CALLS
    assert search.reached < NOW
    assert len(numbers) >= 3 or scanned == 1


@pytest.mark.parametrize("number", [2_000, 5_000, 20_000])
def test_a_burst_long_ago_is_found_in_its_order(number: int) -> None:
    logs = LogGroups()
    burst = NOW - timedelta(hours=7)
    logs.add("receiver", ((burst + timedelta(milliseconds=n), {"n": -n}) for n in range(number)))

    assert found(searched(logs))[:WANTED] == [
        -n for n in range(number - 1, number - 1 - WANTED, -1)
    ]
    assert len(logs.calls) <= MOST_CALLS


def test_a_search_that_reaches_its_bound_can_be_continued() -> None:
    logs = spread(50_000, timedelta(minutes=30))
    search = searched(logs)

    first = found(search, 50_000)

    assert len(logs.calls) <= MOST_CALLS
    assert not search.is_complete
    rest = LogSearch(
        cast("Deployed", SimpleNamespace(logs=logs)), {"receiver": ""}, NOW - DAY, search.reached
    )
    assert found(rest, 1)[0] == first[-1] + 1


def test_lines_without_tokens_are_not_lost() -> None:
    """The local cloud returns the oldest lines of a window up to the limit, and no token."""
    logs = spread(20_000, timedelta(minutes=5))
    answer = logs.filter_log_events
    object.__setattr__(
        logs, "filter_log_events", lambda **asked: {"events": answer(**asked)["events"]}
    )

    assert found(searched(logs))[:WANTED] == list(range(WANTED))


def test_more_lines_in_a_millisecond_than_on_a_page_do_not_stop_the_search() -> None:
    logs = LogGroups()
    at = NOW - timedelta(minutes=1)
    logs.add("receiver", ((at, {"n": n}) for n in range(6_000)))
    logs.log("receiver", at - timedelta(minutes=1), {"n": -1})

    numbers = found(searched(logs), 6_000)

    assert numbers[-1] == -1
    assert len(logs.calls) <= MOST_CALLS
