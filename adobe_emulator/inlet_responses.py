"""The response bodies of the inlet.

Sources: "Send multiple messages in a single HTTP request", "Streaming validation", issue 62 and the
fixtures of Adobe's Kafka connector. Bodies of 404 and 415 are guesses; a 413 has none.
"""

from dataclasses import dataclass
from typing import Any

from adobe_emulator.exchange import RefusedError, Response, json_answer
from adobe_emulator.identifiers import Identifiers
from adobe_emulator.settings import Generation

BAD_FORMAT = "Invalid XDM Message Format"
"""The title of every error about a message."""

_PROBLEM = "http://ns.adobe.com/adobecloud/problem/data-collection-service/inlet"
_UNAUTHORIZED = "https://ns.adobe.com/adobecloud/problem/data-collection-service-authorization"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why one message was rejected."""

    status: int
    message: str


def problem(status: int, title: str, message: str) -> RefusedError:
    """The response to a rejected request; the status in the body is a number."""
    return RefusedError(json_answer(status, problem_document(status, title, message)))


def problem_document(status: int, title: str, message: str) -> dict[str, Any]:
    """The body of that response."""
    return {"type": _PROBLEM, "status": status, "title": title, "report": {"message": message}}


def unauthorized(inlet_id: str, message: str) -> RefusedError:
    """No or a bad token for an authenticated inlet; the status in the body is a string."""
    document = {
        "type": _UNAUTHORIZED,
        "status": "401",
        "title": "Authorization",
        "report": {"message": f"[{inlet_id}] {message}"},
    }
    return RefusedError(json_answer(401, document))


def taken(
    inlet_id: str, xaction_id: str, received_ms: int, validation: dict[str, Any] | None = None
) -> Response:
    """The response to one accepted message, with the result of a synchronous validation."""
    document = {"inletId": inlet_id, "xactionId": xaction_id, "receivedTimeMs": received_ms}
    return json_answer(200, document | ({"syncValidation": validation} if validation else {}))


def new_batch_id(generation: Generation, identifiers: Identifiers, received_ms: int) -> str:
    """A UUID in the newest generation, else in the form of a single message's id."""
    if generation is Generation.NEWEST:
        return identifiers.uuid()
    return identifiers.transaction(received_ms)


def xaction_id(generation: Generation, batch_id: str, index: int) -> str:
    """The id of one message of a batch; its position is the last number."""
    separator = "-" if generation is Generation.NEWEST else ":"
    return f"{batch_id}{separator}{index}"


def item(generation: Generation, xaction: str, failure: Failure | None) -> dict[str, Any]:
    """The result of one message in a 207."""
    if failure is None:
        return {"xactionId": xaction}
    match generation:
        case Generation.DOCUMENTED_2019:
            return {"statusCode": failure.status, "message": failure.message}
        case Generation.OBSERVED_2024:
            return {"status": failure.status, "message": failure.message}
        case Generation.NEWEST:
            return {"xactionId": xaction, "status": failure.status, "message": failure.message}


def multi_status(
    inlet_id: str, batch_id: str, received_ms: int, items: list[dict[str, Any]]
) -> Response:
    """The response to a batch, also if every message fails."""
    document = {
        "inletId": inlet_id,
        "batchId": batch_id,
        "receivedTimeMs": received_ms,
        "responses": items,
    }
    return json_answer(207, document)
