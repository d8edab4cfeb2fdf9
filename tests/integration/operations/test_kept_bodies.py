"""Kept bodies as an operator reads them, on moto."""

import random
from copy import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import boto3
import pytest

from bridge.delivery.delivery import Delivery
from bridge.delivery.kept import MOST_ITEM_BYTES, days
from inlet_bridge.operations.bodies.kept_bodies import KeptBodies
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from tests.support.moto_deployment import STACK, Bridge

BEGIN = datetime(2026, 11, 20, 23, 50, tzinfo=UTC)
END = BEGIN + timedelta(hours=1)


@pytest.fixture
def bodies(bridge: Bridge) -> KeptBodies:
    assert bridge.table
    return KeptBodies(Deployed(STACK), lambda: END)


def webhook(name: str, minutes: float = 0, source: str = "github", body: bytes = b"{}") -> Delivery:
    at = BEGIN + timedelta(minutes=minutes)
    return Delivery(source, name, f"id:{name}", "issues", "", at, at, body, kept=f"id:{name}")


def test_webhooks_are_read_oldest_first_over_all_shards_and_days(
    bridge: Bridge, bodies: KeptBodies
) -> None:
    kept = [webhook(f"d-{number}", number) for number in range(40)]
    for each in random.Random(7).sample(kept, len(kept)):  # noqa: S311
        bridge.kept_bodies.keep(each, 7)
    bridge.kept_bodies.keep(webhook("other", 3, source="stripe"), 7)

    assert [*bodies.between("github", BEGIN, END)] == kept
    since, until = kept[5].received_at, kept[25].received_at
    assert [*bodies.between("github", since, until)] == kept[5:26]
    assert bodies.count("github", since, until) == 21
    assert len({item["bucket"].split("#")[1] for item in bridge.kept.items()}) == 2


def test_span_that_ends_before_it_begins_has_no_webhooks(
    bridge: Bridge, bodies: KeptBodies
) -> None:
    bridge.kept_bodies.keep(webhook("d-0"), 7)

    since, until = BEGIN, BEGIN - timedelta(minutes=1)
    assert [*days(since, until)] == []
    assert [*bodies.between("github", since, until)] == []


def test_several_pages_are_read(
    bridge: Bridge, bodies: KeptBodies, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = [webhook(f"d-{number}", number / 60) for number in range(30)]
    for each in kept:
        bridge.kept_bodies.keep(each, 7)
    session = boto3.DEFAULT_SESSION
    assert session
    pages = 0

    def limit(params: dict[str, object], **_: object) -> None:
        nonlocal pages
        params["Limit"] = 1
        pages += 1

    reader = Deployed(STACK)
    reader.dynamodb.meta.events.register("provide-client-params.dynamodb.Query", limit)

    assert [*KeptBodies(reader, lambda: END).between("github", BEGIN, END)] == kept
    assert pages > len(kept)


def test_of_a_repeated_webhook_the_last_item_is_read(bridge: Bridge, bodies: KeptBodies) -> None:
    """Its record names that one."""
    first, again = webhook("d-1"), webhook("d-1", 20)
    for each in (first, again, webhook("d-2", 5)):
        bridge.kept_bodies.keep(each, 7)

    assert [*bodies.between("github", BEGIN, END)] == [webhook("d-2", 5), again]
    assert bodies.count("github", BEGIN, END) == 2
    assert bodies.find("github", first.received_at, first.kept) == first


def test_body_is_found_by_its_record(bridge: Bridge, bodies: KeptBodies) -> None:
    noise = random.Random(7).randbytes(2 * MOST_ITEM_BYTES)  # noqa: S311
    large = replace(webhook("d-1", body=noise), kind="received")
    bridge.kept_bodies.keep(large, 7)

    assert bodies.find("github", large.received_at, large.kept) == large
    assert bodies.find("github", large.received_at, "id:other") is None
    assert bodies.find("github", END, large.kept) is None
    [name] = bridge.kept.objects()
    boto3.client("s3").delete_object(Bucket=bridge.kept.bucket, Key=name)
    assert bodies.find("github", large.received_at, large.kept) is None
    assert [*bodies.between("github", BEGIN, END)] == []


def test_expired_body_is_gone_also_before_it_is_deleted(bridge: Bridge) -> None:
    bridge.kept_bodies.keep(webhook("d-1"), 1)
    bridge.kept_bodies.keep(webhook("d-2"), 3)
    later = KeptBodies(Deployed(STACK), lambda: BEGIN + timedelta(days=1))

    assert [*later.between("github", BEGIN, END)] == [webhook("d-2")]
    assert later.find("github", BEGIN, "id:d-1") is None
    assert len([*later.stored()]) == 2


def test_bodies_are_read_one_after_the_other(bridge: Bridge, bodies: KeptBodies) -> None:
    for number in range(5):
        bridge.kept_bodies.keep(webhook(f"d-{number}", number), 7)
    found = (each for each in bodies.between("github", BEGIN, END) if isinstance(each, Delivery))

    assert next(found) == webhook("d-0")
    assert all(one.received_at < other.received_at for one, other in pairwise(found))


def test_stack_without_storage_says_so(bodies: KeptBodies, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Deployed, "resources", {})

    with pytest.raises(OperationError, match="keeps no bodies"):
        bodies.find("github", BEGIN, "id:d-1")
