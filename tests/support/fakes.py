"""Fakes of the ports; contract tests run against them and the real adapters."""

import json
import threading
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bridge.delivery.counts import Count, Measure
from bridge.delivery.dead_letter import DeadLetterInfo
from bridge.delivery.delivery import Delivery
from bridge.delivery.record import ACCEPTED, DONE, Claim, Key, Record, State, key_of
from bridge.errors import AdobeError, InvalidSignatureError, UnavailableError
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
class FakePublishedKeys:
    """Documents by address; `asked` keeps what was asked for, and with what.

    Attributes:
        requested: documents by address and a value of the posted JSON; they precede `pages`.
    """

    pages: dict[str, bytes] = field(default_factory=dict)
    trusted: bytes = b""
    down: bool = False
    asked: list[tuple[str, bytes]] = field(default_factory=list)
    requested: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def get(self, url: str, *, posted: bytes = b"", renew: bool = False) -> bytes:
        self.asked.append((url, posted))
        if self.down:
            raise UnavailableError("the key cannot be fetched: pretended")
        for (address, value), page in self.requested.items():
            if address == url and value in json.loads(posted or b"{}").values():
                return page
        if url not in self.pages:
            raise InvalidSignatureError("there is no key: pretended")
        return self.pages[url]

    def authorities(self) -> bytes:
        return self.trusted


@dataclass
class FakeProviderSites(FakePublishedKeys):
    """Provider sites; `opened` records the confirmation URLs."""

    opened: list[str] = field(default_factory=list)
    askers: list[tuple[str, str]] = field(default_factory=list)

    def for_request(self, source: str, address: str) -> "FakeProviderSites":
        self.askers.append((source, address))
        return self

    def open(self, url: str) -> None:
        if self.down:
            raise UnavailableError("the address cannot be opened: pretended")
        self.opened.append(url)


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


@dataclass(frozen=True)
class FakeRecord:
    """One row of the deliveries table."""

    state: State
    received_at: datetime
    claimed_until: datetime
    xaction_id: str = ""
    reason: str = ""
    attempts: int = 0
    sending_until: datetime | None = None


@dataclass
class FakeDeliveries:
    """The deliveries table in a dictionary; also the port `Attempts`."""

    clock: FakeClock
    down: bool = False
    records: dict[Key, FakeRecord] = field(default_factory=dict)

    def claim(self, delivery: Delivery, until: datetime) -> Claim:
        return self._put(delivery, State.CLAIMED, until)

    def filtered(self, delivery: Delivery) -> Claim:
        return self._put(delivery, State.FILTERED, self.clock())

    def split(self, delivery: Delivery, parts: int) -> None:
        self._answer()
        self._set(delivery, State.SPLIT if parts else State.FILTERED, reason=f"{parts} parts")

    def _put(self, delivery: Delivery, state: State, until: datetime) -> Claim:
        self._answer()
        former = self.records.get(key_of(delivery))
        if former is None or former.state is State.DEAD or self._given_up(former):
            self.records[key_of(delivery)] = FakeRecord(state, delivery.received_at, until)
            return Claim(State.NEW)
        return Claim(former.state, former.xaction_id)

    def release(self, delivery: Delivery) -> None:
        self._answer()
        if self._is_ours(delivery):
            del self.records[key_of(delivery)]

    def find(self, deliveries: Iterable[Delivery]) -> Mapping[Key, Record]:
        self._answer()
        return {
            key: Record(record.state, record.received_at, record.claimed_until)
            for key in map(key_of, deliveries)
            if (record := self.records.get(key))
        }

    def buffered(self, delivery: Delivery, reason: str = "") -> None:
        self._answer()
        if self._is_ours(delivery):
            self._set(delivery, State.BUFFERED, reason=reason)

    def postponed(self, delivery: Delivery, reason: str, until: datetime, attempts: int) -> None:
        self._answer()
        self._set(delivery, State.BUFFERED, reason=reason, attempts=attempts)

    def delivered(self, delivery: Delivery, flow_id: str, xaction_id: str) -> None:
        self._answer()
        self._set(delivery, State.DELIVERED, xaction_id=xaction_id)

    def delivered_all(self, deliveries: Iterable[tuple[Delivery, str]], flow_id: str) -> None:
        self._answer()
        for delivery, xaction_id in deliveries:
            self.records[key_of(delivery)] = FakeRecord(
                State.DELIVERED, delivery.received_at, self.clock(), xaction_id
            )

    def dead(self, delivery: Delivery, info: DeadLetterInfo) -> None:
        self._answer()
        self._set(delivery, State.DEAD, reason=info.reason)

    def begin(self, delivery: Delivery, until: datetime) -> bool:
        self._answer()
        now = self.clock()
        former = self.records.get(key_of(delivery)) or FakeRecord(
            State.BUFFERED, delivery.received_at, now
        )
        if former.state in DONE or (former.sending_until and now <= former.sending_until):
            return False
        self.records[key_of(delivery)] = replace(former, sending_until=until)
        return True

    def state(self, source: str, delivery_id: str) -> State:
        """What the record says; NEW when there is none."""
        record = self.records.get((source, delivery_id))
        return record.state if record else State.NEW

    def _given_up(self, record: FakeRecord) -> bool:
        return record.state is State.CLAIMED and record.claimed_until < self.clock()

    def _is_ours(self, delivery: Delivery) -> bool:
        record = self.records.get(key_of(delivery))
        return (
            record is not None
            and record.state is State.CLAIMED
            and record.received_at == delivery.received_at
        )

    def _set(
        self,
        delivery: Delivery,
        state: State,
        *,
        xaction_id: str = "",
        reason: str = "",
        attempts: int = 0,
    ) -> None:
        former = self.records.get(key_of(delivery))
        if former is None or former.state not in ACCEPTED:
            self.records[key_of(delivery)] = FakeRecord(
                state, delivery.received_at, self.clock(), xaction_id, reason, attempts
            )

    def _answer(self) -> None:
        if self.down:
            raise UnavailableError("the deliveries table does not answer: pretended")
