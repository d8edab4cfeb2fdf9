"""Connections change without an interval in which a source has no flow."""

import pytest

from bridge.errors import AdobeError, InvalidPropertyError, UnavailableError
from bridge.provisioning.sources.documents import SOURCE_DOCUMENT_TTL
from tests.support.adobe_fakes import MAPPING_SET
from tests.support.applied_connections import OWNER, apply, document
from tests.support.declarations import (
    OTHER_SCHEMA,
    RETURNS_DATASET,
    connection,
    flow,
    source,
)
from tests.support.provisioning_bench import Bench


def test_additional_flow_changes_no_other_flow(bench: Bench) -> None:
    apply(bench, connection())
    of_all = ("properties", "generation", "complete")
    before = {n: text for n, text in bench.below("orders").items() if n not in of_all}

    assert apply(bench, connection(flow(), flow("returns", RETURNS_DATASET))) == [
        "create sourceConnections",
        "create targetConnections",
        "create flows",
    ]
    assert before.items() <= bench.below("orders").items()
    assert bench.slept == []


@pytest.mark.parametrize("changed", [{"dataset": RETURNS_DATASET}, {"SchemaId": OTHER_SCHEMA}])
def test_new_dataset_is_in_every_document_a_minute_before_the_deletion_of_the_old(
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
    assert bench.total() == 4
    assert new.ready_at.isoformat() == "2026-11-01T13:05:00+00:00"
    assert not [name for name in bench.below("orders") if name.startswith("former/")]


def test_failed_deletion_is_reported_and_completed_by_the_next_repair(
    bench: Bench,
) -> None:
    apply(bench, connection())
    old = bench.below("orders")["flows/orders/flow_id"]

    def refuse(call: str) -> None:
        if call == "DELETE flows":
            raise AdobeError("Adobe is busy", status=503, retryable=True)

    bench.adobe.on_call = refuse
    applied = bench.apply(connection(flow(dataset=RETURNS_DATASET)), OWNER)
    assert f"flows/{old}" in applied.deletion_warning
    assert "inlet repair orders" in applied.deletion_warning
    left = [each.name for each in bench.provisioner().connections.drift("orders")]
    assert [name.split("/")[0] for name in left] == ["flows", "targetConnections"]
    assert left[0] == f"flows/{old}"

    bench.adobe.on_call = lambda call: None
    repaired = bench.provisioner().connections.repair("orders")
    assert repaired.deletion_warning == ""
    assert bench.total() == 4
    assert bench.provisioner().connections.drift("orders") == ()


def test_unavailable_schema_fails_the_change(bench: Bench) -> None:
    apply(bench, connection())
    bench.provisioner().sources.apply(source(), OWNER)
    bench.schemas.down = True

    with pytest.raises(AdobeError):
        apply(bench, connection(flow(SchemaId=OTHER_SCHEMA)))
    bench.schemas.down = False
    apply(bench, connection(flow(SchemaId=OTHER_SCHEMA)))

    assert document(bench).flows["orders"].schema_id == OTHER_SCHEMA


def test_change_without_a_source_does_not_wait(bench: Bench) -> None:
    apply(bench, connection())
    apply(bench, connection(flow(dataset=RETURNS_DATASET)))

    assert bench.slept == []
    assert bench.total() == 4


def test_descriptions_are_patched_without_interrupting_the_flows(
    bench: Bench,
) -> None:
    apply(bench, connection())
    bench.provisioner().sources.apply(source(), OWNER)
    before = document(bench)

    assert apply(bench, connection(Description="Shop.")) == ["patch connections"]
    (base,) = bench.adobe.objects["connections"].values()
    assert base["description"].startswith("Shop. Made by Inlet Bridge")
    assert document(bench) == before
    assert bench.slept == []


def test_conflicting_patch_reads_the_object_again(bench: Bench) -> None:
    apply(bench, connection())

    def meddle(call: str) -> None:
        bench.adobe.on_call = lambda call: None
        for item in bench.adobe.objects["connections"].values():
            item["etag"] = '"somebody was faster"'

    bench.adobe.on_call = lambda call: meddle(call) if call.startswith("PATCH") else None

    assert apply(bench, connection(Description="Shop.")) == ["patch connections"]
    (base,) = bench.adobe.objects["connections"].values()
    assert base["description"].startswith("Shop.")


def test_removed_flow_is_deleted_with_its_parameters(bench: Bench) -> None:
    apply(bench, connection(flow(), flow("returns", RETURNS_DATASET)))

    assert apply(bench, connection()) == [
        "delete flows",
        "delete sourceConnections",
        "delete targetConnections",
    ]
    assert bench.total() == 4
    assert not [name for name in bench.below("orders") if "returns" in name or "former" in name]


def test_flow_in_use_by_a_source_is_not_removed(bench: Bench) -> None:
    apply(bench, connection(flow(), flow("returns", RETURNS_DATASET)))
    bench.provisioner().sources.apply(source(Routes=[{"Flow": "returns"}]), OWNER)

    with pytest.raises(InvalidPropertyError) as caught:
        apply(bench, connection())
    assert str(caught.value) == (
        "Flows: source github still routes to flow returns; keep it beside a new flow until no"
        " source routes to it"
    )
    assert bench.total() == 7


@pytest.mark.parametrize("changed", [{"Authenticated": "false"}, {"DataType": "raw"}])
def test_another_kind_of_inlet_creates_a_second_chain(
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
    assert bench.total() == 4


def test_objects_deleted_at_adobe_are_created_again(bench: Bench) -> None:
    apply(bench, connection())
    bench.adobe.objects["flows"].clear()

    assert apply(bench, connection()) == ["create flows"]
    assert bench.below("orders")["flows/orders/flow_id"] in bench.adobe.ids("flows")


def test_rollback_reuses_existing_objects(bench: Bench) -> None:
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
    assert bench.total() == 4
