"""Mapping sets of a connection for raw data."""

import pytest

from bridge.errors import InvalidPropertyError
from bridge.provisioning.sources.documents import SOURCE_DOCUMENT_TTL
from tests.support.adobe_fakes import MAPPING_SET
from tests.support.applied_connections import OWNER, apply, document
from tests.support.declarations import (
    RETURNS_DATASET,
    connection,
    flow,
    source,
)
from tests.support.provisioning_bench import Bench
from tests.support.raw_connection import raw


def test_mapping_set_version_is_replaced_in_place(bench: Bench) -> None:
    apply(bench, raw(MappingSetId=MAPPING_SET, MappingSetVersion="0"))
    flow_id = bench.below("orders")["flows/orders/flow_id"]

    taken = apply(bench, raw(MappingSetId=MAPPING_SET, MappingSetVersion="1"))

    assert taken == ["patch flows"]
    assert bench.adobe.objects["flows"][flow_id]["transformations"] == [
        {"name": "Mapping", "params": {"mappingId": MAPPING_SET, "mappingVersion": 1}}
    ]


def test_mappings_create_a_validated_set_and_are_replaced_in_place(bench: Bench) -> None:
    assert apply(bench, raw("id"))[-2:] == ["create mappingSets", "create flows"]
    assert bench.mapping_sets.calls[:3] == [
        "LIST mappingSets",
        "VALIDATE mappingSets",
        "POST mappingSets",
    ]
    first = bench.below("orders")

    assert apply(bench, raw("id", "total")) == ["replace mappingSets", "patch flows"]
    second = bench.below("orders")
    assert second["flows/orders/flow_id"] == first["flows/orders/flow_id"]
    assert second["flows/orders/mapping_set_id"] != first["flows/orders/mapping_set_id"]

    assert apply(bench, raw("id")) == ["adopt mappingSets", "patch flows"]
    third = bench.below("orders")["flows/orders/mapping_set_id"]
    assert third == first["flows/orders/mapping_set_id"]


def test_invalid_mappings_change_nothing(bench: Bench) -> None:
    with pytest.raises(InvalidPropertyError, match=r"^Flows.0.Mappings: nonsense cannot be read"):
        apply(bench, raw("nonsense"))
    assert bench.total() == 0
    assert bench.below("orders") == {}


def test_no_source_sends_to_a_flow_during_a_change_in_place(bench: Bench) -> None:
    apply(bench, raw("id"))
    bench.provisioner().sources.apply(source(), OWNER)
    bench.clock.advance(3_600)
    held: list[bool] = []

    def look() -> None:
        held.append(document(bench).flows["orders"].ready_at > bench.clock())

    bench.while_sleeping = look
    bench.adobe.on_call = lambda call: held.append(
        call != "PATCH flows" or document(bench).flows["orders"].ready_at > bench.clock()
    )
    apply(bench, raw("id", "total"))

    assert all(held)
    assert bench.slept == [SOURCE_DOCUMENT_TTL]
    settled = document(bench).flows["orders"].ready_at - bench.clock()
    assert settled.total_seconds() == 300


def test_each_flow_with_mappings_has_its_own_set(bench: Bench) -> None:
    mappings = [{"Source": "id", "Destination": "_tenant.id"}]
    flows = (flow(Mappings=mappings), flow("returns", RETURNS_DATASET, Mappings=mappings))
    apply(bench, connection(*flows, DataType="raw"))

    assert len(bench.mapping_sets.sets) == 2
