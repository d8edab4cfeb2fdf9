"""Tests of CloudFormation requests, in every order in which it sends them."""

import pytest

from bridge.custom_resources.request import Outcome, refused_id
from bridge.errors import InvalidPropertyError
from bridge.provisioning.custom_resource import CustomResourceRequest
from tests.support.custom_resource_events import ORDERS, send, source_event
from tests.support.declarations import (
    ORDERS_DATASET,
    RETURNS_DATASET,
    SCHEMA,
    connection,
    event,
    flow,
    source,
)
from tests.support.interruptions import KilledError
from tests.support.provisioning_bench import STAGE, Bench

GITHUB = "inlet-bridge/test/sources/github"


def test_created_connection_returns_its_attributes(bench: Bench) -> None:
    outcome = send(bench, "Create", connection(flow(), flow("returns", RETURNS_DATASET)))

    ids = bench.below("orders")
    assert outcome.physical_id.startswith("inlet-bridge/test/connections/orders/xdm-authenticated.")
    assert outcome == Outcome(
        outcome.physical_id,
        {
            "Name": "orders",
            "InletUrl": ids["inlet_url"],
            "InletId": ids["inlet_id"],
            "BaseConnectionId": ids["base_connection_id"],
            "FlowId": ids["flows/orders/flow_id"],
        },
    )


def test_created_source_returns_its_path(bench: Bench) -> None:
    send(bench, "Create", connection())
    routes = [{"Map": {"eventType": "event_type"}}]
    outcome = source_event(bench, "Create", source(Routes=routes))

    path = "/webhooks/github"
    data = {"Name": "github", "Path": path, "Url": f"{bench.webhook_url}{path}"}
    assert outcome == Outcome(GITHUB, data)


def test_source_without_verification_returns_a_warning(bench: Bench) -> None:
    send(bench, "Create", connection())
    outcome = source_event(bench, "Create", source(Verification="none", Secrets=[]))

    assert "requests to source github are not verified" in outcome.reason


def test_deleting_both_leaves_nothing(bench: Bench) -> None:
    before = dict(bench.values)
    send(bench, "Create", connection())
    source_event(bench, "Create", source())
    source_event(bench, "Delete", source(), GITHUB)
    send(bench, "Delete", connection(), ORDERS)

    assert bench.values == before
    assert bench.total() == 0


def test_delete_after_a_canceled_create_has_a_generated_id(
    bench: Bench,
) -> None:
    send(bench, "Create", connection())
    send(bench, "Delete", connection(), "bridge-OrdersConnection-1ABCDEFG")

    assert bench.total() == 0
    assert bench.below("orders") == {}


def test_repeated_event_changes_nothing(bench: Bench) -> None:
    first = send(bench, "Create", connection())

    assert send(bench, "Create", connection()) == first
    assert bench.total() == 4
    assert send(bench, "Delete", connection(), ORDERS).reason == (
        f"dataSets/{ORDERS_DATASET}, schemas/{SCHEMA} stays: the bridge did not create it"
    )
    assert "nothing left" in send(bench, "Delete", connection(), ORDERS).reason


def test_another_name_is_a_replacement_and_the_old_resource_is_deleted_by_id(bench: Bench) -> None:
    send(bench, "Create", connection())
    renamed = send(bench, "Update", connection(Name="sales"), ORDERS)
    send(bench, "Delete", connection(), ORDERS)

    assert renamed.physical_id == "inlet-bridge/test/connections/sales/xdm-authenticated.a9d939324a"
    assert bench.below("orders") == {}
    assert bench.total() == 4


def test_delete_after_a_refused_create_changes_no_chain(bench: Bench) -> None:
    send(bench, "Create", connection())
    other_stack = event("Create", connection(), stack="arn:aws:cloudformation:x:1:stack/other/9")

    with pytest.raises(InvalidPropertyError, match=r"^Name: belongs to"):
        CustomResourceRequest(other_stack, STAGE).serve(bench.provisioner())
    send(bench, "Delete", connection(), refused_id(other_stack), stack=other_stack["StackId"])
    send(bench, "Delete", connection(), ORDERS, stack=other_stack["StackId"])

    assert bench.total() == 4
    assert bench.below("orders")


def test_delete_after_a_failed_create_cleans_up(bench: Bench) -> None:
    failed = event("Create", connection())
    bench.set_cut(20)
    with pytest.raises(KilledError):
        CustomResourceRequest(failed, STAGE).serve(bench.provisioner())
    assert bench.total() > 0

    bench.set_cut()
    send(bench, "Delete", connection(), CustomResourceRequest(failed, STAGE).intended_id())

    assert bench.total() == 0
    assert bench.below("orders") == {}


@pytest.mark.parametrize(
    "physical_id",
    [
        "refused/OrdersConnection",
        "inlet-bridge/prod/connections/orders/xdm-authenticated.a9d939324a",
        "inlet-bridge/test/connections/orders",
        "inlet-bridge/test/sources/orders",
        "inlet-bridge/test/connections/",
        "inlet-bridge/test/connections/orders/xdm-authenticated.a9d939324a/flows",
    ],
)
def test_delete_of_a_foreign_resource_succeeds_and_changes_nothing(
    bench: Bench, physical_id: str
) -> None:
    send(bench, "Create", connection())
    outcome = send(bench, "Delete", connection(), physical_id)

    assert outcome.physical_id == physical_id
    assert bench.total() == 4


def test_delete_with_unusable_properties_deletes(bench: Bench) -> None:
    send(bench, "Create", connection())
    send(bench, "Delete", {"Nonsense": "1"}, ORDERS)

    assert bench.total() == 0


def test_retained_connection_remains_and_its_path_is_returned(bench: Bench) -> None:
    send(bench, "Create", connection(OnDelete="Retain"))
    outcome = send(bench, "Delete", connection(OnDelete="Retain"), ORDERS)

    assert "/inlet-bridge/test/connections/orders" in outcome.reason
    assert bench.total() == 4
    again = send(bench, "Create", connection(), stack="arn:aws:cloudformation:x:1:stack/new/7")
    assert again.physical_id == ORDERS
    assert bench.total() == 4


def test_retain_by_another_owner_does_not_change_the_owner(bench: Bench) -> None:
    send(bench, "Create", connection())
    send(bench, "Delete", connection(OnDelete="Retain"), ORDERS, stack="another/stack")

    assert bench.below("orders")["owner"] != "retained"


def test_unknown_type_is_rejected(bench: Bench) -> None:
    with pytest.raises(InvalidPropertyError, match=r"^Type: must be one of Custom::Streaming"):
        send(bench, "Create", connection(), resource="Custom::Mystery")


def test_failed_update_keeps_its_id() -> None:
    assert (
        CustomResourceRequest(
            event("Update", connection(Name="sales"), ORDERS), STAGE
        ).intended_id()
        == ORDERS
    )


def test_failed_create_without_a_valid_name_returns_a_refused_id() -> None:
    assert (
        CustomResourceRequest(event("Create", {"Name": "NO!"}), STAGE).intended_id()
        == "refused/OrdersConnection"
    )
    assert (
        CustomResourceRequest(event("Create", {}), STAGE).intended_id()
        == "refused/OrdersConnection"
    )
