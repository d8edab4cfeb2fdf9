"""Any change of a chain converges, is idempotent, and keeps a flow available."""

from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.sources.source import Source
from tests.support.declarations import (
    ORDERS_DATASET,
    OTHER_DATASET,
    OTHER_SCHEMA,
    RETURNS_DATASET,
    SCHEMA,
    STACK,
    source,
)
from tests.support.provisioning_bench import Bench

OWNER = f"{STACK}/OrdersConnection"
DOCUMENT = "/inlet-bridge/test/sources/github"

type Properties = dict[str, Any]


@st.composite
def properties(draw: st.DrawFn) -> Properties:
    """Generate a connection with a flow `orders` and perhaps others."""
    data_type = draw(st.sampled_from(["xdm", "raw"]))
    names = draw(st.sets(st.sampled_from(["returns", "stock"])))
    return {
        "Name": "orders",
        "Description": draw(st.sampled_from(["", "Shop."])),
        "Authenticated": draw(st.sampled_from(["true", "false"])),
        "DataType": data_type,
        "Flows": [draw(flows(name, data_type)) for name in ("orders", *sorted(names))],
    }


@st.composite
def flows(draw: st.DrawFn, name: str, data_type: str) -> Properties:
    schema = draw(st.sampled_from([SCHEMA, OTHER_SCHEMA]))
    destination: Properties = draw(
        st.sampled_from(
            [
                {"DatasetId": ORDERS_DATASET, "SchemaId": SCHEMA},
                {"DatasetId": RETURNS_DATASET, "SchemaId": SCHEMA},
                {"DatasetId": OTHER_DATASET, "SchemaId": OTHER_SCHEMA},
                {"Dataset": {"Name": f"{name} {schema[-1]}", "SchemaId": schema}},
            ]
        )
    )
    source_field = draw(st.sampled_from(["id", "number"]))
    mapping = {"Mappings": [{"Source": source_field, "Destination": "_tenant.id"}]}
    description = {"Description": draw(st.sampled_from(["", "Ours."]))}
    return {"Name": name, **destination, **description, **(mapping if data_type == "raw" else {})}


def watch_deletions(bench: Bench) -> None:
    """From now on, fail on the deletion of an object that SSM or a source document names."""
    delete = bench.adobe.delete

    def watched(kind: str, object_id: str) -> bool:
        recorded = {n: v for n, v in bench.below("orders").items() if not n.startswith("former")}
        assert object_id not in recorded.values()
        document = Source.from_document(bench.values[DOCUMENT])
        assert object_id not in [flow.flow_id for flow in document.flows.values()]
        return delete(kind, object_id)

    bench.adobe.delete = watched  # type: ignore[method-assign]


def snapshot(bench: Bench) -> tuple[Mapping[str, str], Mapping[str, Any], Mapping[str, Any]]:
    return dict(bench.values), dict(bench.datasets.sets), dict(bench.mapping_sets.sets)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(properties(), properties())
def test_change_converges_and_a_repeated_apply_changes_nothing(
    before: Properties, after: Properties
) -> None:
    bench = Bench()
    bench.apply(before, OWNER)
    bench.provisioner().sources.apply(source(Routes=[{"Flow": "orders"}]), OWNER)
    watch_deletions(bench)

    bench.apply(after, OWNER)
    assert bench.provisioner().connections.drift("orders") == ()
    datasets = sum("Dataset" in flow for flow in after["Flows"])
    assert bench.total() == 1 + 3 * len(after["Flows"]) + datasets

    reached = snapshot(bench)
    steps = bench.apply(after, OWNER).steps
    assert {step.action for step in steps} == {"nothing"}
    assert snapshot(bench) == reached
