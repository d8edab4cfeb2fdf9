"""Sources become the document that the receiver reads."""

from typing import Any

import pytest

from bridge.chain.record import Entry
from bridge.errors import InvalidPropertyError, UnavailableError
from bridge.provisioning.ownership import DIRECT
from bridge.source import Route, Source
from tests.fakes import NOON
from tests.fakes_provisioning import (
    RETURNS_DATASET,
    SECRET,
    STACK,
    Bench,
    connection,
    flow,
    source,
)

OWNER = f"{STACK}/GithubSource"
DOCUMENT = "/inlet-bridge/test/sources/github"


@pytest.fixture
def bench() -> Bench:
    bench = Bench()
    bench.provisioner().connections.apply(connection(), OWNER)
    bench.adobe.calls.clear()
    return bench


def apply(bench: Bench, **properties: Any) -> bool:
    return bench.provisioner().sources.apply(source(**properties), OWNER)[1]


def test_the_document_holds_all_that_a_webhook_needs(bench: Bench) -> None:
    assert apply(bench, Delivery="queued")

    document = Source.from_document(bench.values[DOCUMENT])
    ids = bench.below("orders")
    assert document.provider == "github"
    assert document.secrets == (SECRET,)
    assert document.delivery == "queued"
    assert document.routes == (Route("orders"),)
    assert document.connection.inlet_url == ids["inlet_url"]
    assert document.connection.source_id == ids["source_id"]
    assert document.connection.authenticated
    assert document.flows["orders"].flow_id == ids["flows/orders/flow_id"]
    assert document.delivery_id
    assert bench.adobe.calls == []


def test_the_same_again_writes_nothing(bench: Bench) -> None:
    apply(bench)
    writes = bench.parameters.writes

    assert not apply(bench)
    assert bench.parameters.writes == writes


def test_a_plan_writes_nothing(bench: Bench) -> None:
    assert bench.provisioner().sources.plan(source(), OWNER)
    assert DOCUMENT not in bench.values


def test_what_was_buffered_for_another_route_still_finds_its_flow(bench: Bench) -> None:
    flows = flow(), flow("returns", RETURNS_DATASET)
    bench.provisioner().connections.apply(connection(*flows), OWNER)
    apply(bench, Routes=[{"Flow": "returns"}])

    document = Source.from_document(bench.values[DOCUMENT])
    assert document.routes == (Route("returns"),)
    assert document.flows.keys() == {"orders", "returns"}


def test_the_identity_of_deliveries_can_be_spelt_out(bench: Bench) -> None:
    apply(bench, DeliveryId="header:x-id", EventType=["header:x-type", "header:x-topic"])

    document = Source.from_document(bench.values[DOCUMENT])
    assert document.delivery_id == ("header:x-id",)
    assert document.event_type == ("header:x-type", "header:x-topic")


@pytest.mark.parametrize(
    ("properties", "sentence"),
    [
        ({"Connection": "sales"}, "Connection: there is no connection sales"),
        (
            {"Routes": [{"Flow": "returns"}]},
            "Routes.0.Flow: connection orders has no flow returns; there is orders",
        ),
        (
            {"Secrets": [SECRET, f"{SECRET}-old"]},
            f"Secrets.1: {SECRET}-old does not exist",
        ),
        ({"Provider": "gihtub"}, "Provider: "),
        ({"Provider": None}, "Provider: "),
        ({"DeliveryId": "somewhere"}, "DeliveryId: "),
    ],
)
def test_a_source_that_cannot_work_is_refused_and_not_written(
    bench: Bench, properties: dict[str, Any], sentence: str
) -> None:
    before = dict(bench.values)

    with pytest.raises(InvalidPropertyError) as caught:
        apply(bench, **properties)
    assert str(caught.value).startswith(sentence)
    assert bench.values == before


def test_an_empty_secret_is_refused(bench: Bench) -> None:
    bench.values[SECRET] = " "

    with pytest.raises(InvalidPropertyError, match=r"^Secrets\.0: .* is empty$"):
        apply(bench)


def test_with_several_flows_the_route_must_be_named(bench: Bench) -> None:
    flows = flow(), flow("returns", RETURNS_DATASET)
    bench.provisioner().connections.apply(connection(*flows), OWNER)

    with pytest.raises(InvalidPropertyError, match=r"^Routes: is required"):
        apply(bench)


def test_nothing_is_built_on_a_connection_that_is_being_changed(bench: Bench) -> None:
    entry = Entry("run", NOON, "create flows returns").to_text()
    bench.values["/inlet-bridge/test/connections/orders/journal"] = entry

    with pytest.raises(UnavailableError, match="being changed"):
        apply(bench)
    assert DOCUMENT not in bench.values


def test_the_name_of_another_owner_is_refused(bench: Bench) -> None:
    apply(bench)

    with pytest.raises(InvalidPropertyError, match=r"^Name: belongs to"):
        bench.provisioner().sources.apply(source(Delivery="queued"), DIRECT)
    with pytest.raises(InvalidPropertyError, match=r"^Name: belongs to"):
        bench.provisioner().sources.destroy("github", DIRECT)
    assert '"inline"' in bench.values[DOCUMENT]


def test_destroying_leaves_nothing(bench: Bench) -> None:
    apply(bench)

    assert bench.provisioner().sources.destroy("github", OWNER)
    assert not bench.provisioner().sources.destroy("github", OWNER)
    assert not [name for name in bench.values if "/sources/" in name]


def test_the_status_names_secrets_and_never_shows_them(bench: Bench) -> None:
    apply(bench)
    status = bench.provisioner().sources.status("github")

    assert status["secrets"] == {SECRET: True}
    assert status["path"] == "/webhooks/github"
    assert bench.values[SECRET] not in str(status)
    assert bench.provisioner().sources.status("gitlab") == {"name": "gitlab", "exists": False}


def test_an_unreadable_document_is_named(bench: Bench) -> None:
    bench.values[DOCUMENT] = '{"version": 1}'

    with pytest.raises(UnavailableError, match="source github"):
        bench.provisioner().sources.documents.all()
