"""After an interruption anywhere, the next run ends with exactly one chain.

Every call to Adobe and to SSM is interrupted in three ways: it is never made; it is made and the
process ends before the response; it is made and returns an error.
"""

import logging
from collections.abc import Callable, Iterator

import pytest

from bridge.names import Slot
from bridge.provisioning.chain.record import ChainRecord
from bridge.telemetry import logger
from tests.support.interrupted_connections import (
    CREATIONS,
    PLAIN,
    REVERSED,
    UPDATES,
    Tally,
    apply,
    assert_nothing,
    assert_one_chain,
    cloudformation_request,
    cuts,
    deleted,
    destroy,
    disabled,
    existing_ids,
    misrecorded,
    renamed,
    repair,
    with_manual_connection,
)
from tests.support.provisioning_bench import Bench


@pytest.fixture(scope="module")
def tally() -> Iterator[Tally]:
    logger.setLevel(logging.CRITICAL)  # It would take half of the time.
    tally = Tally()
    yield tally
    logger.setLevel(logging.INFO)
    print(f"\n{tally.cuts} cuts tried")  # noqa: T201 - the figure is asked for


@pytest.mark.parametrize("kind", CREATIONS)
def test_interrupted_creation_is_completed_by_the_next_run(kind: str, tally: Tally) -> None:
    for bench in cuts(with_manual_connection(), apply(CREATIONS[kind]), tally):
        apply(CREATIONS[kind])(bench)

        assert_one_chain(bench, CREATIONS[kind])


@pytest.mark.parametrize("kind", CREATIONS)
def test_interrupted_creation_is_deleted_completely(kind: str, tally: Tally) -> None:
    name = CREATIONS[kind]["Name"]
    for bench in cuts(with_manual_connection(), apply(CREATIONS[kind]), tally):
        destroy(name)(bench)

        assert_nothing(bench, name)


@pytest.mark.parametrize("kind", UPDATES)
def test_interrupted_update_is_completed_by_the_next_run(kind: str, tally: Tally) -> None:
    before, after = UPDATES[kind]
    for bench in cuts(existing_ids(before), apply(after), tally):
        apply(after)(bench)

        assert_one_chain(bench, after)


@pytest.mark.parametrize("kind", REVERSED)
def test_interrupted_update_can_be_rolled_back(kind: str, tally: Tally) -> None:
    before, after = UPDATES[kind]
    for bench in cuts(existing_ids(before), apply(after), tally):
        apply(before)(bench)

        assert_one_chain(bench, before)


@pytest.mark.parametrize("kind", REVERSED)
def test_interrupted_replacement_is_completed(kind: str, tally: Tally) -> None:
    before, after = UPDATES[kind]
    replace, clean_up = (
        cloudformation_request("Update", after, before),
        cloudformation_request("Delete", before, before),
    )
    for bench in cuts(existing_ids(before), replace, tally):
        replace(bench)
        clean_up(bench)

        assert_one_chain(bench, after)
    replaced = existing_ids(before)
    replace(replaced)
    for bench in cuts(replaced, clean_up, tally):
        clean_up(bench)

        assert_one_chain(bench, after)


@pytest.mark.parametrize("kind", REVERSED)
def test_rolled_back_replacement_restores_the_documents(kind: str, tally: Tally) -> None:
    before, after = UPDATES[kind]
    replaced = existing_ids(before)
    document = replaced.values["/inlet-bridge/test/sources/github"]
    cloudformation_request("Update", after, before)(replaced)
    back, clean_up = (
        cloudformation_request("Update", before, after),
        cloudformation_request("Delete", after, after),
    )
    for bench in cuts(replaced, back, tally):
        back(bench)
        clean_up(bench)

        assert_one_chain(bench, before)
        assert bench.values["/inlet-bridge/test/sources/github"] == document
    for bench in cuts(replaced, clean_up, tally):
        clean_up(bench)

        assert_one_chain(bench, before)
        assert bench.values["/inlet-bridge/test/sources/github"] == document


@pytest.mark.parametrize("kind", REVERSED)
def test_failed_replacement_is_rolled_back_with_the_documents(kind: str, tally: Tally) -> None:
    before, after = UPDATES[kind]
    standing_still = existing_ids(before)
    document = standing_still.values["/inlet-bridge/test/sources/github"]
    back = cloudformation_request("Update", before, before)
    for bench in cuts(standing_still, cloudformation_request("Update", after, before), tally):
        back(bench)

        assert_one_chain(bench, before)
        assert bench.values["/inlet-bridge/test/sources/github"] == document


@pytest.mark.parametrize("kind", CREATIONS)
def test_interrupted_deletion_is_completed_by_the_next_run(kind: str, tally: Tally) -> None:
    name = CREATIONS[kind]["Name"]
    for bench in cuts(existing_ids(CREATIONS[kind]), destroy(name), tally):
        destroy(name)(bench)

        assert_nothing(bench, name)


@pytest.mark.parametrize("mishap", [renamed, disabled, deleted, misrecorded])
def test_interrupted_repair_is_completed_by_the_next_run(
    mishap: Callable[[Bench], None], tally: Tally
) -> None:
    before = existing_ids(PLAIN)
    mishap(before)
    assert before.provisioner().connections.drift("orders")

    before.set_cut()
    for bench in cuts(before, repair, tally):
        repair(bench)

        assert_one_chain(bench, PLAIN)


@pytest.mark.parametrize("kind", ["the dataset", "everything at once"])
def test_source_on_a_partially_changed_chain_is_rejected(kind: str, tally: Tally) -> None:
    before, after = UPDATES[kind]
    for bench in cuts(existing_ids(before), apply(after), tally):
        record = ChainRecord(bench.below("orders"))
        if record.is_usable():
            source_id = record.object_id(Slot("sourceConnections", "orders"))
            base = bench.adobe.objects["sourceConnections"][source_id]["baseConnectionId"]

            assert base == record.object_id(Slot("connections"))


def test_more_than_three_hundred_interruptions_are_tested(tally: Tally) -> None:
    assert tally.cuts > 300
