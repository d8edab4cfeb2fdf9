"""The steps of one delivery, each with its time: a function of what is recorded and logged."""

from typing import Final

from bridge.delivery.record import State
from inlet_bridge.inspector.webhook.message_view import MessageView
from inlet_bridge.inspector.webhook.steps import (
    Note,
    Result,
    Step,
    access_step,
    deduplication_step,
    route_step,
    signature_step,
)
from inlet_bridge.operations.delivery.history import DeliveryHistory
from inlet_bridge.operations.delivery.log_lines import FORWARDER, DeliveryLine, time_in
from inlet_bridge.operations.ingestion.dataset_progress import Progress
from inlet_bridge.operations.records.table import DeliveryRecord
from inlet_bridge.operations.replay.failed import reason_and_pointer

_INLET: Final = "Adobe's inlet"
_PLATFORM: Final = "Experience Platform"
_NOT_SENT: Final = {
    State.CLAIMED: "It was not sent yet.",
    State.FILTERED: "It is not sent: no route matches.",
    State.SPLIT: "It is sent as its deliveries, below.",
    State.ERASED: "It is not sent: an operator erased it.",
}
_ATTEMPTS: Final = {
    "delivered": "the inlet accepted it",
    "buffered": "it was put in the buffer",
    "postponed": "it was not accepted",
    "dead letter": "it became a dead letter",
    "split": "it was routed again, to several deliveries",
    "already settled": "another message of it was skipped",
    "message may be rejected": "Adobe may reject it",
    "inlet did not accept the message": "the inlet did not accept it",
    "webhook cannot be mapped": "it does not fit the Map",
    "body was not kept": "its body could not be kept",
    "delivery was not recorded": "its record could not be written",
    "attempt not begun": "an attempt could not begin",
}


def timeline(history: DeliveryHistory, view: MessageView) -> tuple[Step, ...]:
    """The steps in their order. What has no record says so.

    Args:
        history: what is known of the delivery.
        view: its message by today's map.
    """
    return (
        access_step(history),
        signature_step(history),
        deduplication_step(history),
        route_step(history, history.source, view.route),
        _message_step(view),
        _inlet_step(history),
        _platform_step(history),
    )


def _message_step(view: MessageView) -> Step:
    """The message of today; that of the time when it was sent is not stored."""
    name = "Message"
    if view.message:
        text = f"By today's Map it has {view.message.size} bytes; it is shown below."
        return Step(name, "passed", text, notes=tuple(Note(each) for each in view.warnings))
    if view.message_problem:
        return Step(name, "failed", f"Today there is none: {view.message_problem}.")
    return Step(name, "unknown", f"It cannot be computed: {view.came_problem}.")


def _inlet_step(history: DeliveryHistory) -> Step:
    record, notes = history.record, _attempts(history)
    if record is None:
        return _logged_inlet(history, notes)
    details = record.details
    match record.state:
        case State.DELIVERED | State.FAILED:
            at = time_in(details, "delivered_at")
            accepted = details.get("xaction_id", "")
            text = (
                f"The inlet accepted it; its xactionId is {accepted}."
                if accepted
                else ("The inlet accepted it.")
            )
            return Step(_INLET, "passed", text, at, notes)
        case State.BUFFERED:
            return _waiting(history, record, notes)
        case State.DEAD:
            return _dead(record, notes)
    return Step(_INLET, "not reached", _NOT_SENT.get(record.state, "It was not sent."), None, notes)


def _waiting(history: DeliveryHistory, record: DeliveryRecord, notes: tuple[Note, ...]) -> Step:
    wait = history.wait
    reasons = [record.details["reason"]] if record.details.get("reason") else []
    if wait:
        reasons += [f"{name}: {text}" for name, text in wait.reasons.items()]
    why = "; ".join(reasons) or "it was put in the buffer at once"
    text = f"It waits in the buffer: {why}."
    following = f"Next attempt: {wait.next_attempt}." if wait else ""
    return Step(_INLET, "waiting", text, notes=notes, hint=following)


def _dead(record: DeliveryRecord, notes: tuple[Note, ...]) -> Step:
    details = record.details
    after = f" after {counted(attempts)}" if (attempts := details.get("attempts", "")) else ""
    was = "is" if record.is_open else "was"
    text = (
        f"It {was} a dead letter{after}: {details.get('class', '')}: {details.get('reason', '')}."
    )
    hint = "docs/operations.md, Dead letters, has what to do for each class."
    if not record.is_open:
        hint = "It was dropped: its dead letter was deleted."
    runbook = "dead-letters" if record.is_open else ""
    return Step(_INLET, "failed", text, time_in(details, "died_at"), notes, hint, runbook)


def counted(attempts: str) -> str:
    """A number of attempts with its word."""
    return f"{attempts} attempt{'' if attempts == '1' else 's'}"


def _logged_inlet(history: DeliveryHistory, notes: tuple[Note, ...]) -> Step:
    """By the last outcome that is logged."""
    outcomes = [line for line in history.lines.lines if line.is_outcome]
    results: dict[str, tuple[Result, str]] = {
        "delivered": ("passed", "The inlet accepted it."),
        "buffered": ("waiting", "It was put in the buffer; nothing later is logged."),
        "postponed": ("waiting", "It was not accepted; nothing later is logged."),
        "dead letter": ("failed", "It became a dead letter."),
        "filtered": ("not reached", _NOT_SENT[State.FILTERED]),
        "split": ("not reached", _NOT_SENT[State.SPLIT]),
    }
    for line in reversed(outcomes):
        if found := results.get(line.message):
            return Step(_INLET, found[0], found[1], line.at, notes)
    return Step(_INLET, "unknown", "Nothing is logged of it.", None, notes)


def _attempts(history: DeliveryHistory) -> tuple[Note, ...]:
    """What both functions logged of it; of the receiver, only of the first receipt."""
    notes, is_acknowledged = [], False
    for line in history.lines.lines:
        if line.function != FORWARDER and line.is_outcome:
            if is_acknowledged:
                continue
            is_acknowledged = True
        if line.message in _ATTEMPTS:
            notes.append(Note(_attempt(line), line.at))
    return tuple(notes)


def _attempt(line: DeliveryLine) -> str:
    parts = [f"{line.function}: {_ATTEMPTS[line.message]}"]
    parts += [line.text(name) for name in ("class", "reason", "xaction_id") if line.text(name)]
    if attempts := line.text("attempts"):
        parts.append(f"attempt {attempts}")
    return ": ".join(parts[:2]) + "".join(f", {each}" for each in parts[2:])


def _platform_step(history: DeliveryHistory) -> Step:
    record = history.record
    if record is None:
        text = "Not known: Adobe's answer is recorded with the delivery, which has no record."
        return Step(_PLATFORM, "unknown", text)
    if record.state is State.FAILED:
        return _rejected(record)
    if record.state is not State.DELIVERED:
        return _not_accepted(record)
    return _ingested(record, history.progress)


def _not_accepted(record: DeliveryRecord) -> Step:
    """A replay keeps the time at which the inlet accepted the copy before."""
    earlier = time_in(record.details, "delivered_at")
    if earlier is None:
        return Step(_PLATFORM, "not reached", "The inlet has not accepted it.")
    text = "The inlet accepted it before, and has not accepted this copy."
    notes = (Note("the inlet accepted the earlier copy", earlier),)
    return Step(_PLATFORM, "not reached", text, notes=notes)


def _rejected(record: DeliveryRecord) -> Step:
    details = record.details
    reason, pointer = reason_and_pointer(details.get("failure", ""))
    notes = [Note(f"field: {pointer}")] if pointer else []
    if batch := details.get("batch"):
        notes.append(Note(f"batch: {batch}"))
    closed = time_in(details, "dropped_at")
    if closed:
        notes.append(Note("an operator dropped it", closed))
    hint = "docs/operations.md, Rejected by Adobe. Correct the map, deploy, and replay it."
    return Step(
        _PLATFORM,
        "failed",
        f"Adobe rejected it: {reason}.",
        time_in(details, "failed_at"),
        tuple(notes),
        "" if closed else hint,
        "" if closed else "rejected-by-adobe",
    )


def _ingested(record: DeliveryRecord, progress: Progress | None) -> Step:
    if progress is None:
        return Step(_PLATFORM, "unknown", "Not known: its flow is not configured any more.")
    if progress.problem:
        text = f"Not known: Adobe's batches cannot be read: {progress.problem}."
        return Step(_PLATFORM, "unknown", text, hint="`inlet doctor` checks the permissions.")
    delivered_at = time_in(record.details, "delivered_at")
    is_later = delivered_at and progress.listed_at and progress.listed_at > delivered_at
    if not is_later:
        text = "Not known yet: Adobe's batches are read every hour, and were not since."
        return Step(_PLATFORM, "waiting", text, hint="`inlet ingested --now` reads them.")
    if not record.kept:
        text = "Not known of a single delivery whose body is not kept."
        hint = "Set KeepBodies: failures are recorded then. `inlet ingested` has the totals."
        return Step(_PLATFORM, "unknown", text, hint=hint)
    text = "Adobe has reported no failure of it. It ingests within an hour, as a rule."
    return Step(_PLATFORM, "passed", text, notes=(Note("batches were read", progress.listed_at),))
