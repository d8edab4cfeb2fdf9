"""Send deliveries again: open their records, then put their messages in the buffer."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from bridge.delivery.delivery import Delivery
from bridge.delivery.record import Key, key_of
from bridge.errors import UnavailableError
from bridge.ports.aws import Buffer
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.replay.outcomes import Outcome, Tally
from inlet_bridge.operations.replay.policy import SeenRecord
from inlet_bridge.operations.replay.rate_limiter import RateLimiter

# How often a record that changes while it is opened is read again.
_ATTEMPTS: Final = 3


class OpenRecords(Protocol):
    """Records that can be opened again; see `reopening.Reopening`."""

    def read(self, keys: Iterable[Key]) -> dict[Key, SeenRecord]:
        """The records that exist, as they are now."""

    def reopen(
        self, deliveries: Sequence[Delivery], seen: Mapping[Key, SeenRecord], now: datetime
    ) -> list[bool]:
        """Record deliveries as buffered; False for those whose record has changed."""


type Decide = Callable[[SeenRecord | None, Delivery, datetime], Outcome]


def again(delivery: Delivery, now: datetime) -> Delivery:
    """The delivery for a new message: its retry period restarts.

    It counts as sent before, so the forwarder reserves its attempt, and of several messages of the
    delivery it sends one.
    """
    return delivery._replace(buffered_at=now, attempts=0, not_before=None, sends=delivery.sends + 1)


@dataclass(frozen=True, slots=True)
class Sending:
    """Sends deliveries again at a rate.

    A process that ends after a record is open and before its message is in the buffer leaves that
    to the next run, which finds the record open with the ID of a replay.

    Attributes:
        records, buffer: of the deployment.
        run_id: of the run, which is recorded.
        decide: whether a delivery may be sent, by its record.
        dry_run: changes nothing.
    """

    records: OpenRecords
    buffer: Buffer
    run_id: str
    decide: Decide
    rate_limiter: RateLimiter
    dry_run: bool = False
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    def send(self, deliveries: Sequence[Delivery], tally: Tally) -> None:
        """Send deliveries with different keys, and count their outcomes.

        Raises:
            OperationError: the buffer cannot be written.
            ClientError, BotoCoreError: the table cannot be read or written.
        """
        left = list(deliveries)
        for _ in range(_ATTEMPTS):
            seen = self.records.read(map(key_of, left))
            wanted = self._decided(left, seen, tally)
            if self.dry_run:
                tally.count(Outcome.SENT, times=len(wanted))
                return
            if not wanted:
                return
            self.rate_limiter.wait(len(wanted))
            now = self.clock()
            messages = [again(each, now)._replace(replay=self.run_id) for each in wanted]
            opened = self.records.reopen(messages, seen, now)
            self._put([each for each, ok in zip(messages, opened, strict=True) if ok])
            tally.count(Outcome.SENT, times=sum(opened))
            left = [each for each, ok in zip(wanted, opened, strict=True) if not ok]
        tally.count(Outcome.CHANGED, times=len(left))

    def _decided(
        self, deliveries: Sequence[Delivery], seen: Mapping[Key, SeenRecord], tally: Tally
    ) -> list[Delivery]:
        """The deliveries that may be sent; the others are counted."""
        now, wanted = self.clock(), []
        for delivery in deliveries:
            outcome = self.decide(seen.get(key_of(delivery)), delivery, now)
            if outcome is Outcome.SENT:
                wanted.append(delivery)
            else:
                tally.count(outcome)
        return wanted

    def _put(self, messages: Sequence[Delivery]) -> None:
        try:
            self.buffer.put_all(messages, timedelta(0))
        except UnavailableError as exc:
            raise OperationError(
                str(exc), hint="Replay it again: what is recorded as buffered is sent then."
            ) from exc
