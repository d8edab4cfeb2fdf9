"""What Linux reports about this process."""

import os

from benchmarks.processes import cpu_ms, leaf_of, resident_mb


def test_work_costs_processor_time() -> None:
    before = cpu_ms(os.getpid())
    sum(number * number for number in range(200_000))

    assert cpu_ms(os.getpid()) > before


def test_process_without_children_is_its_own_leaf_and_has_memory() -> None:
    assert leaf_of(2_147_483_646) == 2_147_483_646
    assert 1 < resident_mb(os.getpid()) < 10_000
