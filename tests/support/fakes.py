"""Fakes of the ports; contract tests run against them and the real adapters."""

import json
import threading
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bridge.delivery.counts import Count, Measure
from bridge.delivery.dead_letter import DeadLetterInfo
from bridge.delivery.delivery import Delivery
from bridge.errors import AdobeError, UnavailableError
from bridge.ports.adobe import InletResponse

NOON = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


@dataclass
class FakeClock:
    """A clock that only `advance` moves."""

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

    def names_in(self, path: str) -> set[str]:
        self._answer()
        below = (name.removeprefix(f"{path}/") for name in self.values if name.startswith(path))
        return {name for name in below if "/" not in name}

    def put(self, name: str, value: str) -> None:
        self._answer()
        self.values[name] = value

    def keep(self, name: str, value: str) -> bool:
        self._answer()
        if name in self.values:
            return False
        self.values[name] = value
        return True

    def replace(self, name: str, value: str) -> None:
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


def taken(xaction_id: str = "1:2:3") -> InletResponse:
    """Return the inlet's response to one message."""
    body = {"inletId": "a" * 64, "xactionId": xaction_id, "receivedTimeMs": 1}
    return InletResponse(200, {}, json.dumps(body).encode())


def items(*responses: object) -> InletResponse:
    """Return the inlet's response to a batch."""
    body = {"inletId": "a" * 64, "batchId": "1:2:3", "responses": responses}
    return InletResponse(207, {}, json.dumps(body).encode())


@dataclass
class FakeInlet:
    """Returns the responses in order and records the requests."""

    answers: list[InletResponse] = field(default_factory=list)
    requests: list[tuple[str, Mapping[str, str], bytes]] = field(default_factory=list)

    def send(self, url: str, headers: Mapping[str, str], content: bytes) -> InletResponse:
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

    def put_all(self, deliveries: Sequence[Delivery], delay: timedelta) -> None:
        for delivery in deliveries:
            self.put(delivery, delay)

    def put_each(self, deliveries: Sequence[tuple[Delivery, timedelta]]) -> Collection[int]:
        if self.down:
            return range(len(deliveries))
        self.kept += deliveries
        return ()


@dataclass
class FakeDeadLetters:
    """Keeps dead letters with their metadata."""

    down: bool = False
    kept: list[tuple[str, DeadLetterInfo]] = field(default_factory=list)

    def put(self, text: str, info: DeadLetterInfo) -> None:
        if self.down:
            raise UnavailableError("the dead-letter queue cannot be written: pretended")
        self.kept.append((text, info))


@dataclass
class FakeCounts:
    """Counts by source and name."""

    counted: Counter[tuple[str, Count]] = field(default_factory=Counter)
    values: list[tuple[Measure, int]] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)
    ages: list[timedelta] = field(default_factory=list)

    def latency(self, connection: str, seconds: float) -> None:
        self.latencies.append(seconds)

    def waiting(self, age: timedelta) -> None:
        self.ages.append(age)

    @property
    def measured(self) -> Counter[Measure]:
        """How often each was measured."""
        return Counter(name for name, _ in self.values)

    def measure(self, connection: str, name: Measure, number: int) -> None:
        self.values.append((name, number))

    def count(self, source: str, *names: Count) -> None:
        self.counted.update((source, name) for name in names)

    def total(self, name: Count) -> int:
        """Over all sources."""
        return sum(times for (_, of), times in self.counted.items() if of is name)
