"""The steps of a delivery are a function of what is recorded and logged; nothing is invented."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bridge.delivery.record import State
from bridge.messages.xdm_message import no_schemas
from inlet_bridge.inspector.overview.runbooks import runbooks
from inlet_bridge.inspector.webhook.message_view import MessageView
from inlet_bridge.inspector.webhook.shown_text import ShownText
from inlet_bridge.inspector.webhook.steps import Step
from inlet_bridge.inspector.webhook.timeline import timeline
from inlet_bridge.operations.delivery.history import DeliveryHistory
from inlet_bridge.operations.delivery.log_lines import DeliveryLine, DeliveryLines
from inlet_bridge.operations.delivery.waits import Wait
from inlet_bridge.operations.ingestion.dataset_progress import Progress
from inlet_bridge.operations.records.table import DeliveryRecord
from tests.support import sample_webhooks as samples

AT = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=2)
NAMES = [
    *("Access rules", "Signature", "Deduplication", "Route", "Message"),
    *("Adobe's inlet", "Experience Platform"),
]
UNKNOWN = MessageView(came_problem="bodies are not kept")


def record(state: State, *, is_open: bool = False, kept: str = "", **details: str) -> Any:
    given = {"event_type": "push", "flow": "events", "class": details.pop("kind", ""), **details}
    return DeliveryRecord("github", "d-1", state, AT, given, "id:d-1", kept, is_open)


def line(message: str, function: str = "forwarder", **fields: Any) -> DeliveryLine:
    is_outcome = message in {"buffered", "postponed", "delivered"}
    return DeliveryLine(AT + timedelta(seconds=1), function, message, fields, is_outcome)


def steps(found: DeliveryRecord | None, *lines: DeliveryLine, **changes: Any) -> dict[str, Step]:
    history = DeliveryHistory(
        name="github",
        delivery_id="d-1",
        record=found,
        lines=DeliveryLines(lines, (), is_complete=True),
        source=samples.source(),
        source_problem="",
        webhook=None,
        webhook_problem="",
        destination=None,
        wait=None,
        siblings=(),
        has_all_siblings=True,
        namesakes=(),
        progress=None,
        read_schema=no_schemas,
    )
    all_steps = timeline(replace(history, **changes), UNKNOWN)
    assert [step.name for step in all_steps] == NAMES
    return {step.name: step for step in all_steps}


@pytest.mark.parametrize(
    ("state", "inlet", "platform"),
    [
        (State.CLAIMED, "not reached", "not reached"),
        (State.BUFFERED, "waiting", "not reached"),
        (State.DELIVERED, "passed", "unknown"),
        (State.DEAD, "failed", "not reached"),
        (State.FILTERED, "not reached", "not reached"),
        (State.SPLIT, "not reached", "not reached"),
        (State.FAILED, "passed", "failed"),
        (State.ERASED, "not reached", "not reached"),
    ],
)
def test_every_state_has_its_steps(state: State, inlet: str, platform: str) -> None:
    found = steps(record(state))

    assert found["Adobe's inlet"].result == inlet
    assert found["Experience Platform"].result == platform
    assert found["Access rules"].at == AT


def test_without_anything_the_steps_are_unknown() -> None:
    found = steps(None)

    assert found["Deduplication"].result == "unknown"
    assert found["Route"].result == "unknown"
    assert found["Adobe's inlet"].text == "Nothing is logged of it."
    assert found["Experience Platform"].result == "unknown"
    assert all(step.at is None for step in found.values())


def test_message_that_is_not_kept_is_not_computed() -> None:
    assert steps(record(State.DELIVERED))["Message"].text == (
        "It cannot be computed: bodies are not kept."
    )


def test_attempts_are_those_that_were_logged() -> None:
    found = steps(
        record(State.DELIVERED, delivered_at=LATER.isoformat(), xaction_id="x:1"),
        line("inlet did not accept the message", "receiver", reason="503"),
        line("buffered", "receiver"),
        line("buffered", "receiver"),
        line("postponed", reason="503"),
        line("delivered", xaction_id="x:1", attempts=3),
        line("something else"),
    )

    notes = [note.text for note in found["Adobe's inlet"].notes]
    assert notes == [
        "receiver: the inlet did not accept it: 503",
        "receiver: it was put in the buffer",
        "forwarder: it was not accepted: 503",
        "forwarder: the inlet accepted it: x:1, attempt 3",
    ]
    assert len(found["Deduplication"].notes) == 1


def test_wait_has_its_reasons_and_the_next_attempt() -> None:
    wait = Wait({"paused": "github, since 12:00"}, "after `inlet resume github`")
    found = steps(record(State.BUFFERED, reason="503"), wait=wait)["Adobe's inlet"]

    assert found.text == "It waits in the buffer: 503; paused: github, since 12:00."
    assert found.hint == "Next attempt: after `inlet resume github`."


@pytest.mark.parametrize(
    ("is_open", "was", "hint"), [(True, "is", "has what to do"), (False, "was", "was dropped")]
)
def test_dead_letter_says_whether_it_was_dropped(
    is_open: bool,  # noqa: FBT001
    was: str,
    hint: str,
) -> None:
    dead = record(State.DEAD, is_open=is_open, kind="invalid message", reason="400", attempts="3")
    found = steps(dead)["Adobe's inlet"]

    assert found.text == f"It {was} a dead letter after 3 attempts: invalid message: 400."
    assert hint in found.hint
    assert bool(found.runbook) is is_open


def test_one_attempt_is_singular() -> None:
    dead = record(State.DEAD, is_open=True, attempts="1")

    assert "after 1 attempt:" in steps(dead)["Adobe's inlet"].text


def test_runbooks_of_steps_exist() -> None:
    found = [
        step.runbook
        for state in (State.DEAD, State.FAILED)
        for step in steps(record(state, is_open=True)).values()
        if step.runbook
    ]

    assert len(found) == 2
    assert set(found) <= set(runbooks())


def test_replay_does_not_hide_that_the_inlet_accepted_it_before() -> None:
    again = record(State.BUFFERED, delivered_at=LATER.isoformat(), replay="r")
    found = steps(again)["Experience Platform"]

    assert found.text == "The inlet accepted it before, and has not accepted this copy."
    assert [note.at for note in found.notes] == [LATER]


@pytest.mark.parametrize(
    ("progress", "kept", "result"),
    [
        (None, "id:d-1", "unknown"),
        (Progress("d"), "id:d-1", "waiting"),
        (Progress("d", AT), "id:d-1", "waiting"),
        (Progress("d", LATER + timedelta(hours=1)), "id:d-1", "passed"),
        (Progress("d", LATER + timedelta(hours=1)), "", "unknown"),
        (Progress("d", LATER, "no permission"), "id:d-1", "unknown"),
    ],
)
def test_ingestion_is_claimed_only_if_a_failure_would_be_known(
    progress: Progress | None, kept: str, result: str
) -> None:
    delivered = record(State.DELIVERED, kept=kept, delivered_at=LATER.isoformat())

    assert steps(delivered, progress=progress)["Experience Platform"].result == result


def test_dropped_failure_has_its_time() -> None:
    failure = "required at #/a: missing"
    failed = record(State.FAILED, failure=failure, batch="01A", dropped_at=LATER.isoformat())
    found = steps(failed)["Experience Platform"]

    assert found.text == f"Adobe rejected it: {failure}."
    assert [note.text for note in found.notes] == [
        "field: #/a",
        "batch: 01A",
        "an operator dropped it",
    ]
    assert found.hint == ""


def test_message_of_today_has_its_size() -> None:
    view = MessageView(message=ShownText("{}", 2), warnings=("large",))
    step = timeline(_bare(), view)[4]

    assert (step.result, step.text[:30]) == ("passed", "By today's Map it has 2 bytes;")
    assert [note.text for note in step.notes] == ["large"]


def _bare() -> DeliveryHistory:
    lines = DeliveryLines((), (), is_complete=True)
    return DeliveryHistory(
        *("github", "d-1", None, lines, None, "gone", None, "", None, None),
        *((), True, (), None, no_schemas),
    )
