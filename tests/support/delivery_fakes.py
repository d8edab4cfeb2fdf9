"""A deliveries table in memory."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bridge.delivery.claim import Claim
from bridge.delivery.dead_letter import DeadLetterInfo
from bridge.delivery.delivery import Delivery
from bridge.delivery.record import ACCEPTED, DONE, Key, Record, State, key_of
from bridge.errors import UnavailableError
from tests.support.fakes import FakeClock


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

    def claim_filtered(self, delivery: Delivery, until: datetime) -> Claim:
        return self._put(delivery, State.CLAIMED, until, State.FILTERED)

    def filtered(self, delivery: Delivery) -> Claim:
        return self._put(delivery, State.FILTERED, self.clock())

    def split(self, delivery: Delivery, parts: int) -> None:
        self._answer()
        self._set(delivery, State.SPLIT if parts else State.FILTERED, reason=f"{parts} parts")

    def _put(
        self, delivery: Delivery, state: State, until: datetime, claimable: State = State.DEAD
    ) -> Claim:
        self._answer()
        former = self.records.get(key_of(delivery))
        if former is None or former.state is claimable or self._given_up(former):
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
