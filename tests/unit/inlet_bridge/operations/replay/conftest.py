"""Fixtures of replays."""

from pathlib import Path

import pytest

from tests.support.replay_bench import ReplayBench


@pytest.fixture
def bench(tmp_path: Path) -> ReplayBench:
    return ReplayBench(tmp_path)
