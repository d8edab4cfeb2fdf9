"""Kept webhooks, records, a buffer and a forwarder in memory, for replays."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from bridge.delivery.delivery import Delivery
from bridge.delivery.record import Key, State, key_of
from bridge.sources.source import Source
from inlet_bridge.operations.replay.policy import SeenRecord
from inlet_bridge.operations.replay.rate_limiter import RateLimiter
from inlet_bridge.operations.replay.replay import Replay, not_since
from inlet_bridge.operations.replay.routing import Routing
from inlet_bridge.operations.replay.run import Run, RunFiles, Selection, new_id
from inlet_bridge.operations.replay.sending import Sending
from tests.support import sample_webhooks as samples

START = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
BEGAN = START - timedelta(days=1)
LONG = START + timedelta(days=8)
NEVER = datetime.min.replace(tzinfo=UTC)


class KilledError(BaseException):
    """The process ends here: nothing may catch it."""


@dataclass
class VirtualClock:
    """A clock that advances while something sleeps."""

    seconds: float = 0.0

    def __call__(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.seconds += seconds


@dataclass
class ReplayBench:
    """What remains when a process ends.

    Attributes:
        sent: how often the inlet got the message of each key.
        put_at: when each message was put in the buffer, in seconds.
        kill: called before and after each step with its name; may raise KilledError.
    """

    folder: Path
    source: Source = field(default_factory=samples.source)
    webhooks: list[Delivery] = field(default_factory=list)
    records: dict[Key, SeenRecord] = field(default_factory=dict)
    queue: list[Delivery] = field(default_factory=list)
    sent: Counter[str] = field(default_factory=Counter)
    put_at: list[float] = field(default_factory=list)
    clock: VirtualClock = field(default_factory=VirtualClock)
    kill: Callable[[str], None] = field(default=lambda _: None)

    def receive(self, count: int) -> None:
        """Let webhooks have been received and delivered, a second apart."""
        for number in range(count):
            webhook = self.webhook(number)
            self.webhooks.append(webhook)
            self.records[key_of(webhook)] = seen(webhook, State.DELIVERED, delivered_at=BEGAN)

    @staticmethod
    def webhook(number: int) -> Delivery:
        at = BEGAN + timedelta(seconds=number)
        name = f"d-{number}"
        return Delivery("github", name, f"id:{name}", "issues", "", at, at, samples.BODY)

    # The kept bodies.
    def between(self, source: str, since: datetime, until: datetime) -> Iterator[Delivery]:
        return (
            each
            for each in self.webhooks
            if each.source == source and since <= each.received_at <= until
        )

    def count(self, source: str, since: datetime, until: datetime) -> int:
        return sum(1 for _ in self.between(source, since, until))

    def find(self, source: str, received_at: datetime, key: str) -> Delivery | None:
        found = (each for each in self.webhooks if (each.source, each.key) == (source, key))
        return next((each for each in found if each.received_at == received_at), None)

    # The records.
    def read(self, keys: Iterable[Key]) -> dict[Key, SeenRecord]:
        return {key: self.records[key] for key in keys if key in self.records}

    def reopen(
        self, deliveries: Sequence[Delivery], known: Mapping[Key, SeenRecord], now: datetime
    ) -> list[bool]:
        self.kill("before reopen")
        opened = []
        for each in deliveries:
            key = key_of(each)
            opened.append(self.records.get(key) == known.get(key))
            if opened[-1]:
                self.records[key] = seen(each, State.BUFFERED, replay=each.replay, replayed_at=now)
        self.kill("after reopen")
        return opened

    # The buffer.
    def put_all(self, deliveries: Sequence[Delivery], delay: timedelta) -> None:
        self.kill("before put")
        self.queue += deliveries
        self.put_at += [self.clock.seconds] * len(deliveries)
        self.kill("after put")

    # The forwarder.
    def forward(self) -> None:
        """Send what is in the buffer, each delivery once, and record it."""
        for message in self.queue:
            record = self.records.get(key_of(message))
            if record and record.state is not State.BUFFERED:
                continue
            assert message.sends > 0, "two messages of it could be sent at the same time"
            self.sent[message.key] += 1
            self.records[key_of(message)] = seen(
                message,
                State.DELIVERED,
                replay=record.replay if record else message.replay,
                delivered_at=self.clock(),
            )
        self.queue.clear()

    def run(self, rate: float = 1_000, **selection: Any) -> Run:
        chosen = Selection(**{"source": "github", **selection})
        return Run(new_id(self.clock()), "replay", "stack", chosen, rate)

    @property
    def files(self) -> RunFiles:
        return RunFiles(self.folder)

    def replay(self, run: Run, *, dry_run: bool = False) -> Replay:
        """A process that replays; `cast` since it needs no deployment."""
        rate_limiter = RateLimiter(run.rate, self.clock.monotonic, self.clock.sleep)
        sending = Sending(
            self,
            cast("Any", self),
            run.run_id,
            not_since(run),
            rate_limiter,
            dry_run=dry_run,
            clock=self.clock,
        )
        return Replay(
            cast("Any", None),
            run,
            self,
            Routing(self.source),
            sending,
            None if dry_run else self.files,
            self.clock.monotonic,
        )

    def finish(self, run: Run) -> Replay:
        """Replay to the end."""
        process = self.replay(run)
        for _ in process.steps():
            pass
        return process


def seen(delivery: Delivery, state: State, **others: Any) -> SeenRecord:
    """A record of a delivery."""
    record = SeenRecord(state, delivery.received_at, NEVER, LONG, "", NEVER, NEVER, {})
    return replace(record, **others)
