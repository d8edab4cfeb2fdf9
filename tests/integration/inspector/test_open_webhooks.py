"""The lists of webhooks that wait, are dead or failed: from the index, in bounded requests."""

from collections.abc import Iterator
from copy import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from botocore.client import BaseClient

from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.records import newest_open
from inlet_bridge.operations.webhooks import webhook_list
from inlet_bridge.operations.webhooks.filters import Filter
from inlet_bridge.operations.webhooks.live_list import LiveList
from inlet_bridge.operations.webhooks.webhook_list import Cursor, ListPage, WebhookList
from tests.support.moto_deployment import NOW, OPEN_SHARDS, STACK, Bridge, deployed_bridge, received

DEAD = Filter(NOW - timedelta(days=30), state="dead")
ROWS = 5


@pytest.fixture
def bridge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    monkeypatch.setattr(webhook_list, "PAGE_ROWS", ROWS)
    monkeypatch.setattr(newest_open, "_ENTRIES", 4)
    with deployed_bridge(monkeypatch) as bridge:
        yield bridge


def pages(wanted: Filter) -> list[ListPage]:
    webhooks = WebhookList(Deployed(STACK), {})
    found = [webhooks.page(wanted)]
    while found[-1].older:
        assert len(found) < 30
        found.append(webhooks.page(wanted, found[-1].older))
    return found


def test_pages_of_dead_webhooks_lose_and_repeat_nothing(bridge: Bridge) -> None:
    """Several were received at the same time."""
    for n in range(23):
        source = "stripe" if n % 4 == 0 else "github"
        at = received("any", minutes=n // 3).received_at
        bridge.buried(f"d-{n}", source=source, changes={"received_at": at})

    found = pages(DEAD)
    ids = [row.identifier for page in found for row in page.rows]
    of_stripe = [row.identifier for page in pages(_of("stripe")) for row in page.rows]

    assert sorted(ids) == sorted(f"d-{n}" for n in range(23))
    assert sorted(of_stripe) == sorted(f"d-{n}" for n in range(0, 23, 4))


def test_another_attempt_does_not_change_a_list_by_receipt(bridge: Bridge) -> None:
    now = datetime.now(UTC)
    waiting = replace(received("d-1"), received_at=now - timedelta(minutes=9))
    bridge.deliveries.postponed(waiting, "503", now, attempts=3)
    wanted = Filter(now - timedelta(days=1), state="buffered")
    live = LiveList(Deployed(STACK), WebhookList(Deployed(STACK), {}), wanted)
    live.begin()
    line = {"message": "postponed", "source": waiting.source, "delivery_id": "d-1"}
    bridge.log("Forwarder", {**line, "reason": "503", "attempts": 3})

    assert live.poll().is_empty
    assert [row.at for row in live.rows] == [waiting.received_at]


def test_a_waiting_webhook_has_its_number_of_attempts(bridge: Bridge) -> None:
    bridge.deliveries.postponed(received("d-1"), "the inlet returned 503", NOW, attempts=4)

    [page] = pages(Filter(NOW - timedelta(days=30), state="buffered"))

    assert [row.attempts for row in page.rows] == ["4"]


def test_a_page_reads_the_same_however_many_wait(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(30):
        bridge.deliveries.postponed(received(f"d-{n}", minutes=n), "the inlet returned 503", NOW)
    calls: list[str] = []
    call = BaseClient._make_api_call  # type: ignore[attr-defined]  # noqa: SLF001

    def counted(self: BaseClient, operation: str, asked: dict[str, object]) -> object:
        calls.append(operation)
        return call(self, operation, asked)

    monkeypatch.setattr(BaseClient, "_make_api_call", counted)
    webhooks = WebhookList(Deployed(STACK), {})
    first = webhooks.page(Filter(NOW - timedelta(days=30), state="buffered"))

    assert [row.identifier for row in first.rows] == [f"d-{n}" for n in range(29, 24, -1)]
    assert {row.detail for row in first.rows} == {"the inlet returned 503"}
    assert all(new.at >= old.at for new, old in pairwise(first.rows))
    assert (calls.count("Query"), calls.count("BatchGetItem")) == (OPEN_SHARDS, 1)
    assert isinstance(first.older, Cursor)


def _of(source: str) -> Filter:
    return Filter(DEAD.since, source=source, state="dead")
