"""CPU time of the first page of the inspector's list, compared to rendering its rows alone.

The logs have 100,000 lines: the page must not read them all. AWS is a stub in this process, so the
time is that of the inspector itself.
"""

import json
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, cast

from bridge.adapters.aws.delivery_items import key_item
from bridge.idempotency_keys import id_key
from inlet_bridge.inspector.webhook_list.live_events import reset_events
from inlet_bridge.operations.webhooks.filters import Filter
from inlet_bridge.operations.webhooks.webhook_list import PAGE_ROWS, WebhookList

if TYPE_CHECKING:
    from inlet_bridge.operations.deployed import Deployed

FIRST_PAGE: Final = "first page of 100,000 webhooks"
RENDERED: Final = "its rows, rendered"
_LINES: Final = 100_000
_STEP: Final = timedelta(hours=1) / 10_000
_NOW: Final = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
_RECEIVER: Final = "receiver"
# About as long as a line of the receiver with its metrics.
_TEMPLATE: Final = json.dumps(
    {
        "level": "INFO",
        "message": "delivered",
        "timestamp": "2026-11-29T12:00:00.000Z",
        "service": "receiver",
        "source": "github",
        "delivery_id": "d-NUMBER",
        "xaction_id": "1764417600:NUMBER",
        "_aws": {"metrics": "." * 300},
    }
)


class _Stub:
    """What a deployment has for lists: one line per webhook, each with a record."""

    receiver_logs = _RECEIVER
    forwarder_logs = "forwarder"
    deliveries = "deliveries"
    stack = "inlet-bridge-dev"

    def __init__(self) -> None:
        times = [_NOW - _STEP * (number + 1) for number in range(_LINES)][::-1]
        self._times = [int(at.timestamp() * 1_000) for at in times]

    @property
    def logs(self) -> "_Stub":
        """The client for logs."""
        return self

    @property
    def dynamodb(self) -> "_Stub":
        """The client for DynamoDB."""
        return self

    def filter_log_events(self, **asked: Any) -> dict[str, Any]:
        """A page of the oldest events of a time range."""
        if asked["logGroupName"] != _RECEIVER:
            return {"events": []}
        start = bisect_left(self._times, asked["startTime"])
        end = bisect_right(self._times, asked["endTime"])
        last = min(end, start + asked["limit"])
        events = [
            {"timestamp": self._times[place], "message": _line(place), "eventId": place}
            for place in range(start, last)
        ]
        return {"events": events, **({"nextToken": str(last)} if last < end else {})}

    def batch_get_item(self, **asked: Any) -> dict[str, Any]:
        """The records of keys."""
        [(table, read)] = asked["RequestItems"].items()
        return {"Responses": {table: list(map(_item, read["Keys"]))}, "UnprocessedKeys": {}}


def measure_inspector(rounds: int) -> dict[str, list[float]]:
    """CPU milliseconds by name, measured alternately."""
    webhooks = WebhookList(cast("Deployed", _Stub()), {}, lambda: _NOW)
    wanted = Filter(_NOW - timedelta(days=1))
    rows = webhooks.page(wanted).rows
    if len(rows) != PAGE_ROWS:
        raise AssertionError(f"the page has {len(rows)} rows")

    def rendered() -> None:
        list(reset_events(rows, "inlet-bridge-dev", _NOW))

    def first_page() -> None:
        list(reset_events(webhooks.page(wanted).rows, "inlet-bridge-dev", _NOW))

    calls = {FIRST_PAGE: first_page, RENDERED: rendered}
    measured: dict[str, list[float]] = {name: [] for name in calls}
    for call in calls.values():
        call()
    for _ in range(rounds):
        for name, call in calls.items():
            measured[name].append(_cpu_ms(call))
    return measured


def _cpu_ms(call: Callable[[], None]) -> float:
    began = time.process_time()
    call()
    return (time.process_time() - began) * 1_000


def _line(number: int) -> str:
    return _TEMPLATE.replace("NUMBER", str(number))


def _item(key: Mapping[str, Any]) -> dict[str, Any]:
    name = key["delivery_id"]["S"].removeprefix("id:")
    values = {
        "id": name,
        "state": "delivered",
        "event_type": "issues",
        "flow": "events",
        "received_at": _NOW.isoformat(),
    }
    texts = {name: {"S": text} for name, text in values.items()}
    return {**key_item(("github", id_key(name))), **texts}
