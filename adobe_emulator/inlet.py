"""The streaming inlet: `/collection/{inletId}` and `/collection/batch/{inletId}`."""

from adobe_emulator.admission import Visit
from adobe_emulator.emulator import Adobe
from adobe_emulator.exchange import Call, RefusedError, Response
from adobe_emulator.faults import AnswerShort
from adobe_emulator.inlet_responses import (
    BAD_FORMAT,
    Failure,
    item,
    multi_status,
    new_batch_id,
    problem,
    taken,
    xaction_id,
)
from adobe_emulator.ledger import Refused
from adobe_emulator.strict_json import Element, MalformedJsonError, parse, parse_messages


def collect(adobe: Adobe, call: Call) -> Response:
    """Take one message: 200, or an error for the request. Raises RefusedError."""
    try:
        visit = Visit(adobe, call, in_batch=False)
        element = _parsed(call.body)
        verdict = visit.judge(element)
        if isinstance(verdict, Failure):
            raise problem(verdict.status, BAD_FORMAT, verdict.message)
    except RefusedError as exc:
        _book_refusal(adobe, call, exc)
        raise
    xaction = adobe.identifiers.transaction(visit.received_ms)
    visit.book(element, verdict, xaction, batch_id=None)
    return taken(visit.inlet_id, xaction, visit.received_ms)


def collect_batch(adobe: Adobe, call: Call) -> Response:
    """Take many messages: 207, also when every one of them failed. Raises RefusedError."""
    try:
        visit = Visit(adobe, call, in_batch=True)
        elements = _parsed_batch(call.body)
        verdicts = [visit.judge(element) for element in elements]
    except RefusedError as exc:
        _book_refusal(adobe, call, exc)
        raise
    generation = adobe.behavior.generation
    batch_id = new_batch_id(generation, adobe.identifiers, visit.received_ms)
    items = []
    for index, (element, verdict) in enumerate(zip(elements, verdicts, strict=True)):
        xaction = xaction_id(generation, batch_id, index)
        visit.book(element, verdict, xaction, batch_id)
        failure = verdict if isinstance(verdict, Failure) else None
        items.append(item(generation, xaction, failure))
    if call.fault is not None and isinstance(call.fault.effect, AnswerShort):
        items = items[call.fault.effect.missing :]
    return multi_status(visit.inlet_id, batch_id, visit.received_ms, items)


def _parsed(body: bytes) -> Element:
    try:
        return Element(parse(body), body)
    except MalformedJsonError:
        raise problem(400, BAD_FORMAT, "The request body is not valid JSON") from None


def _parsed_batch(body: bytes) -> list[Element]:
    try:
        elements = parse_messages(body)
    except MalformedJsonError:
        raise problem(400, BAD_FORMAT, "The request body is not a batch of messages") from None
    if not elements:
        raise problem(400, BAD_FORMAT, "The batch has no messages")
    return elements


def _book_refusal(adobe: Adobe, call: Call, error: RefusedError) -> None:
    adobe.ledger.refuse(
        Refused(
            call.parameters["inlet"],
            adobe.clock.milliseconds(),
            error.response.status,
            error.response.body.decode(),
        )
    )
