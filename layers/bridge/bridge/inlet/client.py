"""Send messages to an inlet, alone or in batches, and return the outcome of each."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from http import HTTPStatus
from itertools import chain, islice, starmap
from typing import NamedTuple

from bridge.delivery.counts import Measure
from bridge.delivery.outcomes import (
    INDETERMINATE,
    Dead,
    Indeterminate,
    Outcome,
    Retry,
    SingleOutcome,
)
from bridge.inlet.batching import MAX_BATCH_BYTES, pack
from bridge.inlet.requests import InletRequests
from bridge.inlet.responses import may_be_one_message, read_batch, read_single
from bridge.messages.envelope import batch_content, envelope_bytes, single_message
from bridge.ports.adobe import InletResponse
from bridge.ports.aws import Counts
from bridge.ports.process import Clock, Concurrently
from bridge.sources.connection import Connection, Destination, Flow
from bridge.telemetry import log_unforeseen

# A tuple: `Retry | Dead` in a loop makes a union for each message.
_NOT_ACCEPTED = (Retry, Dead)
# Responses that report each message separately.
_PER_MESSAGE = frozenset({HTTPStatus.OK, HTTPStatus.MULTI_STATUS})


class _Batch(NamedTuple):
    """The messages of one request."""

    destination: Destination
    bodies: Sequence[bytes]


def sequentially[T, R](function: Callable[[T], R], items: Sequence[T]) -> list[R]:
    """Implement the port `Concurrently` without threads."""
    return list(map(function, items))


class InletSender:
    """Sends messages.

    No method raises: a message that cannot be sent is a `Retry` with its reason. So is an
    unforeseen exception, because the outcomes of the other messages must still be recorded; the
    message may then be sent twice.

    Args:
        requests: makes the HTTP requests.
        clock: resolves a `Retry-After` that is a date.
        counts: counts rejected messages.
        concurrently: sends several batches at the same time.
    """

    def __init__(
        self,
        requests: InletRequests,
        clock: Clock,
        counts: Counts,
        concurrently: Concurrently = sequentially,
    ) -> None:
        self._requests = requests
        self._clock = clock
        self._counts = counts
        self._concurrently = concurrently

    def send_one(self, connection: Connection, flow: Flow, body: bytes) -> SingleOutcome:
        """Send one message in a request of its own."""
        try:
            content = single_message(connection, flow, body)
            response = self._requests.post(connection.inlet_url, connection, flow, content, 1)
            if isinstance(response, Retry):
                return response
            outcome = read_single(response, self._clock())
            if isinstance(outcome, Dead):
                self._counts.measure(connection.name, Measure.MESSAGES_REFUSED, 1)
        except Exception as exc:  # noqa: BLE001 (the message is sent again)
            return Retry(log_unforeseen(exc, connection=connection.name))
        return outcome

    def send_many(
        self, loads: Iterable[tuple[Destination, Sequence[bytes]]]
    ) -> list[list[SingleOutcome]]:
        """Send messages in batches; one whose outcome is indeterminate is sent again, alone.

        Args:
            loads: destinations with their messages.

        Returns:
            For each load, the outcomes in the order of its messages.
        """
        loads = list(loads)
        batches = list(chain.from_iterable(starmap(_batches, loads)))
        outcomes = chain.from_iterable(self._concurrently(self._send_batch, batches))
        return [list(islice(outcomes, len(bodies))) for _, bodies in loads]

    def _send_batch(self, batch: _Batch) -> list[SingleOutcome]:
        destination, bodies = batch
        connection, flow = destination.connection, destination.flow
        try:
            outcomes = self._outcomes(destination, bodies)
        except Exception as exc:  # noqa: BLE001 (the message is sent again)
            return [Retry(log_unforeseen(exc, connection=connection.name))] * len(bodies)
        return [
            self.send_one(connection, flow, body) if isinstance(outcome, Indeterminate) else outcome
            for body, outcome in zip(bodies, outcomes, strict=True)
        ]

    def _outcomes(self, destination: Destination, bodies: Sequence[bytes]) -> Sequence[Outcome]:
        # A message that exceeds the size of a batch is the only one in it.
        if _overhead(destination) + len(bodies[0]) > MAX_BATCH_BYTES:
            return [INDETERMINATE]
        return self._read_or_bisect(destination, bodies, self._post_batch(destination, bodies))

    def _read_or_bisect(
        self, destination: Destination, bodies: Sequence[bytes], response: InletResponse | Retry
    ) -> Sequence[Outcome]:
        """Return the outcomes of a batch; one that is rejected as a whole is sent in halves.

        A 500 for both halves is an outage rather than one invalid message: then all messages are
        postponed without further requests.
        """
        if isinstance(response, Retry):
            return [response] * len(bodies)
        if len(bodies) == 1 or not may_be_one_message(response):
            return self._read(destination, bodies, response)
        middle = len(bodies) // 2
        halves = bodies[:middle], bodies[middle:]
        responses = [self._post_batch(destination, half) for half in halves]
        if _failed(response) and all(map(_failed, responses)):
            return self._read(destination, bodies, response)
        return [
            outcome
            for half, half_response in zip(halves, responses, strict=True)
            for outcome in self._read_or_bisect(destination, half, half_response)
        ]

    def _read(
        self, destination: Destination, bodies: Sequence[bytes], response: InletResponse
    ) -> Sequence[Outcome]:
        name = destination.connection.name
        try:
            outcomes = read_batch(response, len(bodies), self._clock())
            rejected = len([outcome for outcome in outcomes if isinstance(outcome, _NOT_ACCEPTED)])
            if rejected and response.status in _PER_MESSAGE:
                self._counts.measure(name, Measure.MESSAGES_REFUSED, rejected)
        except Exception as exc:  # noqa: BLE001 (the message is sent again)
            return [Retry(log_unforeseen(exc, connection=name))] * len(bodies)
        return outcomes

    def _post_batch(
        self, destination: Destination, bodies: Sequence[bytes]
    ) -> InletResponse | Retry:
        connection, flow = destination.connection, destination.flow
        try:
            content = batch_content(connection, flow, bodies)
            # `/collection/batch/{inletId}`
            url = connection.inlet_url.replace("/collection/", "/collection/batch/", 1)
            return self._requests.post(url, connection, flow, content, len(bodies))
        except Exception as exc:  # noqa: BLE001 (the message is sent again)
            return Retry(log_unforeseen(exc, connection=connection.name))


def _batches(destination: Destination, bodies: Sequence[bytes]) -> Iterator[_Batch]:
    overhead = _overhead(destination)
    for batch in pack(bodies, lambda body: overhead + len(body)):
        yield _Batch(destination, batch)


def _overhead(destination: Destination) -> int:
    return envelope_bytes(destination.connection, destination.flow)


def _failed(response: InletResponse | Retry) -> bool:
    return (
        isinstance(response, InletResponse) and response.status == HTTPStatus.INTERNAL_SERVER_ERROR
    )
