"""Tests of applying, planning and deleting sources."""

import pytest

from bridge.errors import InvalidPropertyError, UnavailableError
from bridge.provisioning.ownership import DIRECT
from bridge.sources.route import Route, RouteTarget
from bridge.sources.source import Source
from tests.support.applied_sources import DOCUMENT, OWNER, apply
from tests.support.declarations import RETURNS_DATASET, SECRET, connection, flow, source
from tests.support.provisioning_bench import Bench


def test_repeated_apply_writes_nothing(bench: Bench) -> None:
    apply(bench)
    writes = bench.parameters.writes

    assert not apply(bench)
    assert bench.parameters.writes == writes


def test_plan_writes_nothing(bench: Bench) -> None:
    assert bench.provisioner().sources.plan(source(), OWNER)[1]
    assert DOCUMENT not in bench.values


def test_message_buffered_for_a_former_route_still_resolves_its_flow(bench: Bench) -> None:
    flows = flow(), flow("returns", RETURNS_DATASET)
    bench.apply(connection(*flows), OWNER)
    apply(bench, Routes=[{"Flow": "returns"}])

    document = Source.from_document(bench.values[DOCUMENT])
    assert document.routes == (Route((RouteTarget("returns"),)),)
    assert document.flows.keys() == {"orders", "returns"}


def test_route_without_a_flow_leads_to_the_only_one(bench: Bench) -> None:
    apply(bench, Routes=[{"Map": {"eventType": "event_type"}}])

    [route] = Source.from_document(bench.values[DOCUMENT]).routes
    assert [target.flow for target in route.targets] == ["orders"]


def test_name_of_another_owner_is_rejected(bench: Bench) -> None:
    apply(bench)

    with pytest.raises(InvalidPropertyError, match=r"^Name: belongs to"):
        bench.provisioner().sources.apply(source(Delivery="queued"), DIRECT)
    by_stack = (
        r"^Name: belongs to the resource GithubSource of the stack \S+; change it by deploying"
    )
    with pytest.raises(InvalidPropertyError, match=by_stack):
        bench.provisioner().sources.destroy("github", DIRECT)
    assert '"inline"' in bench.values[DOCUMENT]


def test_renamed_resource_is_said_to_be_of_this_stack(bench: Bench) -> None:
    """CloudFormation creates the renamed resource before it deletes the former one."""
    apply(bench)
    renamed = OWNER.replace("GithubSource", "Github")
    said = r"^Name: is that of the resource GithubSource of this stack; keep its logical ID"

    with pytest.raises(InvalidPropertyError, match=said):
        bench.provisioner().sources.apply(source(Delivery="queued"), renamed)
    other = renamed.replace("stack/", "stack/other-")
    with pytest.raises(InvalidPropertyError, match=r"belongs to the resource .*by deploying"):
        bench.provisioner().sources.apply(source(Delivery="queued"), other)


def test_name_that_was_applied_directly_is_not_that_of_a_stack(bench: Bench) -> None:
    bench.provisioner().sources.apply(source(), DIRECT)

    with pytest.raises(InvalidPropertyError, match=r"`inlet apply` .* `inlet destroy` first$"):
        bench.provisioner().sources.apply(source(Delivery="queued"), OWNER)
    assert '"inline"' in bench.values[DOCUMENT]


def test_destroy_leaves_nothing(bench: Bench) -> None:
    apply(bench)
    bench.values[f"{DOCUMENT}/paused"] = "resumed"

    assert bench.provisioner().sources.destroy("github", OWNER)
    assert not bench.provisioner().sources.destroy("github", OWNER)
    assert not [name for name in bench.values if "/sources/" in name]


def test_status_names_secrets_without_their_values(bench: Bench) -> None:
    apply(bench)
    status = bench.provisioner().sources.status("github")

    assert status["secrets"] == {SECRET: True}
    assert status["path"] == "/webhooks/github"
    assert bench.values[SECRET] not in str(status)
    assert bench.provisioner().sources.status("gitlab") == {"name": "gitlab", "exists": False}


@pytest.mark.parametrize(
    ("value", "since"),
    [("2026-03-14T09:20:04+00:00", "2026-03-14T09:20:04+00:00"), ("resumed", ""), (None, "")],
)
def test_status_says_since_when_a_source_and_its_connection_are_paused(
    bench: Bench, value: str | None, since: str
) -> None:
    apply(bench)
    if value:
        bench.values[f"{DOCUMENT}/paused"] = value
        bench.values["/inlet-bridge/test/connections/orders/paused"] = value
    provisioner = bench.provisioner()

    assert provisioner.sources.status("github")["paused_since"] == since
    connection = provisioner.connections.status("orders")
    assert connection["paused_since"] == since
    assert "paused" not in connection["parameters"]


def test_unreadable_document_is_named(bench: Bench) -> None:
    bench.values[DOCUMENT] = '{"version": 1}'

    with pytest.raises(UnavailableError, match="source github"):
        bench.provisioner().sources.documents.all()
