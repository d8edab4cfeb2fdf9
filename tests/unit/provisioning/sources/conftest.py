"""Fixtures of sources."""

import pytest

from tests.support.applied_sources import bench_with_connection
from tests.support.provisioning_bench import Bench


@pytest.fixture
def bench() -> Bench:
    return bench_with_connection()
