"""The steps of a webhook until it is accepted: access rules, signature, deduplication, route."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from bridge.delivery.record import State
from bridge.sources.source import AccessRules, Source
from inlet_bridge.operations.delivery.history import DeliveryHistory, acknowledged
from inlet_bridge.operations.delivery.log_lines import time_in

type Result = Literal["passed", "waiting", "failed", "unknown", "not reached"]


@dataclass(frozen=True, slots=True)
class Note:
    """Something that happened within a step, such as one attempt."""

    text: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a webhook.

    Attributes:
        result: `unknown` if nothing is recorded or logged of it.
        at: when; None if that is not known.
        hint: what to do, or how to learn more; empty for nothing.
        runbook: the anchor of the section of docs/operations.md; empty for none.
    """

    name: str
    result: Result
    text: str
    at: datetime | None = None
    notes: tuple[Note, ...] = field(default=())
    hint: str = ""
    runbook: str = ""


NO_RECORD: Final = (
    "It is not recorded: records expire RecordDays (8) after their last change. What follows is"
    " from the logs."
)
_VERIFIED: Final = {
    "mac": "The signature is valid.",
    "pk": "The signature is valid: it was verified with the public key of the sender.",
    "jwt": "The signed token is valid.",
    "token": "The token is that of the source.",
    "iam": "AWS IAM authorized the sender of the event; events carry no signature.",
    "none": "It was not verified: the source has Verification: none.",
}
_KEYS: Final = {
    "id": "the ID that the provider gives it",
    "content": "its content, since the provider gives it no ID",
    "item": "its ItemId",
    "part": "its position in the webhook",
    "target": "the ID of its event, and the flow",
    "message": "the ID of its SQS message",
}


def received_at(history: DeliveryHistory) -> datetime | None:
    """When it was received, by its record, or when it was acknowledged, by the log."""
    if history.record:
        return history.record.received_at
    receipts = acknowledged(history.lines)
    return receipts[0].at if receipts else None


def access_step(history: DeliveryHistory) -> Step:
    """The access rules: of a webhook that was accepted, they let it pass."""
    if history.source and history.source.scheme.family == "iam":
        return Step("Access rules", "passed", "It is an event of a queue.", received_at(history))
    rules = _rules(history.source.access_rules) if history.source else ""
    return Step(
        "Access rules", "passed", f"They let it pass.{rules}", received_at(history), hint=""
    )


def _rules(rules: AccessRules) -> str:
    """Today's rules, without the values of path tokens."""
    found = [
        f"methods {', '.join(rules.allowed_methods)}" if rules.allowed_methods else "",
        f"{len(rules.allowed_cidrs)} address ranges" if rules.allowed_cidrs else "",
        "a secret path" if rules.path_tokens else "",
        f"at most {rules.max_body_bytes} bytes" if rules.max_body_bytes else "",
    ]
    given = ", ".join(filter(None, found))
    return f" Today these are: {given}." if given else " Today the source has none of its own."


def signature_step(history: DeliveryHistory) -> Step:
    """The signature, by today's settings of the source."""
    at = received_at(history)
    if history.source is None:
        text = "It was valid, since the webhook was accepted; how it was verified is not recorded."
        return Step("Signature", "passed", text, at)
    source = history.source
    notes: tuple[Note, ...] = ()
    if history.webhook and history.webhook.sent_at:
        notes = (Note("sent by the provider, by its own time", history.webhook.sent_at),)
    text = _VERIFIED.get(source.scheme.family, "The request was verified.")
    return Step("Signature", "passed", f"{text} Provider: {source.provider}.", at, notes)


def deduplication_step(history: DeliveryHistory) -> Step:
    """The claim, and repetitions that were recognized."""
    at, repetitions = received_at(history), _repetitions(history)
    record = history.record
    if record is None:
        return Step("Deduplication", "unknown", NO_RECORD, notes=repetitions)
    kind = record.key.partition(":")[0]
    text = f"It is new. It is identified by {_KEYS.get(kind, 'its key')}."
    if record.state is State.CLAIMED:
        text = "A receiver processes it, or failed; until its claim ends, repetitions get 503."
        return Step("Deduplication", "waiting", text, at, repetitions)
    return Step("Deduplication", "passed", text, at, repetitions)


def _repetitions(history: DeliveryHistory) -> tuple[Note, ...]:
    """Further acknowledgements of the receiver: the sender, or a person, sent it again."""
    again = acknowledged(history.lines)[1:]
    text = "a repetition was acknowledged like the first one, and not sent"
    return tuple(Note(text, line.at) for line in again)


def route_step(history: DeliveryHistory, source: Source | None, route: str) -> Step:
    """Where it goes.

    Args:
        history: of the delivery.
        source: as it is configured now.
        route: today's route of the kept webhook; empty if it is not known.
    """
    at, record = received_at(history), history.record
    messages = {line.message for line in history.lines.lines}
    if record is None:
        return _logged_route(messages, at)
    event = record.details.get("event_type", "")
    of_type = f" Its event type is {event}." if event else " It has no event type."
    today = f" Today: {route}." if route else ""
    match record.state:
        case State.FILTERED:
            return Step("Route", "passed", f"No route matches, so it was dropped.{of_type}", at)
        case State.SPLIT:
            parts = record.details.get("parts", "several")
            return Step("Route", "passed", f"It became {parts} deliveries.{of_type}", at)
    if record.details.get("class") == "no route":
        hint = _if_not_redriven(source)
        return Step("Route", "failed", f"No route of the source matches.{of_type}", at, hint=hint)
    flow = record.details.get("flow", "")
    if not flow:
        return Step("Route", "waiting", f"It has no flow yet.{of_type}", at)
    replayed = time_in(record.details, "replayed_at")
    notes = (Note("a replay routed it again", replayed),) if replayed else ()
    return Step("Route", "passed", f"To the flow {flow}.{of_type}{today}", at, notes)


def _logged_route(messages: set[str], at: datetime | None) -> Step:
    if State.FILTERED in messages:
        return Step("Route", "passed", "No route matches, so it was dropped.", at)
    if State.SPLIT in messages:
        return Step("Route", "passed", "It became several deliveries.", at)
    return Step("Route", "unknown", "The flow is not logged.")


def _if_not_redriven(source: Source | None) -> str:
    name = source.name if source else "SOURCE"
    return (
        f"Add a route to sources.yaml, preview it with `inlet map {name} FILE`, deploy, and redrive"
        " the dead letter: it is routed again."
    )
