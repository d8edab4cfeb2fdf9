"""Datasets that a connection creates."""

import pytest

from bridge.errors import InvalidPropertyError
from tests.support.applied_connections import OWNER, apply
from tests.support.declarations import (
    SCHEMA,
    connection,
)
from tests.support.provisioning_bench import Bench


def test_dataset_is_created_once_and_never_deleted_if_it_contains_data(bench: Bench) -> None:
    own = {"Name": "orders", "Dataset": {"Name": "Orders", "SchemaId": SCHEMA, "Profile": "true"}}
    assert apply(bench, connection(own))[1] == "create dataSets"
    (dataset_id,) = bench.datasets.sets
    assert bench.below("orders")["flows/orders/dataset_id"] == dataset_id
    assert apply(bench, connection(own)) == []

    bench.datasets.full.add(dataset_id)
    bench.provisioner().connections.removal.destroy("orders", OWNER)

    assert set(bench.datasets.sets) == {dataset_id}
    assert bench.below("orders") == {}
    assert bench.adobe.total() == 0


def test_foreign_dataset_is_not_adopted(bench: Bench) -> None:
    bench.datasets.create({"name": "Orders", "schemaRef": {"id": SCHEMA}})
    own = {"Name": "orders", "Dataset": {"Name": "Orders", "SchemaId": SCHEMA}}

    with pytest.raises(
        InvalidPropertyError, match=r"^Flows.0.Dataset: .* the bridge did not create it"
    ):
        apply(bench, connection(own))
    assert bench.total() == 1


def test_enabling_profile_does_not_create_a_second_dataset(bench: Bench) -> None:
    own = {"Name": "orders", "Dataset": {"Name": "Orders", "SchemaId": SCHEMA}}
    apply(bench, connection(own))
    own["Dataset"] |= {"Profile": "true"}  # type: ignore[operator]

    with pytest.raises(InvalidPropertyError, match="Profile is off, not on"):
        apply(bench, connection(own))
    assert len(bench.datasets.sets) == 1


@pytest.mark.parametrize("before", ["true", "false"])
def test_way_out_of_another_profile_is_the_former_one(bench: Bench, before: str) -> None:
    dataset = {"Name": "Orders", "SchemaId": SCHEMA}
    apply(bench, connection({"Name": "orders", "Dataset": dataset | {"Profile": before}}))
    after = {"true": "false", "false": "true"}[before]

    with pytest.raises(InvalidPropertyError) as caught:
        apply(bench, connection({"Name": "orders", "Dataset": dataset | {"Profile": after}}))
    way_out = f"that stays, so write Profile: {before} as before, or choose another Name"
    assert str(caught.value).endswith(way_out)
