"""The commands find the newest deliveries and refusals in few requests, however many there are."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bridge.delivery.record import State
from inlet_bridge.operations.logs.deliveries import DeliveryLog
from inlet_bridge.operations.logs.refusals import Refusals
from tests.support.log_groups import LogGroups

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
AN_HOUR = 10_000
"""Lines an hour, of each group."""
BOUND = 41


def delivered(number: int, source: str = "github") -> dict[str, Any]:
    return {"message": "delivered", "source": source, "delivery_id": f"d-{number}"}


def refused(number: int) -> dict[str, Any]:
    return {"message": "refused", "source": "github", "request_id": f"r-{number}", "status": 401}


def logged(hours: float, *lines: Any) -> LogGroups:
    """Lines at equal distances until now, made by these functions of their number in turn."""
    logs = LogGroups()
    number = round(hours * AN_HOUR)
    step = timedelta(hours=1) / AN_HOUR
    for group in ("receiver", "forwarder"):
        logs.add(
            group,
            ((NOW - step * (n + 1), lines[n % len(lines)](n)) for n in reversed(range(number))),
        )
    return logs


def deployed(logs: LogGroups) -> Any:
    return cast(
        "Any", SimpleNamespace(logs=logs, receiver_logs="receiver", forwarder_logs="forwarder")
    )


def deliveries(logs: LogGroups, limit: int = 51, source: str = "", **wanted: Any) -> Any:
    return DeliveryLog(deployed(logs), lambda: NOW).newest(
        source, since=NOW - DAY, limit=limit, **wanted
    )


@pytest.mark.parametrize("hours", [0.1, 10])
def test_requests_for_deliveries_do_not_depend_on_the_number_of_lines(hours: float) -> None:
    logs = logged(hours, delivered)

    found = deliveries(logs)

    assert [each.delivery_id for each in found.found] == [f"d-{n}" for n in range(51)]
    assert found.searched_to is None
    assert len(logs.calls) == 2


@pytest.mark.parametrize("hours", [0.1, 10])
def test_requests_for_refusals_do_not_depend_on_the_number_of_lines(hours: float) -> None:
    logs = logged(hours, refused, delivered)

    found = Refusals(deployed(logs), lambda: NOW).newest("github", since=NOW - DAY, limit=51)

    assert [each.request_id for each in found.found] == [f"r-{2 * n}" for n in range(51)]
    assert len(logs.calls) == 1


def test_requests_for_many_deliveries_are_bounded_by_their_number() -> None:
    logs = logged(10, delivered)

    found = deliveries(logs, limit=5_001)

    assert [each.delivery_id for each in found.found] == [f"d-{n}" for n in range(5_001)]
    assert len(logs.calls) <= BOUND + 5_001 // 50


def test_few_deliveries_of_a_day_are_all_found() -> None:
    logs = LogGroups()
    for n in reversed(range(10)):
        logs.log("receiver", NOW - timedelta(hours=2 * n + 1), delivered(n))

    found = deliveries(logs)

    assert [each.delivery_id for each in found.found] == [f"d-{n}" for n in range(10)]
    assert found.searched_to is None
    assert len(logs.calls) <= BOUND


def test_deliveries_of_a_state_are_found_among_others() -> None:
    """CloudWatch Logs selects the lines."""
    logs = logged(10, delivered)
    logs.log("receiver", NOW - timedelta(hours=9), {**delivered(-1), "message": "filtered"})

    found = deliveries(logs, state=State.FILTERED)

    assert [each.delivery_id for each in found.found] == ["d--1"]
    assert len(logs.calls) <= BOUND


def test_search_that_is_ended_by_its_bound_says_how_far_it_came() -> None:
    """Lines of this source are of another one: their text has its name elsewhere."""
    logs = logged(10, lambda n: {**delivered(n, "gitlab"), "reason": "github"})

    found = deliveries(logs, source="github")

    assert found.found == []
    assert NOW - timedelta(hours=10) < found.searched_to < NOW
    assert len(logs.calls) <= BOUND


def test_last_outcome_of_a_delivery_counts() -> None:
    logs = LogGroups()
    at = NOW - timedelta(minutes=1)
    later = at + timedelta(seconds=1)
    logs.log("receiver", at, {**delivered(0), "message": "buffered"})
    logs.log(
        "forwarder",
        later,
        {
            "message": "delivered",
            "deliveries": [
                {"source": "github", "delivery_id": f"d-{n}", "xaction_id": "x"} for n in range(2)
            ],
        },
    )

    found = deliveries(logs).found

    assert [(each.delivery_id, each.state) for each in found] == [
        ("d-1", State.DELIVERED),
        ("d-0", State.DELIVERED),
    ]
    assert [each.delivery_id for each in deliveries(logs, limit=1).found] == ["d-1"]
