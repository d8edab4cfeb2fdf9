"""Fixtures of the reconciler."""

import pytest

from tests.support.reconciler_bench import ReconcilerBench


@pytest.fixture
def bench() -> ReconcilerBench:
    return ReconcilerBench()
