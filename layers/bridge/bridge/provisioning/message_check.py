"""Have Adobe validate one message synchronously, in a development sandbox.

`syncValidation=true` is for single messages, in the region VA7 only, for 60 requests a minute;
what fails is dropped ("Streaming ingestion validation"). A valid message is ingested.

https://experienceleague.adobe.com/en/docs/experience-platform/ingestion/quality/streaming-validation
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any, Final

from bridge.delivery.outcomes import Retry
from bridge.errors import InvalidPropertyError, UnavailableError
from bridge.messages.envelope import fits, single_message
from bridge.names import require_name
from bridge.ports.adobe import InletResponse, Sandboxes
from bridge.provisioning.records import Records
from bridge.provisioning.sources.documents import flows_of
from bridge.provisioning.unknown_connection import unknown_connection
from bridge.sources.connection import Connection, Flow
from bridge.sources.destinations import stored_connection
from bridge.strict_json import read_json, write_json

type SendForValidation = Callable[[str, Connection, Flow, bytes], InletResponse | Retry]
"""Sends one message to a URL. Never raises."""

_DEVELOPMENT: Final = "development"
# Adobe stops after five errors.
_MOST_REASONS: Final = 10
_ANSWERS: Final[Mapping[int | None, str]] = {
    None: "the inlet did not respond",
    HTTPStatus.TOO_MANY_REQUESTS: "Adobe validates 60 messages a minute; wait a minute",
    HTTPStatus.NOT_IMPLEMENTED: "Adobe validates synchronously in the region VA7 only",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Adobe's verdict on a message.

    Attributes:
        passed: None if Adobe did not validate it; `reasons` says why.
        reasons: Adobe's messages with their pointers, which can quote the message.
        sandbox: its name.
        sandbox_type: `development`; empty if it is unknown.
    """

    passed: bool | None
    reasons: tuple[str, ...]
    sandbox: str
    sandbox_type: str

    def as_document(self) -> dict[str, Any]:
        """The verdict as JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class MessageCheck:
    """Sends messages that operators want to have validated."""

    records: Records
    sandboxes: Sandboxes
    send: SendForValidation

    def of_request(self, request: Mapping[str, Any]) -> Verdict:
        """The verdict on `message` for `flow` of `connection`.

        Raises:
            InvalidPropertyError: the request is malformed, or the sandbox is not for development.
            UnavailableError: the connection is being changed.
        """
        if unknown := sorted(request.keys() - {"action", "connection", "flow", "message"}):
            raise InvalidPropertyError(unknown[0], "give connection, flow and message")
        name, message = _name("connection", request), request.get("message")
        if not isinstance(message, dict):
            raise InvalidPropertyError("message", "must be an object")
        record = self.records.read(name)
        if not record.values:
            raise InvalidPropertyError("connection", unknown_connection(name, self.records.names()))
        if not record.is_usable():
            raise UnavailableError(f"connection {name} is being changed; apply it first")
        connection, flows = stored_connection(name, record.values), flows_of(record, {})
        flow = flows.get(_name("flow", request))
        if flow is None:
            raise InvalidPropertyError("flow", f"there is {', '.join(sorted(flows))}")
        if connection.data_type == "raw":
            raise InvalidPropertyError("connection", "Adobe validates XDM messages only")
        content = write_json(message)
        if not fits(connection, flow, content):
            raise InvalidPropertyError("message", "is too large for the inlet")
        kind = self.sandboxes.type_of(connection.sandbox)
        if kind not in {"", _DEVELOPMENT}:
            raise InvalidPropertyError(
                "connection", f"sandbox {connection.sandbox} is a {kind} sandbox; use another stage"
            )
        url = f"{connection.inlet_url}?syncValidation=true"
        response = self.send(url, connection, flow, single_message(connection, flow, content))
        passed, reasons = _read(response)
        return Verdict(passed, reasons, connection.sandbox, kind)


def _name(path: str, request: Mapping[str, Any]) -> str:
    given = request.get(path)
    try:
        return require_name(given if isinstance(given, str) else "")
    except ValueError as exc:
        raise InvalidPropertyError(path, str(exc)) from exc


def _read(response: InletResponse | Retry) -> tuple[bool | None, tuple[str, ...]]:
    if isinstance(response, Retry):
        return None, (response.reason,)
    document = _document(response.body)
    if response.status == HTTPStatus.OK:
        match document:
            case {"syncValidation": {"status": "pass"}}:
                return True, ()
        return None, ("Adobe accepted the message without validating it",)
    match document:
        case {"report": {"cause": {"_streamingValidation": list(tree)}}}:
            reasons = tuple(dict.fromkeys(_leaves(tree)))[:_MOST_REASONS]
            return False, reasons or ("Message is invalid",)
        case {"report": {"message": str(message)}} if response.status == HTTPStatus.BAD_REQUEST:
            return False, (message,)
    other = f"the inlet answered {response.status}"
    return None, (_ANSWERS.get(response.status, other),)


def _document(body: bytes) -> Any:
    try:
        return read_json(body.decode())
    except (ValueError, RecursionError):
        return None


def _leaves(tree: list[Any]) -> Iterator[str]:
    """The messages of the violations that have no causes; others only count these."""
    waiting = list(reversed(tree))
    while waiting:
        match waiting.pop():
            case {"causingExceptions": [_, *_] as causes}:
                waiting += reversed(causes)
            case {"message": str(message), "pointerToViolation": str(pointer)}:
                yield f"{pointer}: {message}"
            case {"message": str(message)}:
                yield message
