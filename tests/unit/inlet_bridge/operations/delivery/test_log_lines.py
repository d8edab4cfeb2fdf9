"""Lines of one delivery: in which times they are looked for, and in how many calls at most."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bridge.delivery.record import State
from inlet_bridge.operations.delivery.log_lines import read_lines, spans_of
from inlet_bridge.operations.records.table import DeliveryRecord

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
REQUEST = "5f1c0a52-1c7e-4b7a-8a2e-2d3c4b5a6978"


class Logs:
    """CloudWatch Logs with the same page for ever, or until its pages end."""

    def __init__(self, *lines: dict[str, Any], pages: int = 1) -> None:
        self.lines = lines
        self.pages = pages
        self.calls: list[dict[str, Any]] = []

    def get_paginator(self, _: str) -> "Logs":
        return self

    def paginate(self, **asked: Any) -> Iterator[dict[str, Any]]:
        for page in range(self.pages):
            self.calls.append(asked)
            events = [
                {"timestamp": asked["startTime"] + number, "message": json.dumps(line)}
                for number, line in enumerate(self.lines)
            ]
            token = {"nextToken": "x"} if page + 1 < self.pages else {}
            yield {"events": events, **token}


def deployed(logs: Logs) -> Any:
    return SimpleNamespace(logs=logs, receiver_logs="receiver", forwarder_logs="forwarder")


def record(age: timedelta, **details: str) -> DeliveryRecord:
    return DeliveryRecord("github", "d-1", State.BUFFERED, NOW - age, details, "id:d-1")


def test_days_in_which_a_delivery_waited_are_not_searched() -> None:
    delivered_at = (NOW - timedelta(days=1)).isoformat()
    spans = spans_of(record(timedelta(days=3), delivered_at=delivered_at), NOW)

    assert len(spans) == 2
    assert sum((end - start for start, end in spans), timedelta()) < timedelta(minutes=20)


def test_spans_do_not_overlap_and_end_now() -> None:
    age, soon = timedelta(minutes=3), (NOW - timedelta(minutes=1)).isoformat()
    spans = spans_of(record(age, delivered_at=soon, next_attempt_at=soon, died_at="x"), NOW)

    assert spans == ((NOW - age - timedelta(seconds=30), NOW),)
    assert spans_of(None, NOW) == ((NOW - timedelta(days=1), NOW),)


@pytest.mark.parametrize("pages", [40, 100_000])
def test_calls_are_bounded_whatever_the_logs_have(pages: int) -> None:
    logs = Logs({"message": "other"}, pages=pages)
    spans = spans_of(record(timedelta(days=3), next_attempt_at=NOW.isoformat()), NOW)

    found = read_lines(deployed(logs), "github", "d-1", spans, lambda: NOW)

    assert len(logs.calls) <= 30
    assert not found.is_complete


def test_only_lines_of_the_delivery_and_its_invocation_are_taken() -> None:
    mine = {"source": "github", "delivery_id": "d-1"}
    other = {"source": "stripe", "delivery_id": "d-1"}
    logs = Logs(
        {"message": "buffered", **mine, "function_request_id": REQUEST},
        {"message": "inlet did not accept the message", "function_request_id": REQUEST},
        {"message": "inlet did not accept the message", "function_request_id": "another"},
        {"message": "delivered", "flow_id": "f", "deliveries": [mine, other, 7, {"x": 1}]},
        {"message": "buffered", **other},
    )
    spans = ((NOW - timedelta(minutes=1), NOW),)

    found = read_lines(deployed(logs), "github", "d-1", spans, lambda: NOW)

    messages = [(each.function, each.message) for each in found.lines]
    assert messages.count(("receiver", "buffered")) == 1
    assert messages.count(("receiver", "inlet did not accept the message")) == 1
    assert messages.count(("forwarder", "delivered")) == 1
    assert found.is_complete
    assert {call["filterPattern"] for call in logs.calls} == {
        'delivery_id "d-1"',
        f'function_request_id "{REQUEST}"',
    }
