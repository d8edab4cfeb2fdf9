"""Small stand-ins for the ports, with behaviour; the contract tests hold them to the real ones."""

import json
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bridge.delivery.answers import InletAnswer
from bridge.delivery.delivery import Delivery
from bridge.delivery.record import Claim, State
from bridge.errors import AdobeError, UnavailableError

NOON = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


@dataclass
class FakeClock:
    """A clock that stands still until it is told."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class FakeParameters:
    """Parameters in a dictionary; `reads` counts the calls that read."""

    values: dict[str, str] = field(default_factory=dict)
    down: bool = False
    reads: int = 0

    def get(self, names: Sequence[str]) -> dict[str, str]:
        self._answer()
        return {name: self.values[name] for name in names if name in self.values}

    def under(self, path: str) -> dict[str, str]:
        self._answer()
        prefix = path.rstrip("/") + "/"
        return {name: value for name, value in self.values.items() if name.startswith(prefix)}

    def put(self, name: str, value: str) -> None:
        self._answer()
        self.values[name] = value

    def delete(self, names: Iterable[str]) -> None:
        self._answer()
        for name in names:
            self.values.pop(name, None)

    def _answer(self) -> None:
        self.reads += 1
        if self.down:
            raise UnavailableError("SSM cannot be read: pretended")


@dataclass
class FakeTokens:
    """Hands out token-1, token-2 and so on."""

    number: int = 1
    down: bool = False

    def current(self) -> str:
        if self.down:
            raise AdobeError("IMS answered 503; try again later", status=503, retryable=True)
        return f"token-{self.number}"

    def renew(self, stale: str) -> str:
        if stale == f"token-{self.number}":
            self.number += 1
        return self.current()


@dataclass
class FakeTokenStore:
    """A shared token in memory, for threads that stand for environments of their own."""

    text: str | None = None
    down: bool = False
    minting: threading.Lock = field(default_factory=threading.Lock)

    def read(self) -> str | None:
        self._answer()
        return self.text

    def write(self, text: str) -> None:
        self._answer()
        self.text = text

    def lock(self) -> bool:
        self._answer()
        return self.minting.acquire(blocking=False)

    def unlock(self) -> None:
        self.minting.release()

    def forget(self) -> None:
        self._answer()
        self.text = None

    def _answer(self) -> None:
        if self.down:
            raise UnavailableError("the shared token cannot be read: pretended")


def taken(xaction_id: str = "1:2:3") -> InletAnswer:
    """The inlet's answer to one message."""
    body = {"inletId": "a" * 64, "xactionId": xaction_id, "receivedTimeMs": 1}
    return InletAnswer(200, {}, json.dumps(body).encode())


def items(*responses: object) -> InletAnswer:
    """The inlet's answer to a batch."""
    body = {"inletId": "a" * 64, "batchId": "1:2:3", "responses": responses}
    return InletAnswer(207, {}, json.dumps(body).encode())


@dataclass
class FakeInlet:
    """Gives the answers one after another and keeps what it was sent."""

    answers: list[InletAnswer] = field(default_factory=list)
    requests: list[tuple[str, Mapping[str, str], bytes]] = field(default_factory=list)

    def send(self, url: str, headers: Mapping[str, str], content: bytes) -> InletAnswer:
        self.requests.append((url, headers, content))
        return self.answers.pop(0)


@dataclass
class FakeBuffer:
    """Keeps deliveries with their delay."""

    down: bool = False
    kept: list[tuple[Delivery, timedelta]] = field(default_factory=list)

    def put(self, delivery: Delivery, delay: timedelta) -> None:
        if self.down:
            raise UnavailableError("the buffer cannot be written: pretended")
        self.kept.append((delivery, delay))


@dataclass
class FakeDeadLetters:
    """Keeps dead letters with their reason."""

    down: bool = False
    kept: list[tuple[str, str]] = field(default_factory=list)

    def put(self, delivery: str, reason: str) -> None:
        if self.down:
            raise UnavailableError("the dead-letter queue cannot be written: pretended")
        self.kept.append((delivery, reason))


@dataclass
class FakeDeliveries:
    """The deliveries table in a dictionary."""

    clock: FakeClock
    down: bool = False
    records: dict[tuple[str, str], tuple[State, datetime, str]] = field(default_factory=dict)

    def claim(self, source: str, delivery_id: str, until: datetime) -> Claim:
        self._answer()
        state, held_until, xaction_id = self.records.get(
            (source, delivery_id), (State.NEW, self.clock(), "")
        )
        given_up = state is State.CLAIMED and held_until < self.clock()
        if state in {State.NEW, State.DEAD} or given_up:
            self.records[source, delivery_id] = (State.CLAIMED, until, "")
            return Claim(State.NEW)
        return Claim(state, xaction_id)

    def buffered(self, source: str, delivery_id: str) -> None:
        self._answer()
        if self.state(source, delivery_id) is State.CLAIMED:
            self.records[source, delivery_id] = (State.BUFFERED, self.clock(), "")

    def delivered(self, source: str, delivery_id: str, flow_id: str, xaction_id: str) -> None:
        self._answer()
        self.records[source, delivery_id] = (State.DELIVERED, self.clock(), xaction_id)

    def dead(self, source: str, delivery_id: str, reason: str) -> None:
        self._answer()
        self.records[source, delivery_id] = (State.DEAD, self.clock(), "")

    def release(self, source: str, delivery_id: str) -> None:
        self._answer()
        if self.state(source, delivery_id) is State.CLAIMED:
            del self.records[source, delivery_id]

    def state(self, source: str, delivery_id: str) -> State:
        """What the record says; NEW when there is none."""
        return self.records.get((source, delivery_id), (State.NEW, self.clock(), ""))[0]

    def _answer(self) -> None:
        if self.down:
            raise UnavailableError("the deliveries table does not answer: pretended")
