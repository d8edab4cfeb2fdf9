"""Rows of open records say no more of the response than is known."""

from datetime import UTC, datetime

import pytest

from bridge.delivery.record import State
from inlet_bridge.operations.configuration.source_facts import SourceFacts
from inlet_bridge.operations.records.table import DeliveryRecord
from inlet_bridge.operations.webhooks.rows import record_row

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "details", "answer"),
    [
        (State.BUFFERED, {}, "202"),
        (State.BUFFERED, {"replay": "run-1"}, "2xx"),
        (State.DEAD, {}, "202"),
        (State.FAILED, {}, "2xx"),
    ],
)
def test_answer_of_an_open_record(state: State, details: dict[str, str], answer: str) -> None:
    record = DeliveryRecord("github", "d-1", state, AT, details)

    assert record_row(record, {}).answer == answer


def test_answer_that_the_source_configures_is_known() -> None:
    record = DeliveryRecord("github", "d-1", State.FAILED, AT, {})

    assert record_row(record, {"github": SourceFacts("github", accepted=204)}).answer == "204"
