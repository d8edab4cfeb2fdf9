"""Wherever a run breaks off, the next one ends with exactly one chain."""

from collections.abc import Callable
from typing import Any

import pytest

from bridge.errors import AdobeError
from bridge.source import Source
from tests.fakes_provisioning import (
    RETURNS_DATASET,
    Bench,
    Fuse,
    KilledError,
    connection,
    flow,
    source,
)

OWNER = "stack/OrdersConnection"

CREATED = connection()
UPDATES = {
    "another dataset": connection(flow(dataset=RETURNS_DATASET)),
    "another flow": connection(flow(), flow("returns", RETURNS_DATASET)),
    "another kind of inlet": connection(Authenticated="false"),
    "everything at once": connection(
        flow(dataset=RETURNS_DATASET), flow("returns"), Authenticated="false"
    ),
}


def killed() -> Exception:
    return KilledError()


def refused() -> Exception:
    """What a POST ends with whose answer got lost; the provisioner looks and goes on."""
    return AdobeError("503", status=503, retryable=True)


def apply(bench: Bench, properties: dict[str, Any]) -> None:
    bench.provisioner().connections.apply(properties, OWNER)


def started(before: dict[str, Any] | None) -> Bench:
    bench = Bench()
    if before:
        apply(bench, before)
        bench.provisioner().sources.apply(source(), OWNER)
    return bench


def cuts(before: dict[str, Any] | None, act: Callable[[Bench], None]) -> range:
    """Every moment before and after a call to Adobe or a write to SSM."""
    bench = started(before)
    fuse = bench.set_fuse(Fuse())
    act(bench)
    return range(1, fuse.moments + 1)


def assert_one_chain(bench: Bench, properties: dict[str, Any]) -> None:
    recorded = {value for name, value in bench.below("orders").items() if name.endswith("_id")}
    made = [item for kind in bench.adobe.objects.values() for item in kind]

    assert len(made) == 1 + 3 * len(properties["Flows"])
    assert set(made) <= recorded
    assert not [name for name in bench.below("orders") if name.startswith(("former", "changing"))]


@pytest.mark.parametrize("error", [killed, refused])
@pytest.mark.parametrize("update", [None, *UPDATES])
def test_a_run_that_was_cut_anywhere_is_completed_by_the_next(
    update: str | None, error: Callable[[], Exception]
) -> None:
    before, wanted = (CREATED, UPDATES[update]) if update else (None, CREATED)
    for cut in cuts(before, lambda bench: apply(bench, wanted)):
        bench = started(before)
        bench.set_fuse(Fuse(cut, error()))
        try:
            apply(bench, wanted)
        except (KilledError, AdobeError):
            bench.set_fuse(Fuse())
            apply(bench, wanted)

        assert_one_chain(bench, wanted)
        if update:
            text = bench.values["/inlet-bridge/test/sources/github"]
            seen = Source.from_document(text).flows["orders"].flow_id
            assert seen == bench.below("orders")["flows/orders/flow_id"]


@pytest.mark.parametrize("update", UPDATES)
def test_a_change_that_was_cut_anywhere_can_be_taken_back(update: str) -> None:
    for cut in cuts(CREATED, lambda bench: apply(bench, UPDATES[update])):
        bench = started(CREATED)
        bench.set_fuse(Fuse(cut))
        with pytest.raises(KilledError):
            apply(bench, UPDATES[update])
        bench.set_fuse(Fuse())
        apply(bench, CREATED)

        assert_one_chain(bench, CREATED)


def test_a_creation_that_was_cut_anywhere_is_deleted_without_a_rest() -> None:
    for cut in cuts(None, lambda bench: apply(bench, CREATED)):
        bench = started(None)
        bench.set_fuse(Fuse(cut))
        with pytest.raises(KilledError):
            apply(bench, CREATED)
        bench.set_fuse(Fuse())
        bench.provisioner().connections.destroy("orders", OWNER)

        assert bench.adobe.total() == 0
        assert bench.below("orders") == {}


def test_a_deletion_that_was_cut_anywhere_is_completed_by_the_next() -> None:
    def destroy(bench: Bench) -> None:
        bench.provisioner().connections.destroy("orders", OWNER)

    for cut in cuts(CREATED, destroy):
        bench = started(CREATED)
        bench.set_fuse(Fuse(cut))
        with pytest.raises(KilledError):
            destroy(bench)
        bench.set_fuse(Fuse())
        destroy(bench)

        assert bench.adobe.total() == 0
        assert bench.below("orders") == {}


def test_no_source_is_built_on_a_chain_that_is_half_changed() -> None:
    for cut in cuts(CREATED, lambda bench: apply(bench, UPDATES["another kind of inlet"])):
        bench = started(CREATED)
        bench.set_fuse(Fuse(cut))
        with pytest.raises(KilledError):
            apply(bench, UPDATES["another kind of inlet"])
        bench.set_fuse(Fuse())
        ids = bench.below("orders")
        source_id = ids["flows/orders/source_connection_id"]
        base_of_flow = bench.adobe.objects["sourceConnections"].get(source_id, {})

        if bench.provisioner().connections.status("orders")["usable"]:
            assert base_of_flow["baseConnectionId"] == ids["base_connection_id"]
