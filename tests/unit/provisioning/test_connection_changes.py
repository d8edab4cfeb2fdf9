"""Connections change without a moment in which a source has no flow."""

from typing import Any

import pytest

from bridge.errors import InvalidPropertyError, UnavailableError
from bridge.provisioning.documents import SOURCE_DOCUMENT_TTL
from bridge.source import Source
from tests.fakes_provisioning import (
    MAPPING_SET,
    OTHER_SCHEMA,
    RETURNS_DATASET,
    STACK,
    Bench,
    connection,
    flow,
    source,
)

OWNER = f"{STACK}/OrdersConnection"


@pytest.fixture
def bench() -> Bench:
    return Bench()


def apply(bench: Bench, properties: dict[str, Any], owner: str = OWNER) -> list[str]:
    """Apply; the actions taken, without those that changed nothing."""
    steps = bench.provisioner().connections.apply(properties, owner).steps
    return [f"{step.action} {step.slot.kind}" for step in steps if step.action != "keep"]


def document(bench: Bench, name: str = "github") -> Source:
    return Source.from_document(bench.values[f"/inlet-bridge/test/sources/{name}"])


def test_another_flow_touches_no_other(bench: Bench) -> None:
    apply(bench, connection())
    before = bench.below("orders")

    assert apply(bench, connection(flow(), flow("returns", RETURNS_DATASET))) == [
        "create sourceConnections",
        "create targetConnections",
        "create flows",
    ]
    assert before.items() <= bench.below("orders").items()
    assert bench.slept == []


@pytest.mark.parametrize("changed", [{"dataset": RETURNS_DATASET}, {"SchemaId": OTHER_SCHEMA}])
def test_another_dataset_is_in_every_document_a_minute_before_the_old_one_goes(
    bench: Bench, changed: dict[str, str]
) -> None:
    apply(bench, connection())
    bench.provisioner().sources.apply(source(), OWNER)
    old = document(bench).flows["orders"].flow_id
    bench.clock.advance(3600)
    meanwhile: list[tuple[str, bool]] = []

    def look() -> None:
        exists = old in bench.adobe.ids("flows")
        meanwhile.append((document(bench).flows["orders"].flow_id, exists))

    bench.while_sleeping = look

    assert apply(bench, connection(flow(**changed))) == [
        "replace targetConnections",
        "replace flows",
        "delete flows",
        "delete targetConnections",
    ]
    new = document(bench).flows["orders"]
    assert meanwhile == [(new.flow_id, True)]
    assert bench.slept == [SOURCE_DOCUMENT_TTL]
    assert (
        bench.adobe.ids("flows") == {new.flow_id} == {bench.below("orders")["flows/orders/flow_id"]}
    )
    assert bench.adobe.total() == 4
    assert new.ready_at.isoformat() == "2026-11-01T13:05:00+00:00"
    assert not [name for name in bench.below("orders") if name.startswith("former/")]


def test_without_a_source_there_is_nobody_to_wait_for(bench: Bench) -> None:
    apply(bench, connection())
    apply(bench, connection(flow(dataset=RETURNS_DATASET)))

    assert bench.slept == []
    assert bench.adobe.total() == 4


def test_another_mapping_replaces_only_the_flow(bench: Bench) -> None:
    def raw(version: str) -> dict[str, Any]:
        mapped = flow(MappingSetId=MAPPING_SET, MappingSetVersion=version)
        return connection(mapped, DataType="raw")

    apply(bench, raw("0"))

    assert apply(bench, raw("1")) == ["replace flows", "delete flows"]
    item = next(iter(bench.adobe.objects["flows"].values()))
    assert item["transformations"] == [
        {"name": "Mapping", "params": {"mappingId": MAPPING_SET, "mappingVersion": 1}}
    ]


def test_a_removed_flow_goes_with_its_parameters(bench: Bench) -> None:
    apply(bench, connection(flow(), flow("returns", RETURNS_DATASET)))

    assert apply(bench, connection()) == [
        "delete flows",
        "delete sourceConnections",
        "delete targetConnections",
    ]
    assert bench.adobe.total() == 4
    assert not [name for name in bench.below("orders") if "returns" in name or "former" in name]


def test_a_flow_that_a_source_takes_is_not_removed(bench: Bench) -> None:
    apply(bench, connection(flow(), flow("returns", RETURNS_DATASET)))
    bench.provisioner().sources.apply(source(Routes=[{"Flow": "returns"}]), OWNER)

    with pytest.raises(InvalidPropertyError, match=r"^Flows: source github .* flow returns$"):
        apply(bench, connection())
    assert bench.adobe.total() == 7


@pytest.mark.parametrize("changed", [{"Authenticated": "false"}, {"DataType": "raw"}])
def test_another_kind_of_inlet_is_a_chain_beside_the_old_one(
    bench: Bench, changed: dict[str, str]
) -> None:
    apply(bench, connection())
    bench.provisioner().sources.apply(source(), OWNER)
    old = bench.below("orders")["inlet_url"]
    mapped = flow(MappingSetId=MAPPING_SET, MappingSetVersion="0")

    taken = apply(bench, connection(mapped if "DataType" in changed else flow(), **changed))

    assert taken == [
        "replace connections",
        "replace sourceConnections",
        "replace flows",
        "delete flows",
        "delete sourceConnections",
        "delete connections",
    ]
    assert document(bench).connection.inlet_url == bench.below("orders")["inlet_url"] != old
    assert bench.slept == [SOURCE_DOCUMENT_TTL]
    assert bench.adobe.total() == 4


def test_what_somebody_deleted_at_adobe_is_made_again(bench: Bench) -> None:
    apply(bench, connection())
    bench.adobe.objects["flows"].clear()

    assert apply(bench, connection()) == ["create flows"]
    assert bench.below("orders")["flows/orders/flow_id"] in bench.adobe.ids("flows")


def test_the_former_state_comes_back_from_what_still_exists(bench: Bench) -> None:
    """A rollback finds the old flow, since it is deleted last."""
    apply(bench, connection())
    bench.provisioner().sources.apply(source(), OWNER)
    before = document(bench).flows["orders"].flow_id

    def too_late() -> None:
        raise UnavailableError("the time does not suffice")

    bench.while_sleeping = too_late
    with pytest.raises(UnavailableError):
        apply(bench, connection(flow(dataset=RETURNS_DATASET)))
    bench.while_sleeping = lambda: None

    apply(bench, connection())

    assert document(bench).flows["orders"].flow_id == before
    assert bench.adobe.ids("flows") == {before}
    assert bench.adobe.total() == 4
