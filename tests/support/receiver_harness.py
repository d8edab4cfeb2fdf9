"""A receiver of one source with fake ports."""

from dataclasses import dataclass

from bridge.deadline import Deadline
from bridge.ports.adobe import InletResponse
from bridge.receiving.receiver import Receipt, Receiver
from bridge.sources.source import Source
from bridge.webhook import Webhook
from tests.support import sample_webhooks as samples
from tests.support.delivery_fakes import FakeDeliveries
from tests.support.faked_receiver import faked_receiver
from tests.support.fakes import (
    FakeBuffer,
    FakeClock,
    FakeCounts,
    FakeInlet,
    FakeParameters,
    FakeTokens,
)


@dataclass
class Harness:
    """A receiver and its fake dependencies."""

    clock: FakeClock
    parameters: FakeParameters
    tokens: FakeTokens
    inlet: FakeInlet
    buffer: FakeBuffer
    deliveries: FakeDeliveries
    counts: FakeCounts
    deadline: Deadline
    receiver: Receiver

    def receive(self, webhook: Webhook) -> Receipt:
        """Return the receipt of a webhook from GitHub."""
        receipt = self.receiver.receive("github", webhook)
        assert isinstance(receipt, Receipt)
        return receipt


def harness(configured: Source | None = None, *answers: InletResponse) -> Harness:
    """Build a receiver of one source, and an inlet with these responses."""
    clock = FakeClock()
    parameters = FakeParameters(
        {
            samples.DOCUMENT_NAME: (configured or samples.source()).to_document(),
            samples.SECRET_NAME: samples.SECRET,
        }
    )
    tokens, inlet = FakeTokens(), FakeInlet(list(answers))
    buffer, deliveries, counts = FakeBuffer(), FakeDeliveries(clock), FakeCounts()
    deadline = Deadline(lambda: 0.0)
    receiver = faked_receiver(
        parameters,
        clock,
        inlet,
        buffer=buffer,
        deliveries=deliveries,
        tokens=tokens,
        counts=counts,
        deadline=deadline,
    )
    return Harness(clock, parameters, tokens, inlet, buffer, deliveries, counts, deadline, receiver)
