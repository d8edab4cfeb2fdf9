"""A receiver with fakes around it."""

from collections.abc import Callable

from bridge.deadline import Deadline
from bridge.inlet.client import InletSender
from bridge.inlet.requests import InletRequests
from bridge.receiving.gate import Gate
from bridge.receiving.intake import Intake
from bridge.receiving.receiver import Receiver
from bridge.sources.cache import SourceCache
from tests.support.delivery_fakes import FakeDeliveries
from tests.support.fakes import (
    FakeBuffer,
    FakeClock,
    FakeCounts,
    FakeInlet,
    FakeParameters,
    FakeTokens,
)
from tests.support.provider_fakes import FakeProviderSites
from tests.support.receiver_fakes import RECORDS


def faked_receiver(
    parameters: FakeParameters,
    clock: FakeClock,
    inlet: FakeInlet,
    *,
    sites: Callable[[], FakeProviderSites] = FakeProviderSites,
    buffer: FakeBuffer | None = None,
    deliveries: FakeDeliveries | None = None,
    tokens: FakeTokens | None = None,
    counts: FakeCounts | None = None,
    deadline: Deadline | None = None,
) -> Receiver:
    """A receiver of the stage `test`; a fake that the test does not look at is made here."""
    counts = counts or FakeCounts()
    return Receiver(
        gate=Gate(SourceCache(parameters, "test", clock), sites, parameters, RECORDS),
        intake=Intake(
            InletSender(InletRequests(inlet, tokens or FakeTokens(), counts), clock, counts),
            buffer or FakeBuffer(),
            deliveries or FakeDeliveries(clock),
            counts,
            clock,
        ),
        clock=clock,
        deadline=deadline or Deadline(lambda: 0.0),
    )
