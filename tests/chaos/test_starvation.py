"""Webhooks of a source arrive in seconds while those of another one fill the buffer."""

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.chaos.queue import MOST_IN_FLIGHT
from tests.chaos.starvation import WAITING, fill_and_run

# `make chaos` runs it at full size.
SCALE = 10


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Suppress the log lines of the forwarders."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_paused_source_with_more_messages_than_the_in_flight_limit_delays_no_other_source() -> None:
    simulation = fill_and_run(SCALE)

    assert len(simulation.latencies) == 72
    assert max(simulation.latencies) < timedelta(seconds=5)
    assert simulation.queue.most_in_flight < MOST_IN_FLIGHT / SCALE / 10
    assert simulation.paused() == WAITING / SCALE
