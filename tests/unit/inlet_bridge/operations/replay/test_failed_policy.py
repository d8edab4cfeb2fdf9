"""Which failed records a run sends again."""

from datetime import UTC, datetime

import pytest

from bridge.delivery.record import State
from inlet_bridge.operations.replay.outcomes import Outcome
from inlet_bridge.operations.replay.policy import SeenRecord, decide_failed

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "replay", "outcome"),
    [
        (State.FAILED, "", Outcome.SENT),
        (State.FAILED, "an earlier run", Outcome.SENT),
        (State.FAILED, "this run", Outcome.DONE),  # It failed again: the cause remains.
        (State.BUFFERED, "this run", Outcome.SENT),  # It may not be in the buffer yet.
        (State.BUFFERED, "an earlier run", Outcome.DONE),
        (State.DELIVERED, "this run", Outcome.DONE),
    ],
)
def test_failed_record_is_sent_once_by_a_run(state: State, replay: str, outcome: Outcome) -> None:
    record = SeenRecord(state, AT, AT, AT, replay, AT, AT, {})

    assert decide_failed(record, "this run") is outcome
    assert decide_failed(None, "this run") is Outcome.DONE
