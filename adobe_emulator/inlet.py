"""The streaming inlet: `/collection/{inletId}` and `/collection/batch/{inletId}`."""

from adobe_emulator.emulator import Adobe
from adobe_emulator.exchange import Call, RefusedError, Response
from adobe_emulator.faults import AnswerShort
from adobe_emulator.inlet_requests import InletRequest
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
from adobe_emulator.sync_validation import result_of


def collect(adobe: Adobe, call: Call) -> Response:
    """Accept one message: 200, or an error for the request. Raises RefusedError."""
    try:
        request = InletRequest(adobe, call, in_batch=False)
        element = _parsed(call.body)
        result = request.check(element)
        if isinstance(result, Failure):
            raise problem(result.status, BAD_FORMAT, result.message)
        xaction = adobe.identifiers.transaction(request.received_ms)
        validation = None
        if request.is_synchronous:
            prefix = f"inletId: [{request.inlet_id}] imsOrgId: [{adobe.tenant.org_id}]"
            validation = result_of(request.arrival(element, result, xaction), prefix)
    except RefusedError as exc:
        _record_rejection(adobe, call, exc)
        raise
    request.record(element, result, xaction, batch_id=None)
    return taken(request.inlet_id, xaction, request.received_ms, validation)


def collect_batch(adobe: Adobe, call: Call) -> Response:
    """Accept a batch: 207, also if every message fails. Raises RefusedError."""
    try:
        request = InletRequest(adobe, call, in_batch=True)
        elements = _parsed_batch(call.body)
        results = [request.check(element) for element in elements]
    except RefusedError as exc:
        _record_rejection(adobe, call, exc)
        raise
    generation = adobe.behavior.generation
    batch_id = new_batch_id(generation, adobe.identifiers, request.received_ms)
    items = []
    for index, (element, result) in enumerate(zip(elements, results, strict=True)):
        xaction = xaction_id(generation, batch_id, index)
        request.record(element, result, xaction, batch_id)
        failure = result if isinstance(result, Failure) else None
        items.append(item(generation, xaction, failure))
    if call.fault is not None and isinstance(call.fault.effect, AnswerShort):
        items = items[call.fault.effect.missing :]
    return multi_status(request.inlet_id, batch_id, request.received_ms, items)


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


def _record_rejection(adobe: Adobe, call: Call, error: RefusedError) -> None:
    adobe.ledger.refuse(
        Refused(
            call.parameters["inlet"],
            adobe.clock.milliseconds(),
            error.response.status,
            error.response.body.decode(),
        )
    )
