"""Sending to an inlet: one message or many, and what became of each."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from http import HTTPStatus
from itertools import chain, islice, starmap
from typing import NamedTuple

from bridge.delivery.counts import Measure
from bridge.delivery.outcomes import Dead, Indeterminate, Outcome, Retry, SingleOutcome
from bridge.inlet.batching import MAX_BATCH_BYTES, pack
from bridge.inlet.destination import batch_url, single_url
from bridge.inlet.requests import InletRequests
from bridge.inlet.responses import may_be_one_message, read_batch, read_single
from bridge.messages.envelope import batch_content, envelope_bytes, single_message
from bridge.ports.adobe import InletResponse
from bridge.ports.aws import Counts
from bridge.ports.process import Clock, Concurrently
from bridge.sources.source import Connection, Destination, Flow
from bridge.telemetry import log_unforeseen

# Such an answer tells of each message by itself.
_ITEM_BY_ITEM = frozenset({HTTPStatus.OK, HTTPStatus.MULTI_STATUS})


class _Batch(NamedTuple):
    """What goes in one request."""

    destination: Destination
    bodies: Sequence[bytes]


def sequentially[T, R](do: Callable[[T], R], things: Sequence[T]) -> list[R]:
    """The port `Concurrently` where nothing has to be fast."""
    return list(map(do, things))


class InletSender:
    """Sends messages, with a token where the connection asks for one.

    No method raises: what keeps a message from being sent is a `Retry` with its reason. So is a
    bug, since what was sent before and beside must be recorded; the message may then be sent twice.

    Args:
        requests: to the inlets.
        clock: tells how long `Retry-After` is when it is a date.
        counts: are told of refused messages.
        at_once: sends several batches at the same time.
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
        self._at_once = concurrently

    def send_one(self, connection: Connection, flow: Flow, body: bytes) -> SingleOutcome:
        """Send one message, once."""
        try:
            content = single_message(connection, flow, body)
            answer = self._requests.post(single_url(connection), connection, flow, content, 1)
            if isinstance(answer, Retry):
                return answer
            outcome = read_single(answer, self._clock())
            if isinstance(outcome, Dead):
                self._counts.measure(connection.name, Measure.MESSAGES_REFUSED, 1)
        except Exception as exc:  # noqa: BLE001
            return Retry(log_unforeseen(exc, connection=connection.name))
        return outcome

    def send_many(
        self, loads: Iterable[tuple[Destination, Sequence[bytes]]]
    ) -> list[list[SingleOutcome]]:
        """Send messages in batches; one whose fate a batch does not tell goes once more, alone.

        Args:
            loads: destinations with the bodies that go there.

        Returns:
            For each load the outcomes in the order of its bodies.
        """
        loads = list(loads)
        batches = list(chain.from_iterable(starmap(_batches, loads)))
        outcomes = chain.from_iterable(self._at_once(self._send_batch, batches))
        return [list(islice(outcomes, len(bodies))) for _, bodies in loads]

    def _send_batch(self, batch: _Batch) -> list[SingleOutcome]:
        destination, bodies = batch
        connection, flow = destination.connection, destination.flow
        try:
            fates = self._fates(destination, bodies)
        except Exception as exc:  # noqa: BLE001
            return [Retry(log_unforeseen(exc, connection=connection.name))] * len(bodies)
        return [
            self.send_one(connection, flow, body) if isinstance(outcome, Indeterminate) else outcome
            for body, outcome in zip(bodies, fates, strict=True)
        ]

    def _fates(self, destination: Destination, bodies: Sequence[bytes]) -> Sequence[Outcome]:
        if _bytes_around(destination) + len(bodies[0]) > MAX_BATCH_BYTES:  # Such a one comes alone.
            return [Indeterminate()]
        return self._read_or_halve(destination, bodies, self._post_batch(destination, bodies))

    def _read_or_halve(
        self, destination: Destination, bodies: Sequence[bytes], answer: InletResponse | Retry
    ) -> Sequence[Outcome]:
        """What became of a batch; one that is refused as a whole is sent again in halves.

        A 500 of both halves is the inlet's trouble rather than a message's: then all are put
        off, so that an outage is not answered with more requests.
        """
        if isinstance(answer, Retry):
            return [answer] * len(bodies)
        if len(bodies) == 1 or not may_be_one_message(answer):
            return self._read(destination, bodies, answer)
        middle = len(bodies) // 2
        halves = bodies[:middle], bodies[middle:]
        answers = [self._post_batch(destination, half) for half in halves]
        if _failed(answer) and all(map(_failed, answers)):
            return self._read(destination, bodies, answer)
        return [
            outcome
            for half, of_half in zip(halves, answers, strict=True)
            for outcome in self._read_or_halve(destination, half, of_half)
        ]

    def _read(
        self, destination: Destination, bodies: Sequence[bytes], answer: InletResponse
    ) -> Sequence[Outcome]:
        name = destination.connection.name
        try:
            outcomes = read_batch(answer, len(bodies), self._clock())
            refused = sum(isinstance(outcome, Retry | Dead) for outcome in outcomes)
            if refused and answer.status in _ITEM_BY_ITEM:
                self._counts.measure(name, Measure.MESSAGES_REFUSED, refused)
        except Exception as exc:  # noqa: BLE001
            return [Retry(log_unforeseen(exc, connection=name))] * len(bodies)
        return outcomes

    def _post_batch(
        self, destination: Destination, bodies: Sequence[bytes]
    ) -> InletResponse | Retry:
        connection, flow = destination.connection, destination.flow
        try:
            content = batch_content(connection, flow, bodies)
            url = batch_url(connection)
            return self._requests.post(url, connection, flow, content, len(bodies))
        except Exception as exc:  # noqa: BLE001
            return Retry(log_unforeseen(exc, connection=connection.name))


def _batches(destination: Destination, bodies: Sequence[bytes]) -> Iterator[_Batch]:
    around = _bytes_around(destination)
    for some in pack(bodies, lambda body: around + len(body)):
        yield _Batch(destination, some)


def _bytes_around(destination: Destination) -> int:
    return envelope_bytes(destination.connection, destination.flow)


def _failed(answer: InletResponse | Retry) -> bool:
    return isinstance(answer, InletResponse) and answer.status == HTTPStatus.INTERNAL_SERVER_ERROR
