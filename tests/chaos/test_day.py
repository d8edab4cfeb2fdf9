"""Tests of short days with injected faults; `make chaos` simulates a long one."""

import logging
from collections.abc import Iterator

import pytest

from tests.chaos.__main__ import faults
from tests.chaos.day import simulate_day
from tests.chaos.faults import Trouble


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Suppress the thousands of log lines of injected faults."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_injected_faults_break_no_guarantee(seed: int) -> None:
    """No acknowledged message is missing, misrouted or altered, and every duplicate has a cause."""
    simulation, ledger = simulate_day(1_000, seed)

    assert faults(ledger) == []
    assert set(ledger.dead) | set(ledger.received) == set(ledger.sent)
    assert simulation.killed > 10


def test_every_kind_of_fault_occurs() -> None:
    """A day without a fault would not test it."""
    simulation, _ = simulate_day(1_000, 4)

    met = {trouble for _, trouble in simulation.faults.met}
    assert met == set(Trouble) - {Trouble.NONE}


def test_day_is_reproducible_from_its_seed() -> None:
    """The same seed gives the same faults and report, so that an error can be reproduced."""
    (first, one), (second, two) = simulate_day(200, 5), simulate_day(200, 5)

    assert first.faults.met == second.faults.met
    assert one == two
