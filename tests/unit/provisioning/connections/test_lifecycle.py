"""Tests of the creation, the deletion and the status of connections."""

import json

import pytest

from bridge.errors import AdobeError, InvalidPropertyError, UnavailableError
from bridge.provisioning.connections.properties import properties_text
from bridge.provisioning.ownership import DIRECT
from tests.support.adobe_fakes import FakeTenant
from tests.support.applied_connections import OWNER, apply, document
from tests.support.declarations import RETURNS_DATASET, connection, flow, source
from tests.support.fakes import NOON
from tests.support.provisioning_bench import Bench


def test_new_chain_has_its_ids_in_ssm(bench: Bench) -> None:
    apply(bench, connection(Authenticated="true"))

    base = next(iter(bench.adobe.objects["connections"].values()))
    assert bench.below("orders") == {
        "owner": OWNER,
        "properties": properties_text(connection(Authenticated="true")),
        "generation": "xdm-authenticated.a9d939324a",
        "adopted": "none",
        "complete": "xdm-authenticated.a9d939324a",
        "org_id": bench.tenant.org_id,
        "sandbox": "dev",
        "source_id": base["auth"]["params"]["sourceId"],
        "authenticated": "true",
        "data_type": "xdm",
        "base_connection_id": base["id"],
        "inlet_id": base["auth"]["params"]["inletId"],
        "inlet_url": base["auth"]["params"]["inletUrl"],
        "flows/orders/source_connection_id": min(bench.adobe.ids("sourceConnections")),
        "flows/orders/target_connection_id": min(bench.adobe.ids("targetConnections")),
        "flows/orders/flow_id": min(bench.adobe.ids("flows")),
        "flows/orders/dataset_id": flow()["DatasetId"],
        "flows/orders/schema_id": flow()["SchemaId"],
        "flows/orders/ready_at": "2026-11-01T12:05:00+00:00",
        "flows/orders/behavior": "record",
    }
    assert bench.total() == 4


def test_repeated_apply_reads_four_objects_and_writes_nothing(bench: Bench) -> None:
    apply(bench, connection())
    bench.provisioner().sources.apply(source(), OWNER)
    bench.adobe.calls.clear()
    writes = bench.parameters.writes

    assert apply(bench, connection()) == []
    assert bench.adobe.counted() == {"GET": 4}
    assert bench.parameters.writes == writes
    assert bench.slept == []


def test_plan_lists_the_actions_of_apply_and_changes_nothing(bench: Bench) -> None:
    plan = bench.plan(connection(), OWNER)

    assert bench.total() == 0
    assert bench.below("orders") == {}
    assert plan == bench.apply(connection(), OWNER).steps


def test_objects_without_a_record_are_adopted_and_not_created_again(bench: Bench) -> None:
    apply(bench, connection())
    before = bench.below("orders")
    for name in before:
        del bench.values[f"/inlet-bridge/test/connections/orders/{name}"]

    assert apply(bench, connection()) == [
        "adopt connections",
        "adopt sourceConnections",
        "adopt targetConnections",
        "adopt flows",
    ]
    assert bench.below("orders") == before
    assert bench.total() == 4


def test_inlet_on_an_unknown_host_is_rejected(bench: Bench) -> None:
    bench.adobe.inlet_host = "evil.example"

    with pytest.raises(AdobeError, match="INLET_HOSTS"):
        apply(bench, connection())
    assert "inlet_url" not in bench.below("orders")


def test_name_of_another_owner_is_rejected(bench: Bench) -> None:
    apply(bench, connection())
    before = bench.below("orders")

    with pytest.raises(InvalidPropertyError, match=r"^Name: belongs to "):
        apply(bench, connection(flow(dataset=RETURNS_DATASET)), DIRECT)
    assert bench.below("orders") == before
    assert bench.total() == 4


def test_leftovers_of_a_deleted_stack_are_adopted_unchanged(bench: Bench) -> None:
    apply(bench, connection())
    bench.provisioner().connections.retain_generation(
        "orders", "xdm-authenticated.a9d939324a", OWNER
    )

    assert apply(bench, connection(), "another/stack") == []
    assert bench.below("orders")["owner"] == "another/stack"


def test_other_credentials_create_no_duplicates(bench: Bench) -> None:
    apply(bench, connection())
    bench.tenant = FakeTenant(sandbox="prod")

    with pytest.raises(UnavailableError, match=r"in sandbox dev .* for sandbox prod"):
        apply(bench, connection())
    with pytest.raises(UnavailableError, match=r"in sandbox dev .* for sandbox prod"):
        bench.provisioner().connections.removal.destroy("orders", OWNER)
    assert bench.total() == 4


def test_two_installations_in_one_sandbox_do_not_share_chains() -> None:
    one = Bench()
    other = Bench(adobe=one.adobe, installation="eu-west-1:210987654321")
    apply(one, connection())
    apply(other, connection())

    assert one.adobe.total() == 8
    other.provisioner().connections.removal.destroy("orders", OWNER)
    assert one.adobe.ids("flows") == {one.below("orders")["flows/orders/flow_id"]}


def test_destroy_leaves_nothing(bench: Bench) -> None:
    apply(bench, connection(flow(), flow("returns", RETURNS_DATASET)))
    bench.provisioner().connections.removal.destroy("orders", OWNER)

    assert bench.total() == 0
    assert bench.below("orders") == {}


def test_token_is_deleted_with_the_last_connection(bench: Bench) -> None:
    apply(bench, connection())
    apply(bench, connection(Name="sales"))
    bench.provisioner().connections.removal.destroy("orders", OWNER)
    assert bench.tokens

    bench.provisioner().connections.removal.destroy("sales", OWNER)
    assert not bench.tokens


def test_destroying_a_missing_connection_succeeds(bench: Bench) -> None:
    assert bench.provisioner().connections.removal.destroy("orders", OWNER) == ()
    assert bench.adobe.calls == []


def test_status_names_the_objects_missing_at_adobe(bench: Bench) -> None:
    apply(bench, connection())
    bench.provisioner().sources.apply(source(), OWNER)
    bench.adobe.objects["flows"].clear()

    status = bench.provisioner().connections.status("orders")

    assert [each["name"] for each in status["drift"]] == ["flows of flow orders"]
    assert status["sources"] == ["github"]
    assert status["usable"] is True
    assert json.dumps(status)


def test_ready_time_counts_from_the_creation_of_the_flow(bench: Bench) -> None:
    apply(bench, connection())
    bench.provisioner().sources.apply(source(), OWNER)

    assert (document(bench).flows["orders"].ready_at - NOON).total_seconds() == 300
