"""Sending to an inlet: one message or many, and what became of each."""

from collections.abc import Sequence
from http import HTTPStatus

from bridge.delivery.answers import (
    InletAnswer,
    one_may_be_the_cause,
    read_batch,
    read_single,
)
from bridge.delivery.counts import Measure
from bridge.delivery.outcomes import Dead, Outcome, Retry, SingleOutcome, Unknown
from bridge.delivery.packing import MAX_BATCH_BYTES, pack
from bridge.messages.envelope import batch_content, batch_message, single_message
from bridge.messages.request import batch_url, single_url
from bridge.ports import Clock, Counts
from bridge.requesting import InletRequests
from bridge.source import Connection, Flow

# Such an answer tells of each message by itself.
_ITEM_BY_ITEM = frozenset({HTTPStatus.OK, HTTPStatus.MULTI_STATUS})


class InletSender:
    """Sends messages, with a token where the connection asks for one.

    No method raises: what keeps a message from being sent is a `Retry` with its reason.
    """

    def __init__(self, requests: InletRequests, clock: Clock, counts: Counts) -> None:
        self._requests = requests
        self._clock = clock
        self._counts = counts

    def send_one(self, connection: Connection, flow: Flow, body: bytes) -> SingleOutcome:
        """Send one message, once."""
        content = single_message(connection, flow, body)
        answer = self._requests.post(single_url(connection), connection, flow, content, 1)
        if isinstance(answer, Retry):
            return answer
        outcome = read_single(answer, self._clock())
        if isinstance(outcome, Dead):
            self._counts.measure(connection.name, Measure.MESSAGES_REFUSED, 1)
        return outcome

    def send_many(
        self, connection: Connection, flow: Flow, bodies: Sequence[bytes]
    ) -> list[SingleOutcome]:
        """Send messages in batches; one whose fate a batch does not tell goes once more, alone.

        The outcomes come in the order of the bodies.
        """
        messages = [(body, batch_message(connection, flow, body)) for body in bodies]
        outcomes: list[SingleOutcome] = []
        for batch in pack(messages, lambda message: len(message[1])):
            contents = [content for _, content in batch]
            fates = self._send_batch(connection, flow, contents)
            for (body, _), outcome in zip(batch, fates, strict=True):
                if isinstance(outcome, Unknown):
                    outcomes.append(self.send_one(connection, flow, body))
                else:
                    outcomes.append(outcome)
        return outcomes

    def _send_batch(
        self, connection: Connection, flow: Flow, messages: Sequence[bytes]
    ) -> Sequence[Outcome]:
        if len(messages[0]) > MAX_BATCH_BYTES:  # Such a message comes alone.
            return [Unknown()]
        answer = self._post_batch(connection, flow, messages)
        return self._read_or_halve(connection, flow, messages, answer)

    def _read_or_halve(
        self,
        connection: Connection,
        flow: Flow,
        messages: Sequence[bytes],
        answer: InletAnswer | Retry,
    ) -> Sequence[Outcome]:
        """What became of a batch; one that is refused as a whole is sent again in halves.

        A 500 of both halves is the inlet's trouble rather than a message's: then all are put
        off, so that an outage is not answered with more requests.
        """
        if isinstance(answer, Retry):
            return [answer] * len(messages)
        if len(messages) == 1 or not one_may_be_the_cause(answer):
            outcomes = read_batch(answer, len(messages), self._clock())
            refused = sum(isinstance(outcome, Retry | Dead) for outcome in outcomes)
            if refused and answer.status in _ITEM_BY_ITEM:
                self._counts.measure(connection.name, Measure.MESSAGES_REFUSED, refused)
            return outcomes
        middle = len(messages) // 2
        halves = messages[:middle], messages[middle:]
        answers = [self._post_batch(connection, flow, half) for half in halves]
        if _failed(answer) and all(map(_failed, answers)):
            return read_batch(answer, len(messages), self._clock())
        return [
            outcome
            for half, of_half in zip(halves, answers, strict=True)
            for outcome in self._read_or_halve(connection, flow, half, of_half)
        ]

    def _post_batch(
        self, connection: Connection, flow: Flow, messages: Sequence[bytes]
    ) -> InletAnswer | Retry:
        content = batch_content(messages)
        return self._requests.post(batch_url(connection), connection, flow, content, len(messages))


def _failed(answer: InletAnswer | Retry) -> bool:
    return isinstance(answer, InletAnswer) and answer.status == HTTPStatus.INTERNAL_SERVER_ERROR
