"""A range of many kept webhooks is replayed through the handlers: each once, whatever is killed.

Everything is what AWS runs, on moto: the receiver that keeps the bodies, the records, the objects
of large bodies, the buffer and the forwarder. `python -m tests.load.replay` replays more.
"""

import os
import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.body_requests import JSON, declare, request
from tests.support.delivery_cloud import DeliveryCloud, delivery_cloud
from tests.support.http_requests import send
from tests.support.killed_replay import KilledReplay
from tests.support.replayed_cloud import entities, forward_all

WEBHOOKS = int(os.environ.get("REPLAYED_WEBHOOKS", "24"))
"""In the range; beside it a tenth as many on either side."""
RATE = 50.0
KILLS = 4
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


def test_range_is_replayed_once_at_its_rate_although_it_is_killed_again_and_again(
    cloud: DeliveryCloud, tmp_path: Path
) -> None:
    outside = max(WEBHOOKS // 10, 1)
    receive(cloud, 0, outside)
    since = datetime.now(UTC)
    wanted = receive(cloud, outside, WEBHOOKS)
    until = datetime.now(UTC)
    receive(cloud, outside + WEBHOOKS, outside)
    assert len(cloud.kept.objects()) >= WEBHOOKS // 10
    before = len(cloud.adobe.ledger.received)
    replay = KilledReplay(cloud, tmp_path, RATE, since=since, until=until)
    rng = random.Random(WEBHOOKS)  # noqa: S311 (repeatable)

    for _ in range(KILLS):
        # A portion of the run: a few writes, or a few messages, and the end at any of them.
        if replay.run_until_killed(rng, within=3 * WEBHOOKS // KILLS):
            break
        # What the killed process has put in the buffer is sent meanwhile, or after the next one.
        if rng.random() < 0.5:
            forward_all(cloud)
    replay.finish()
    forward_all(cloud)

    assert replay.kills
    assert entities(cloud, before) == wanted
    replayed = [each for each in cloud.records() if each.get("replay") == replay.run_id]
    assert Counter(each["state"] for each in replayed) == {"delivered": WEBHOOKS}
    assert replay.most_in_a_second() <= RATE
    assert replay.seconds >= (WEBHOOKS - replay.burst) / RATE
