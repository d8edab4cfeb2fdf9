"""Sending to an inlet: one message or many, and what became of each."""

from collections.abc import Sequence

from bridge.delivery.answers import (
    InletAnswer,
    Retry,
    SingleOutcome,
    Unknown,
    read_batch,
    read_single,
    token_refused,
)
from bridge.delivery.packing import MAX_BATCH_BYTES, pack
from bridge.errors import AdobeError, UnavailableError
from bridge.messages.envelope import batch_content, batch_message, single_message
from bridge.messages.request import batch_url, request_headers, single_url
from bridge.ports import Clock, Inlet, Tokens
from bridge.source import Connection, Flow


class InletSender:
    """Sends messages, with a token where the connection asks for one.

    No method raises: what keeps a message from being sent is a `Retry` with its reason.
    """

    def __init__(self, inlet: Inlet, tokens: Tokens, clock: Clock) -> None:
        self._inlet = inlet
        self._tokens = tokens
        self._clock = clock

    def send_one(self, connection: Connection, flow: Flow, body: bytes) -> SingleOutcome:
        """Send one message, once."""
        content = single_message(connection, flow, body)
        answer = self._post(single_url(connection), connection, flow, content)
        if isinstance(answer, Retry):
            return answer
        return read_single(answer, self._clock())

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
    ) -> Sequence[SingleOutcome | Unknown]:
        if len(messages[0]) > MAX_BATCH_BYTES:  # Such a message comes alone.
            return [Unknown()]
        answer = self._post(batch_url(connection), connection, flow, batch_content(messages))
        if isinstance(answer, Retry):
            return [answer] * len(messages)
        return read_batch(answer, len(messages), self._clock())

    def _post(
        self, url: str, connection: Connection, flow: Flow, content: bytes
    ) -> InletAnswer | Retry:
        """POST, and once more with another token where the first is refused."""
        try:
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
