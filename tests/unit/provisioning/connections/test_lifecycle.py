"""Connections come into being and go, and say what they are."""

import json
from typing import Any

import pytest

from bridge.errors import AdobeError, InvalidPropertyError, UnavailableError
from bridge.provisioning.connections.properties import properties_text
from bridge.provisioning.ownership import DIRECT
from bridge.sources.source import Source
from tests.support.fakes import NOON
from tests.support.provisioning_fakes import (
    RETURNS_DATASET,
    STACK,
    Bench,
    FakeTenant,
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
    steps = bench.apply(properties, owner).steps
    return [f"{step.action} {step.slot.kind}" for step in steps if step.action != "nothing"]


def document(bench: Bench, name: str = "github") -> Source:
    return Source.from_document(bench.values[f"/inlet-bridge/test/sources/{name}"])


def test_a_new_chain_has_its_ids_in_ssm(bench: Bench) -> None:
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
    }
    assert bench.total() == 4


def test_applying_the_same_again_reads_four_objects_and_writes_nothing(bench: Bench) -> None:
    apply(bench, connection())
    bench.provisioner().sources.apply(source(), OWNER)
    bench.adobe.calls.clear()
    writes = bench.parameters.writes

    assert apply(bench, connection()) == []
    assert bench.adobe.counted() == {"GET": 4}
    assert bench.parameters.writes == writes
    assert bench.slept == []


def test_a_plan_says_what_apply_does_and_changes_nothing(bench: Bench) -> None:
    plan = bench.plan(connection(), OWNER)

    assert bench.total() == 0
    assert bench.below("orders") == {}
    assert plan == bench.apply(connection(), OWNER).steps


def test_what_ssm_has_forgotten_is_adopted_and_not_made_again(bench: Bench) -> None:
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


def test_an_inlet_on_a_strange_host_is_refused(bench: Bench) -> None:
    bench.adobe.inlet_host = "evil.example"

    with pytest.raises(AdobeError, match="INLET_HOSTS"):
        apply(bench, connection())
    assert "inlet_url" not in bench.below("orders")


def test_the_name_of_another_owner_is_refused(bench: Bench) -> None:
    apply(bench, connection())
    before = bench.below("orders")

    with pytest.raises(InvalidPropertyError, match=r"^Name: belongs to arn:aws:cloudformation"):
        apply(bench, connection(flow(dataset=RETURNS_DATASET)), DIRECT)
    assert bench.below("orders") == before
    assert bench.total() == 4


def test_what_a_deleted_stack_left_is_taken_over_as_it_is(bench: Bench) -> None:
    apply(bench, connection())
    bench.provisioner().connections.retain_generation(
        "orders", "xdm-authenticated.a9d939324a", OWNER
    )

    assert apply(bench, connection(), "another/stack") == []
    assert bench.below("orders")["owner"] == "another/stack"


def test_other_credentials_do_not_make_everything_a_second_time(bench: Bench) -> None:
    apply(bench, connection())
    bench.tenant = FakeTenant(sandbox="prod")

    with pytest.raises(UnavailableError, match=r"in sandbox dev .* for sandbox prod"):
        apply(bench, connection())
    with pytest.raises(UnavailableError, match=r"in sandbox dev .* for sandbox prod"):
        bench.provisioner().connections.removal.destroy("orders", OWNER)
    assert bench.total() == 4


def test_two_installations_share_a_sandbox_without_taking_each_others_chain() -> None:
    one = Bench()
    other = Bench(adobe=one.adobe, installation="eu-west-1:210987654321")
    apply(one, connection())
    apply(other, connection())

    assert one.adobe.total() == 8
    other.provisioner().connections.removal.destroy("orders", OWNER)
    assert one.adobe.ids("flows") == {one.below("orders")["flows/orders/flow_id"]}


def test_destroying_leaves_nothing(bench: Bench) -> None:
    apply(bench, connection(flow(), flow("returns", RETURNS_DATASET)))
    bench.provisioner().connections.removal.destroy("orders", OWNER)

    assert bench.total() == 0
    assert bench.below("orders") == {}


def test_the_token_goes_with_the_last_connection(bench: Bench) -> None:
    apply(bench, connection())
    apply(bench, connection(Name="sales"))
    bench.provisioner().connections.removal.destroy("orders", OWNER)
    assert bench.tokens

    bench.provisioner().connections.removal.destroy("sales", OWNER)
    assert not bench.tokens


def test_destroying_what_is_not_there_is_fine(bench: Bench) -> None:
    assert bench.provisioner().connections.removal.destroy("orders", OWNER) == ()
    assert bench.adobe.calls == []


def test_the_status_says_what_adobe_has_lost(bench: Bench) -> None:
    apply(bench, connection())
    bench.provisioner().sources.apply(source(), OWNER)
    bench.adobe.objects["flows"].clear()

    status = bench.provisioner().connections.status("orders")

    assert [each["name"] for each in status["drift"]] == ["flows of flow orders"]
    assert status["sources"] == ["github"]
    assert status["usable"] is True
    assert json.dumps(status)


def test_a_connection_starts_to_settle_when_its_flow_exists(bench: Bench) -> None:
    apply(bench, connection())
    bench.provisioner().sources.apply(source(), OWNER)

    assert (document(bench).flows["orders"].ready_at - NOON).total_seconds() == 300
