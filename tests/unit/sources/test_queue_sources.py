"""Tests of finding the source of a queue of events."""

import pytest

from bridge.errors import UnavailableError
from bridge.sources.queue_sources import QueueSources
from tests.support.fakes import FakeClock, FakeParameters

QUEUE = "inlet-bridge-dev-sources-Events-1A2B3C4D5E6F"
NAME = f"/inlet-bridge/dev/queues/{QUEUE}"


def test_source_is_read_once_a_minute() -> None:
    clock, parameters = FakeClock(), FakeParameters({NAME: "uploads"})
    queues = QueueSources(parameters, "dev", clock)
    assert queues.source_of(QUEUE) == "uploads"

    parameters.values[NAME] = "orders"
    assert queues.source_of(QUEUE) == "uploads"
    clock.advance(61)
    assert queues.source_of(QUEUE) == "orders"


def test_queue_without_a_source_keeps_its_messages() -> None:
    clock, parameters = FakeClock(), FakeParameters({})
    queues = QueueSources(parameters, "dev", clock)

    for _ in range(100):
        with pytest.raises(UnavailableError, match=f"{NAME} with the source of the queue is miss"):
            queues.source_of(QUEUE)
    assert parameters.reads == 1

    parameters.values[NAME] = "uploads"
    clock.advance(10)
    assert queues.source_of(QUEUE) == "uploads"


def test_known_source_bridges_a_failure_of_ssm() -> None:
    clock, parameters = FakeClock(), FakeParameters({NAME: "uploads"})
    queues = QueueSources(parameters, "dev", clock)
    queues.source_of(QUEUE)
    parameters.down = True
    clock.advance(3_600)

    assert queues.source_of(QUEUE) == "uploads"
    with pytest.raises(UnavailableError):
        queues.source_of("another")


def test_events_of_a_batch_cause_one_call_while_ssm_fails() -> None:
    clock, parameters = FakeClock(), FakeParameters({NAME: "uploads"})
    queues = QueueSources(parameters, "dev", clock)
    queues.source_of(QUEUE)
    parameters.down = True
    clock.advance(61)
    before = parameters.reads

    assert {queues.source_of(QUEUE) for _ in range(100)} == {"uploads"}
    assert parameters.reads == before + 1

    clock.advance(30)
    parameters.down, parameters.values[NAME] = False, "orders"
    assert queues.source_of(QUEUE) == "orders"
