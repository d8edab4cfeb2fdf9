"""A forwarder of one source with fake ports."""

from dataclasses import dataclass
from datetime import timedelta

from bridge.delivery.delivery import Delivery
from bridge.delivery.queued_message import PostponedMessage, QueuedMessage
from bridge.forwarding.forwarder import Forwarder
from bridge.forwarding.resolution import Resolver
from bridge.forwarding.retry_policy import RetryPolicy
from bridge.forwarding.settlement import Settler
from bridge.inlet.client import InletSender
from bridge.inlet.requests import InletRequests
from bridge.ports.adobe import InletResponse
from bridge.sources.cache import SourceCache
from bridge.sources.route import Route, RouteTarget
from bridge.sources.source import Source
from tests.support import sample_webhooks as samples
from tests.support.delivery_fakes import FakeDeliveries
from tests.support.fakes import (
    NOON,
    FakeBuffer,
    FakeClock,
    FakeCounts,
    FakeDeadLetters,
    FakeInlet,
    FakeParameters,
    FakeTokens,
)

JITTER = 0.5


@dataclass
class Harness:
    """A forwarder and its fake dependencies."""

    clock: FakeClock
    parameters: FakeParameters
    tokens: FakeTokens
    inlet: FakeInlet
    buffer: FakeBuffer
    dead_letters: FakeDeadLetters
    deliveries: FakeDeliveries
    counts: FakeCounts
    forwarder: Forwarder


def harness(configured: Source | None = None, *answers: InletResponse) -> Harness:
    """Build a forwarder of one source, and an inlet with these responses."""
    clock = FakeClock()
    parameters = FakeParameters(
        {
            samples.DOCUMENT_NAME: (configured or samples.source()).to_document(),
            samples.SECRET_NAME: samples.SECRET,
        }
    )
    tokens, inlet = FakeTokens(), FakeInlet(list(answers))
    buffer, dead_letters = FakeBuffer(), FakeDeadLetters()
    deliveries, counts = FakeDeliveries(clock), FakeCounts()
    forwarder = Forwarder(
        resolver=Resolver(SourceCache(parameters, "test", clock), clock),
        sender=InletSender(InletRequests(inlet, tokens, counts), clock, counts),
        deliveries=deliveries,
        attempts=deliveries,
        settler=Settler(
            buffer=buffer,
            dead_letters=dead_letters,
            deliveries=deliveries,
            counts=counts,
            policy=RetryPolicy(timedelta(hours=72)),
            clock=clock,
            jitter=lambda: JITTER,
        ),
        clock=clock,
    )
    return Harness(
        clock, parameters, tokens, inlet, buffer, dead_letters, deliveries, counts, forwarder
    )


def queued(number: int = 0, *, attempt: int = 1, body: bytes = samples.BODY) -> QueuedMessage:
    """A message of the buffer."""
    delivery = Delivery(
        "github", f"d-{number}", f"id:d-{number}", "issues", "events", NOON, NOON, body
    )
    return QueuedMessage(f"m-{number}", f"r-{number}", delivery.encode(), attempt, NOON)


def ids_of(postponed: list[PostponedMessage]) -> list[str]:
    """Return the ids of postponed messages."""
    return [message.message.message_id for message in postponed]


def message(delivery: Delivery) -> QueuedMessage:
    """A message of the buffer."""
    return QueuedMessage("m", "r", delivery.encode(), 1, NOON)


NUMBERED = Route((RouteTarget("events", '{"n": "number(body.number)"}'),), when="body.number")
UNROUTED = Delivery("github", "d-1", "id:d-1", "issues", "", NOON, NOON, samples.BODY)
