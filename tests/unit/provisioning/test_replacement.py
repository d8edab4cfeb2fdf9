"""Replacements of a connection as CloudFormation leads them, to their end or rolled back."""

import pytest

from bridge.provisioning.sources.documents import SOURCE_DOCUMENT_TTL
from tests.support.custom_resource_events import ORDERS, send, source_event
from tests.support.declarations import (
    RETURNS_DATASET,
    connection,
    flow,
    source,
)
from tests.support.interruptions import KilledError
from tests.support.provisioning_bench import Bench

OPEN = ORDERS.replace("authenticated", "open")


def test_another_kind_of_inlet_is_a_replacement_until_the_cleanup(bench: Bench) -> None:
    send(bench, "Create", connection())
    source_event(bench, "Create", source())
    before = bench.below("orders")["inlet_url"]
    replaced = send(bench, "Update", connection(Authenticated="false"), ORDERS)

    assert replaced.physical_id == OPEN
    assert replaced.data["InletUrl"] != before
    # The target connection serves both.
    assert bench.total() == 7
    assert bench.slept == []

    cleaned = send(bench, "Delete", connection(), ORDERS)
    assert cleaned.reason == ""
    assert bench.total() == 4
    assert bench.below("orders")["inlet_url"] == replaced.data["InletUrl"]
    assert bench.slept == [SOURCE_DOCUMENT_TTL]
    assert "nothing left" in send(bench, "Delete", connection(), ORDERS).reason


def test_rolling_a_replacement_back_restores_ids_and_documents(bench: Bench) -> None:
    send(bench, "Create", connection())
    source_event(bench, "Create", source())
    before = dict(bench.values)
    send(bench, "Update", connection(Authenticated="false"), ORDERS)
    restored = send(bench, "Update", connection(), OPEN)
    send(bench, "Delete", connection(Authenticated="false"), OPEN)

    assert restored.physical_id == ORDERS
    assert bench.values == before
    assert bench.total() == 4


def test_rolling_back_by_deleting_the_newer_alone_restores_ids_and_documents(
    bench: Bench,
) -> None:
    send(bench, "Create", connection())
    source_event(bench, "Create", source())
    before = dict(bench.values)
    send(bench, "Update", connection(Authenticated="false"), ORDERS)
    send(bench, "Delete", connection(Authenticated="false"), OPEN)

    assert bench.values == before
    assert bench.total() == 4


def test_deleting_the_stack_after_a_replacement_leaves_nothing(bench: Bench) -> None:
    send(bench, "Create", connection())
    send(bench, "Update", connection(Authenticated="false"), ORDERS)
    send(bench, "Delete", connection(), ORDERS)
    send(bench, "Delete", connection(Authenticated="false"), OPEN)

    assert bench.total() == 0
    assert bench.below("orders") == {}


def test_deleting_the_stack_after_a_replacement_failed_half_way_leaves_nothing(
    bench: Bench,
) -> None:
    send(bench, "Create", connection())
    whole = bench.copy()
    send(whole, "Update", connection(Authenticated="false"), ORDERS)
    complete = next(at for at, call in enumerate(whole.cut.calls) if call.endswith("/complete"))
    for at in range(1, complete + 2):
        failed = bench.copy()
        failed.set_cut(at)
        with pytest.raises(KilledError):
            send(failed, "Update", connection(Authenticated="false"), ORDERS)
        failed.set_cut()
        send(failed, "Delete", connection(), ORDERS)

        assert failed.total() == 0
        assert failed.below("orders") == {}


def test_update_deletes_what_a_clean_up_left(bench: Bench) -> None:
    send(bench, "Create", connection())
    send(bench, "Update", connection(Authenticated="false"), ORDERS)
    send(bench, "Update", connection(Authenticated="false", Description="Shop."), OPEN)
    send(bench, "Delete", connection(Authenticated="false"), OPEN)

    assert bench.total() == 0


def test_repair_does_what_a_clean_up_left_also_where_nothing_is_to_be_deleted(
    bench: Bench,
) -> None:
    send(bench, "Create", connection())
    more = connection(flow(), flow("returns", RETURNS_DATASET))
    updated = send(bench, "Update", more, ORDERS)
    assert len(bench.provisioner().connections.drift("orders")) == 1

    bench.provisioner().connections.repair("orders")
    assert bench.provisioner().connections.drift("orders") == ()
    send(bench, "Delete", more, updated.physical_id)

    assert bench.total() == 0
    assert bench.below("orders") == {}


def test_rollback_with_retain_restores_the_previous_generation_and_keeps_the_newer_one(
    bench: Bench,
) -> None:
    retained = connection(OnDelete="Retain")
    send(bench, "Create", retained)
    source_event(bench, "Create", source())
    before = dict(bench.values)
    send(bench, "Update", connection(Authenticated="false", OnDelete="Retain"), ORDERS)
    newer = bench.below("orders")["base_connection_id"]
    outcome = send(bench, "Delete", connection(Authenticated="false", OnDelete="Retain"), OPEN)

    assert f"connections/{newer}" in outcome.reason
    assert bench.values == before
    assert bench.total() == 7


def test_retained_generation_is_removed_from_the_record_and_listed(bench: Bench) -> None:
    retained = connection(OnDelete="Retain")
    send(bench, "Create", retained)
    base = bench.below("orders")["base_connection_id"]
    send(bench, "Update", connection(Authenticated="false", OnDelete="Retain"), ORDERS)
    outcome = send(bench, "Delete", retained, ORDERS)

    assert f"connections/{base}" in outcome.reason
    assert bench.total() == 7
    assert not [name for name in bench.below("orders") if name.startswith("former")]
