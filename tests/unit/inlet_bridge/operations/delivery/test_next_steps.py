"""What is to be done about a delivery, by its record."""

from datetime import UTC, datetime

import pytest

from bridge.delivery.record import State
from inlet_bridge.operations.delivery.next_steps import next_step
from inlet_bridge.operations.records.table import DeliveryRecord

_NAMED = "remove the reason (`inlet map shop SAMPLE` names the key), then `inlet dead-letters redri"


@pytest.mark.parametrize(
    ("reason", "step"),
    [
        ("the message does not fit its schema: an extraneous key at its root", _NAMED),
        ("the message does not fit its schema: required at _id", "remove the reason, then `inlet"),
    ],
)
def test_key_that_the_record_does_not_name_is_named_by_a_preview(reason: str, step: str) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    record = DeliveryRecord("shop", "d-1", State.DEAD, at, {"reason": reason}, is_open=True)

    assert next_step(record).startswith(step)


def test_sender_can_send_a_filtered_webhook_again() -> None:
    """Its body is not kept: nothing else can."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    record = DeliveryRecord("shop", "d-1", State.FILTERED, at, {}, is_open=False)

    assert next_step(record) == "once a route takes it, its sender can send it again"
