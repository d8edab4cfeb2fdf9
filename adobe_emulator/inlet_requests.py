"""Authenticate requests to the inlet, check their messages and record the results.

Sources: "Create an HTTP API streaming connection", "Authenticated data collection" (an open inlet
accepts an invalid token silently), the streaming ingestion OpenAPI file. The order is a guess.
"""

from adobe_emulator.arrivals import Arrival
from adobe_emulator.emulator import Adobe
from adobe_emulator.envelope import Accepted, Inspector, UnfitMessageError
from adobe_emulator.exchange import Call, RefusedError, Response
from adobe_emulator.inlet_responses import BAD_FORMAT, Failure, problem, unauthorized
from adobe_emulator.ledger import Received, Refused
from adobe_emulator.resources import Resource
from adobe_emulator.strict_json import Element
from adobe_emulator.sync_validation import is_synchronous

MAX_BYTES = 1_000_000
"""The largest request. The documentation has 1 MB; whether that is 10⁶ or 2²⁰ bytes is unknown."""


class InletRequest:
    """An accepted request to the inlet. Raises RefusedError if the inlet rejects the request.

    Attributes:
        received_ms: time of the request, in milliseconds since 1970.
        is_synchronous: the response has the result of the validation.
    """

    def __init__(self, adobe: Adobe, call: Call, *, in_batch: bool) -> None:
        self._adobe = adobe
        self.inlet_id = call.parameters["inlet"]
        self.received_ms = adobe.clock.milliseconds()
        connection = _connection(adobe, self.inlet_id)
        self._source_id: str = connection.document["auth"]["params"]["sourceId"]
        self._authenticated = _authenticate(adobe, connection, call)
        _check_request(call)
        self.is_synchronous = is_synchronous(adobe, call, self.inlet_id, in_batch=in_batch)
        flow_id = call.headers.get("x-adobe-flow-id") or call.first("x-adobe-flow-id")
        self._inspector = Inspector(adobe, connection, flow_id, in_batch=in_batch)
        self._headers = {k: v for k, v in call.headers.items() if k != "authorization"}

    def check(self, element: Element) -> Accepted | Failure:
        """Check one message. Raises RefusedError if it fails the whole request."""
        poison = self._adobe.faults.poison_in(element.content)
        if poison is None:
            try:
                return self._inspector.inspect(element.value)
            except UnfitMessageError as exc:
                return Failure(400, str(exc))
        if poison.whole_request:
            raise problem(poison.status, BAD_FORMAT, "A message could not be processed")
        return Failure(poison.status, "The message could not be processed")

    def record(
        self, element: Element, verdict: Accepted | Failure, xaction_id: str, batch_id: str | None
    ) -> None:
        """Record the result of one message."""
        ledger = self._adobe.ledger
        if isinstance(verdict, Failure):
            ledger.refuse(Refused(self.inlet_id, self.received_ms, verdict.status, verdict.message))
            return
        received = Received(
            inlet_id=self.inlet_id,
            flow_id=verdict.flow_id,
            xaction_id=xaction_id,
            received_ms=self.received_ms,
            batch_id=batch_id,
            content=element.content,
            headers=self._headers,
            authenticated=self._authenticated,
        )
        if verdict.lost is None:
            arrival = self.arrival(element, verdict, xaction_id)
            ledger.keep(received, self._adobe.lake.take(arrival))
        else:
            ledger.lose(received, verdict.lost)

    def arrival(self, element: Element, verdict: Accepted, xaction_id: str) -> Arrival:
        """What an accepted message is in the data lake."""
        adobe = self._adobe
        return Arrival(
            dataset_id=self._inspector.dataset_of(verdict.flow_id),
            received_ms=self.received_ms,
            content=element.content,
            check=verdict.check,
            flow_id=verdict.flow_id,
            added={
                "xactionId": xaction_id,
                "msgId": xaction_id,
                "msgVersion": "1.0",
                "originalTimestamp": self.received_ms,
                "sandboxId": adobe.sandbox_id,
                "sandboxName": adobe.tenant.sandbox,
                "sourceName": self._source_id,
                "_dcsMeta": {
                    "inletId": self.inlet_id,
                    "authenticatedRequest": self._authenticated,
                    "debug": False,
                },
                "_dcvsMeta": {"processingTimestamp": self.received_ms},
            },
            is_enveloped=verdict.is_enveloped,
            fault=verdict.fault,
        )


def _connection(adobe: Adobe, inlet_id: str) -> Resource:
    connection = adobe.resources.connection_of_inlet(inlet_id)
    if connection is None:
        raise problem(404, "Inlet not found", f"[{inlet_id}] There is no such inlet")
    return connection


def _authenticate(adobe: Adobe, connection: Resource, call: Call) -> bool:
    """Whether the request has a valid token."""
    params = connection.document["auth"]["params"]
    authorization = call.headers.get("authorization")
    authenticated = adobe.ims.accepts(authorization)
    if params["authenticationRequired"] and not authenticated:
        fault = "invalid" if authorization else "empty"
        raise unauthorized(params["inletId"], f"Ims service token is {fault}")
    return authenticated


def _check_request(call: Call) -> None:
    content_type = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != "application/json":
        raise problem(415, "Unsupported media type", "The content type must be application/json")
    if len(call.body) > MAX_BYTES:
        raise RefusedError(Response(413))
