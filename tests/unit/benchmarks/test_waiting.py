"""The same work is measured at once and after a wait."""

import time

import pytest

from benchmarks import waiting
from benchmarks.subjects import TABLE_MS


def test_each_round_of_each_work_has_one_ratio_of_a_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)

    measured = waiting.measure_waiting(3)

    assert list(measured) == [waiting.ARITHMETIC, waiting.READS]
    assert all(len(ratios) == 3 and min(ratios) > 0 for ratios in measured.values())
    assert waits == [TABLE_MS / 1000] * 8  # A round more, whose figures are left out.
