"""Sending to an inlet: one message or many, and what became of each."""

from collections.abc import Callable, Sequence
from http import HTTPStatus

from bridge.delivery.answers import (
    InletAnswer,
    one_may_be_the_cause,
    read_batch,
    read_single,
    token_refused,
)
from bridge.delivery.outcomes import Outcome, Retry, SingleOutcome, Unknown
from bridge.delivery.packing import MAX_BATCH_BYTES, pack
from bridge.errors import AdobeError, UnavailableError
from bridge.messages.envelope import batch_content, batch_message, single_message
from bridge.messages.request import batch_url, request_headers, single_url
from bridge.ports import Clock, Inlet, Tokens
from bridge.source import Connection, Flow

type Pace = Callable[[int], None]
"""Waits until so many messages may go in one request. Raises UnavailableError for lack of time."""


class InletSender:
    """Sends messages, with a token where the connection asks for one.

    No method raises: what keeps a message from being sent is a `Retry` with its reason.
    """

    def __init__(
        self, inlet: Inlet, tokens: Tokens, clock: Clock, pace: Pace = lambda _count: None
    ) -> None:
        self._inlet = inlet
        self._tokens = tokens
        self._clock = clock
        self._pace = pace

    def send_one(self, connection: Connection, flow: Flow, body: bytes) -> SingleOutcome:
        """Send one message, once."""
        content = single_message(connection, flow, body)
        answer = self._post(single_url(connection), connection, flow, content, 1)
        return answer if isinstance(answer, Retry) else read_single(answer, self._clock())

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
            return read_batch(answer, len(messages), self._clock())
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
        return self._post(batch_url(connection), connection, flow, content, len(messages))

    def _post(
        self, url: str, connection: Connection, flow: Flow, content: bytes, count: int
    ) -> InletAnswer | Retry:
        """POST, and once more with another token where the first is refused."""
        try:
            self._pace(count)
            if not connection.authenticated:
                return self._inlet.send(url, request_headers(connection, flow, None), content)
            token = self._tokens.current()
            answer = self._inlet.send(url, request_headers(connection, flow, token), content)
            if token_refused(answer):
                token = self._tokens.renew(token)
                answer = self._inlet.send(url, request_headers(connection, flow, token), content)
        except (AdobeError, UnavailableError) as exc:
            return Retry(str(exc))
        return answer


def _failed(answer: InletAnswer | Retry) -> bool:
    return isinstance(answer, InletAnswer) and answer.status == HTTPStatus.INTERNAL_SERVER_ERROR
