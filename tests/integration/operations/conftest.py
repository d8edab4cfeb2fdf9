"""A deployed bridge on moto, and what the commands do with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from inlet_bridge.operations.erasure import erasure
from inlet_bridge.operations.queues import retained_queue
from tests.support.former_queues import Former, former_queues
from tests.support.moto_deployment import Bridge, deployed_bridge
from tests.support.replay_commands import Commands, replay_commands


@pytest.fixture
def bridge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    """A deployed bridge; no command waits for messages that do not come."""
    monkeypatch.setattr(retained_queue, "_LONG_POLL_SECONDS", 0)
    monkeypatch.setattr(erasure, "_POLL_SECONDS", 0)
    with deployed_bridge(monkeypatch) as bridge:
        yield bridge


@pytest.fixture
def former(bridge: Bridge) -> Former:
    return former_queues(bridge)


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Commands]:
    with replay_commands(monkeypatch, tmp_path) as commands:
        yield commands
