"""A simulated day: senders, a bridge whose processes are killed, Adobe with injected faults."""

import heapq
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from adobe_emulator.emulator import Adobe
from bridge.deadline import Deadline
from bridge.delivery.dead_letter import DeadLetterInfo
from bridge.delivery.delivery import Delivery
from bridge.delivery.queued_message import QueuedMessage
from bridge.errors import UnavailableError
from bridge.forwarding.forwarder import Forwarder
from bridge.forwarding.postponement import Postponer
from bridge.forwarding.resolution import Resolver
from bridge.forwarding.retry_policy import RetryPolicy
from bridge.forwarding.settlement import Settler
from bridge.inlet.client import InletSender
from bridge.inlet.requests import InletRequests
from bridge.receiving.gate import Gate
from bridge.receiving.intake import Intake
from bridge.receiving.receiver import Receipt, Receiver
from bridge.sources.cache import SourceCache
from bridge.sources.connection import Connection, Flow
from bridge.sources.route import Route, RouteTarget
from bridge.sources.source import Source
from bridge.verification.declaration import declare_scheme
from tests.chaos.adobe import FaultyInlet, FaultyTokens
from tests.chaos.aws import Aws, FaultyBuffer, FaultyDeadLetters, FaultyDeliveries, FaultyParameters
from tests.chaos.faults import Faults, KilledError
from tests.chaos.queue import Queue
from tests.chaos.senders import AUDIT, SECRETS, Event, retry_after
from tests.support.delivery_fakes import FakeDeliveries
from tests.support.fakes import FakeClock, FakeCounts, FakeParameters
from tests.support.provider_fakes import FakeProviderSites

RECEIVERS = 3
FORWARDERS = 2
VISIBILITY = timedelta(seconds=360)
BATCHING_WINDOW = timedelta(seconds=1)
MOST_RECEIVES = 1_000
GIVE_UP_AFTER = timedelta(hours=72)
_MAP = '{"_id": "delivery_id", "name": "body.name", "note": "body.note", "fill": "body.fill"}'
_AUDIT_MAP = '{"_id": "delivery_id", "name": "body.name", "note": "body.note", "audit": true}'
ROUTES = {
    "shopify": (Route((RouteTarget("shopify", _MAP), RouteTarget(AUDIT, _AUDIT_MAP))),),
    "slack": (Route((RouteTarget("slack"),), when="body.wanted"),),
}


@dataclass
class Simulation:
    """The state that survives a process, and the running processes."""

    adobe: Adobe
    clock: FakeClock
    chance: random.Random
    faults: Faults
    inlet: FaultyInlet
    queue: Queue
    table: FakeDeliveries
    parameters: FakeParameters = field(default_factory=FakeParameters)
    dead_letters: list[tuple[str, DeadLetterInfo]] = field(default_factory=list)
    counts: FakeCounts = field(default_factory=FakeCounts)
    acknowledged: dict[str, Event] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)
    unrecorded: list[bytes] = field(default_factory=list)
    killed: int = 0
    _receivers: list[Receiver | None] = field(default_factory=lambda: [None] * RECEIVERS)
    _forwarders: list[Forwarder | None] = field(default_factory=lambda: [None] * FORWARDERS)
    _agenda: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)
    _turns: Iterator[int] = field(default_factory=count)

    @classmethod
    def under(cls, adobe: Adobe, clock: FakeClock, seed: int) -> "Simulation":
        """Return a world without events."""
        chance = random.Random(seed)  # noqa: S311
        faults = Faults(clock, chance)
        return cls(
            adobe=adobe,
            clock=clock,
            chance=chance,
            faults=faults,
            inlet=FaultyInlet(adobe, faults, clock),
            queue=Queue(clock, chance, most_receives=MOST_RECEIVES),
            table=FakeDeliveries(clock),
        )

    def configure(self, connection: Connection, flows: dict[str, Flow]) -> None:
        """Write the documents of all senders; each takes the flow of its own name.

        Shopify's webhooks are mapped and go to a second flow too; of Slack's some are dropped.
        """
        for provider, secret in SECRETS.items():
            declared = declare_scheme(provider, None)
            reference = f"/inlet-bridge/chaos/secrets/{provider}"
            source = Source(
                name=provider,
                provider=provider,
                scheme=declared.scheme,
                delivery_id=declared.delivery_id,
                event_type=declared.event_type,
                secrets=(reference,),
                delivery="queued" if provider == "slack" else "inline",
                routes=ROUTES.get(provider, (Route((RouteTarget(provider),)),)),
                otherwise="drop",
                connection=connection,
                flows=flows,
            )
            self.parameters.values[reference] = secret
            self.parameters.values[f"/inlet-bridge/chaos/sources/{provider}"] = source.to_document()

    def at(self, when: datetime, what: Callable[[], None]) -> None:
        """Schedule an action."""
        heapq.heappush(self._agenda, (when, next(self._order), what))

    def expect(self, event: Event) -> None:
        """Schedule the first webhook of an event."""
        self.at(event.at, lambda: self._send(event, 0))

    def run(self) -> None:
        """Advance the time until every sender got a 2xx and the buffer is empty."""
        while True:
            waiting = self.queue.next_visible_at()
            poll_at = waiting and max(waiting, self.clock()) + BATCHING_WINDOW
            if self._agenda and (poll_at is None or self._agenda[0][0] <= poll_at):
                when, _, what = heapq.heappop(self._agenda)
                self.clock.now = max(self.clock.now, when)
                what()
            elif poll_at is not None:
                self.clock.now = poll_at
                self._forward(next(self._turns) % FORWARDERS)
            else:
                return

    def _send(self, event: Event, attempt: int) -> None:
        number = self.chance.randrange(RECEIVERS)
        receiver = self._receivers[number] or self._new_receiver()
        self._receivers[number] = receiver
        try:
            receipt = receiver.receive(event.provider, event.webhook(self.clock()))
        except KilledError:
            self.killed += 1
            self._receivers[number] = None
            self.answers["killed"] += 1
        except UnavailableError:
            self.answers["503"] += 1
        else:
            assert isinstance(receipt, Receipt)
            self.answers[receipt.state] += 1
            self.acknowledged[event.name] = event
            if attempt or self.chance.random() > 0.01:
                return
            # Some providers retry although they got a 200.
        wait = retry_after(attempt, self.chance)
        self.at(self.clock() + wait, lambda: self._send(event, attempt + 1))

    def _forward(self, number: int) -> None:
        """Emulate Lambda's queue trigger: invoke, and delete what the response does not name."""
        taken = self.queue.receive(100, VISIBILITY)
        forwarder = self._forwarders[number] or self._new_forwarder()
        self._forwarders[number] = forwarder
        buffer = self._buffer()
        try:
            postponed = forwarder.forward(
                QueuedMessage(m.message_id, m.receipt, m.text, m.receives, m.sent_at) for m in taken
            )
            kept = Postponer(buffer, buffer, self.clock, self.chance.random).postpone(postponed)
        except KilledError:
            self.killed += 1
            self._forwarders[number] = None
            # The inlet may have accepted any of them, and some are recorded.
            self.unrecorded += [Delivery.decode(message.text).body for message in taken]
            return
        for message in taken:
            if message.message_id not in kept:
                self.queue.delete(message.message_id)

    def _new_receiver(self) -> Receiver:
        return Receiver(
            gate=Gate(self._source_cache(), FakeProviderSites, self.parameters, timedelta(days=8)),
            intake=Intake(
                self._sender(), self._buffer(), self._deliveries(), self.counts, self.clock
            ),
            clock=self.clock,
            deadline=Deadline(lambda: 0.0),
        )

    def _new_forwarder(self) -> Forwarder:
        deliveries = self._deliveries()
        return Forwarder(
            resolver=Resolver(self._source_cache(), self.clock),
            sender=self._sender(),
            deliveries=deliveries,
            attempts=deliveries,
            settler=Settler(
                buffer=self._buffer(),
                dead_letters=FaultyDeadLetters(self.dead_letters, Aws(self.faults, "SQS")),
                deliveries=deliveries,
                counts=self.counts,
                policy=RetryPolicy(GIVE_UP_AFTER),
                clock=self.clock,
                jitter=self.chance.random,
            ),
            clock=self.clock,
        )

    def _source_cache(self) -> SourceCache:
        parameters = FaultyParameters(self.parameters, Aws(self.faults, "SSM"))
        return SourceCache(parameters, "chaos", self.clock)

    def _sender(self) -> InletSender:
        return InletSender(
            InletRequests(self.inlet, FaultyTokens(self.adobe, self.faults), self.counts),
            self.clock,
            self.counts,
        )

    def _buffer(self) -> FaultyBuffer:
        return FaultyBuffer(self.queue, Aws(self.faults, "SQS"))

    def _deliveries(self) -> FaultyDeliveries:
        return FaultyDeliveries(self.table, Aws(self.faults, "DynamoDB"), self.unrecorded)
