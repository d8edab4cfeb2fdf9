"""The cost of kept bodies."""

import json
from dataclasses import replace

import pytest

from bridge.delivery.delivery import Delivery
from bridge.delivery.kept import MOST_ITEM_BYTES, kept_key, kept_value
from inlet_bridge.cost.bill import bill
from inlet_bridge.cost.prices import PRICES
from inlet_bridge.cost.usage import KEPT_KEY_BYTES, SENT_WRITES, Month
from tests.support.fakes import NOON
from tests.support.sam_template import ROOT

UUID = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"


def whole(body: bytes) -> Delivery:
    key = f"id:{UUID}"
    return Delivery("github", UUID, key, "issues", "", NOON, NOON, body, kept=key)


def dollars(month: Month) -> float:
    return sum(item.dollars for item in bill(month) if not item.fixed)


@pytest.mark.parametrize("file", sorted(ROOT.glob("events/samples/*/*.json")), ids=lambda f: f.stem)
def test_kept_samples_are_no_larger_than_estimated(file: object) -> None:
    body = json.dumps(json.loads(ROOT.joinpath(str(file)).read_text())).encode()

    estimated = Month(1, kilobytes=len(body) / 1_000, keep_days=7).kept_value_bytes
    assert len(kept_value(whole(body))) <= estimated


@pytest.mark.parametrize("kilobytes", [10, 100])
def test_kept_lists_are_no_larger_than_estimated(kilobytes: int) -> None:
    rows = [{"id": n * 7_919, "sku": f"{n * 2_654_435_761 % 2**32:x}", "title": "Blue shirt",
             "price": f"{n * 37 % 100_000 / 100:.2f}", "taxable": True, "vendor": "ACME"}
            for n in range(kilobytes * 9)]  # fmt: skip
    body = json.dumps({"line_items": rows}).encode()

    estimated = Month(1, kilobytes=len(body) / 1_000, keep_days=7).kept_value_bytes
    assert len(body) / 1_000 == pytest.approx(kilobytes, rel=0.2)
    assert len(kept_value(whole(body))) <= estimated


def test_keys_of_an_item_are_no_larger_than_estimated() -> None:
    key = kept_key("github", NOON, f"id:{UUID}")

    assert sum(map(len, ("bucket", "at", "body", "expires_at", *key))) + 8 <= KEPT_KEY_BYTES


def test_threshold_is_where_an_object_of_a_week_costs_as_much_as_an_item() -> None:
    def storage(price: float) -> float:
        return price / 1_000_000 * 7 / 30 * 1_000_000  # Of a million kB.

    def item(kilobytes: float) -> float:
        return kilobytes * (PRICES.writes + storage(PRICES.table_storage))

    def objects(kilobytes: float) -> float:
        named = PRICES.writes + PRICES.object_requests
        return named + kilobytes * storage(PRICES.object_storage)

    threshold = MOST_ITEM_BYTES / 1_000
    assert item(threshold) <= objects(threshold)
    assert item(threshold + 1) > objects(threshold + 1)


def test_without_kept_bodies_nothing_is_added() -> None:
    month = Month(1_000_000)

    assert not [item for item in bill(month) if item.what.startswith("Bodies")]
    assert Month(1_000_000, keep_days=0).receiver_seconds == month.receiver_seconds


def test_body_of_one_kilobyte_costs_two_units_and_its_storage() -> None:
    items = {item.what: item.dollars for item in bill(Month(1_000_000, keep_days=30))}

    assert items["Bodies, writes"] == pytest.approx((1 + SENT_WRITES) * PRICES.writes)
    assert items["Bodies, table"] == pytest.approx(0.95 * PRICES.table_storage, abs=0.01)
    assert "Bodies, S3" not in items


def test_page_has_the_costs_of_kept_bodies() -> None:
    text = (ROOT / "docs" / "performance.md").read_text()
    for kilobytes in (1, 10, 100):
        month = Month(1_000_000, kilobytes=kilobytes)
        costs = [dollars(replace(month, keep_days=days)) for days in (0, 1, 7, 30, 90)]
        row = " | ".join(f"{cost:,.2f}" for cost in costs)
        assert f"| {kilobytes} kB | {row} |" in text
