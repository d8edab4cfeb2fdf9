"""Tests of finding the flows of other connections."""

import pytest

from bridge.errors import UnavailableError
from bridge.sources.destinations import DestinationDirectory
from tests.support.fakes import FakeClock, FakeParameters


def test_messages_of_a_batch_cause_one_call_while_ssm_fails() -> None:
    clock, parameters = FakeClock(), FakeParameters(down=True)
    directory = DestinationDirectory(parameters, "dev", clock)

    for _ in range(100):
        with pytest.raises(UnavailableError):
            directory.find("webhooks/orders")
    assert parameters.reads == 1

    parameters.down = False
    clock.advance(1)
    assert directory.find("webhooks/orders") is None
