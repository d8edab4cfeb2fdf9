"""What a replay asks of AWS grows with the number of webhooks, and with nothing else."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bridge.delivery.kept import SHARDS, days
from inlet_bridge.cli.replay import sending_of
from inlet_bridge.operations.bodies.kept_bodies import KeptBodies
from inlet_bridge.operations.configuration.sources import Configuration
from inlet_bridge.operations.replay.replay import Replay, not_since
from inlet_bridge.operations.replay.routing import Routing
from inlet_bridge.operations.replay.run import Run, RunFiles, Selection, new_id
from tests.support.body_requests import JSON, declare, request
from tests.support.counted_calls import counted_calls
from tests.support.delivery_cloud import DeliveryCloud, delivery_cloud
from tests.support.http_requests import send
from tests.support.replayed_cloud import deployed

RATE = 200
AT_ONCE = RATE // 10
LARGE = 9_000
"""Bytes, even when compressed, of a body that is kept as an object."""


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeliveryCloud]:
    with delivery_cloud(monkeypatch) as cloud:
        declare(cloud, "hooks", KeepBodies="7")
        yield cloud


@pytest.mark.parametrize("webhooks", [20, 60])
def test_calls_of_a_replay(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, webhooks: int
) -> None:
    since = datetime.now(UTC)
    for number in range(webhooks):
        note = random.Random(number).randbytes(0 if number else LARGE).hex().encode()  # noqa: S311 (repeatable)
        send(cloud, request("hooks", b'{"n": %d, "note": "%s"}' % (number, note), JSON))
    until = datetime.now(UTC)
    account = deployed(cloud)
    selection = Selection(source="hooks", since=since, until=until)
    run = Run(new_id(datetime.now(UTC)), "replay", "stack", selection, RATE)
    process = Replay(
        account,
        run,
        KeptBodies(account),
        Routing(Configuration(account).source("hooks")),
        sending_of(account, run, not_since(run), dry_run=False),
        RunFiles(tmp_path),
    )

    with counted_calls(monkeypatch) as calls:
        total = process.total()
        settled = sum(process.steps())

    assert total == settled == webhooks
    # The keys of each shard, then its items; a page has a megabyte.
    queries = 2 * SHARDS * len([*days(since, until)])
    assert calls == {
        "Query": queries,
        "GetObject": 1,
        "BatchGetItem": webhooks / AT_ONCE,
        "UpdateItem": webhooks,
        "SendMessageBatch": webhooks / 10,
    }
