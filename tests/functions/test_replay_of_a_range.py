"""A range of many kept webhooks is replayed by `inlet replay`: each once, whatever is killed.

Everything is what AWS runs, on moto: the receiver that keeps the bodies, the records, the objects
of large bodies, the buffer and the forwarder, which sends while the command runs.
`python -m tests.load.replay` replays more.
"""

import os
import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import sleep

import pytest

from tests.support.body_requests import JSON, declare, request
from tests.support.delivery_cloud import DeliveryCloud, delivery_cloud
from tests.support.http_requests import send
from tests.support.killed_replay import killed_replay
from tests.support.replayed_cloud import entities, forward_all

WEBHOOKS = int(os.environ.get("REPLAYED_WEBHOOKS", "30"))
"""In the range; beside it a tenth as many on either side."""
RATE = float(os.environ.get("REPLAYED_RATE", "10"))
KILLS = int(os.environ.get("REPLAYED_KILLS", "2"))
ROUNDING = 0.01
"""Messages; times are stamped in microseconds."""
LARGE = 9_000
"""Bytes, even when compressed, of a body that is kept as an object."""
MAP = {"n": "body.n", "id": "delivery_id", "at": "received_at"}


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeliveryCloud]:
    with delivery_cloud(monkeypatch) as cloud:
        declare(cloud, "hooks", KeepBodies="7", Routes=[{"Flow": "orders", "Map": MAP}])
        yield cloud


def receive(cloud: DeliveryCloud, first: int, count: int) -> list[bytes]:
    """Receive and deliver webhooks; return their messages, sorted."""
    before = len(cloud.adobe.ledger.received)
    for number in range(first, first + count):
        length = LARGE if number % 10 == 0 else 100
        note = random.Random(number).randbytes(length).hex().encode()  # noqa: S311 (repeatable)
        send(cloud, request("hooks", b'{"n": %d.50, "note": "%s"}' % (number, note), JSON))
    forward_all(cloud)
    found = entities(cloud, before)
    assert len(set(found)) == count
    return found


def test_range_is_replayed_once_at_its_rate_although_its_processes_are_killed(
    cloud: DeliveryCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = max(WEBHOOKS // 10, 1)
    receive(cloud, 0, outside)
    since = datetime.now(UTC)
    wanted = receive(cloud, outside, WEBHOOKS)
    until = datetime.now(UTC)
    receive(cloud, outside + WEBHOOKS, outside)
    assert len(cloud.kept.objects()) >= WEBHOOKS // 10
    before = len(cloud.adobe.ledger.received)
    rng = random.Random(WEBHOOKS)  # noqa: S311 (repeatable)

    def forward() -> None:
        if not cloud.forward_what_is_ready():
            sleep(0.01)

    span = ("--since", since.isoformat(), "--until", until.isoformat())
    with killed_replay(monkeypatch, tmp_path, RATE, forward, "hooks", *span) as replay:
        for _ in range(KILLS):
            # A portion of the run, and the end at any of its writes.
            if replay.run_until_killed(rng, within=WEBHOOKS // KILLS):
                break
        printed = replay.finish()
    forward_all(cloud)

    assert replay.kills
    assert entities(cloud, before) == wanted
    replayed = [each for each in cloud.records() if each.get("replay") == replay.run_id]
    assert Counter(each["state"] for each in replayed) == {"delivered": WEBHOOKS}
    assert printed["id"] == replay.run_id
    assert replay.most_above_rate() <= ROUNDING
    assert not list(replay.folder.rglob("*.json"))
