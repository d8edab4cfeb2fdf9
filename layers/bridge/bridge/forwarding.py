"""The forwarder's use case: send what waits in batches, and act on what became of each."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bridge.delivery.answers import Dead, Delivered, Retry, SingleOutcome
from bridge.delivery.backoff import GIVE_UP_AFTER, backoff
from bridge.delivery.delivery import Delivery
from bridge.errors import UnavailableError, UnknownSourceError
from bridge.ports import Clock, DeadLetters, Deliveries
from bridge.sending import InletSender
from bridge.source import Connection, Flow
from bridge.source_directory import SourceDirectory
from bridge.telemetry import logger


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message of the buffer.

    Attributes:
        receipt: what the queue wants to hear when the message is put off.
        attempt: how often it was taken from the buffer, from 1.
    """

    message_id: str
    receipt: str
    text: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Postponed:
    """A message that stays in the buffer until the wait is over."""

    waiting: Waiting
    wait: timedelta


class Forwarder:
    """Forwards buffered deliveries."""

    def __init__(
        self,
        *,
        directory: SourceDirectory,
        sender: InletSender,
        dead_letters: DeadLetters,
        deliveries: Deliveries,
        clock: Clock,
        jitter: Callable[[], float],
    ) -> None:
        self._directory = directory
        self._sender = sender
        self._dead_letters = dead_letters
        self._deliveries = deliveries
        self._clock = clock
        self._jitter = jitter

    def forward(self, messages: Iterable[Waiting]) -> list[Postponed]:
        """Send messages; those that the answer does not name are done with."""
        postponed: list[Postponed] = []
        groups: dict[_Destination, list[tuple[Waiting, Delivery]]] = defaultdict(list)
        for waiting in messages:
            try:
                delivery = Delivery.decode(waiting.text)
            except ValueError as exc:
                postponed += self._bury(waiting, None, f"unreadable: {exc}")
                continue
            match self._destination(delivery):
                case _Destination() as destination:
                    groups[destination].append((waiting, delivery))
                case timedelta() as wait:
                    postponed.append(Postponed(waiting, wait))
                case outcome:
                    postponed += self._settle(waiting, delivery, outcome, flow_id="")
        for destination, group in groups.items():
            postponed += self._send(destination, group)
        return postponed

    def _destination(self, delivery: Delivery) -> "_Destination | timedelta | Retry | Dead":
        """Where a delivery goes, how long it has to wait, or why it goes nowhere."""
        now = self._clock()
        if now - delivery.received_at > GIVE_UP_AFTER:
            return Dead(f"expired: not delivered within {GIVE_UP_AFTER}")
        try:
            source = self._directory.find(delivery.source).source
        except UnknownSourceError:
            return Dead("unknown flow: the source does not exist any more")
        except UnavailableError as exc:
            return Retry(str(exc))
        flow = source.flows.get(delivery.flow)
        if flow is None:
            return Dead("unknown flow: the source has no flow of this name any more")
        if now < flow.ready_at:
            return flow.ready_at - now
        return _Destination(source.connection, flow)

    def _send(
        self, destination: "_Destination", group: Sequence[tuple[Waiting, Delivery]]
    ) -> list[Postponed]:
        bodies = [delivery.body for _, delivery in group]
        outcomes = self._sender.send_many(destination.connection, destination.flow, bodies)
        postponed: list[Postponed] = []
        for (waiting, delivery), outcome in zip(group, outcomes, strict=True):
            postponed += self._settle(waiting, delivery, outcome, destination.flow.flow_id)
        return postponed

    def _settle(
        self, waiting: Waiting, delivery: Delivery, outcome: SingleOutcome, flow_id: str
    ) -> list[Postponed]:
        """Act on what became of a message; the answer is what stays in the buffer."""
        match outcome:
            case Delivered(xaction_id):
                self._record_delivered(delivery, flow_id, xaction_id)
                return []
            case Dead(reason):
                return self._bury(waiting, delivery, reason)
            case Retry(reason, after):
                logger.info("put off", extra={"reason": reason, **_names(delivery)})
                pause = backoff(waiting.attempt, self._jitter())
                return [Postponed(waiting, max(pause, after or pause))]

    def _record_delivered(self, delivery: Delivery, flow_id: str, xaction_id: str) -> None:
        logger.info(
            "delivered", extra={"flow_id": flow_id, "xaction_id": xaction_id, **_names(delivery)}
        )
        try:
            self._deliveries.delivered(delivery.source, delivery.delivery_id, flow_id, xaction_id)
        except UnavailableError as exc:
            # The message is in the inlet; sending it again would double it.
            logger.warning("a delivered message was not recorded", extra={"reason": str(exc)})

    def _bury(self, waiting: Waiting, delivery: Delivery | None, reason: str) -> list[Postponed]:
        """Move a message to the dead letters; it stays in the buffer while that fails."""
        try:
            self._dead_letters.put(waiting.text, reason)
            if delivery:
                self._deliveries.dead(delivery.source, delivery.delivery_id, reason)
        except UnavailableError as exc:
            logger.error("a dead letter cannot be kept", extra={"reason": str(exc)})
            return [Postponed(waiting, backoff(waiting.attempt, self._jitter()))]
        names = _names(delivery) if delivery else {}
        logger.warning("dead letter", extra={"reason": reason, **names})
        return []


@dataclass(frozen=True, slots=True)
class _Destination:
    connection: Connection
    flow: Flow


def _names(delivery: Delivery) -> dict[str, str]:
    return {"source": delivery.source, "delivery_id": delivery.delivery_id}
