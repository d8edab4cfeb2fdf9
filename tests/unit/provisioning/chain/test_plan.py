"""Plans build before they delete, and delete in the order that Adobe allows."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bridge.names import ChainLocation, Slot
from bridge.provisioning.chain.desired import DesiredChain, DesiredFlow
from bridge.provisioning.chain.plan import DELETION_ORDER, ObservedState, plan
from bridge.provisioning.chain.record import ChainRecord, RetiredObject
from bridge.provisioning.chain.request_bodies import body

PLACE = ChainLocation("dev", "0A1B@AdobeOrg", "sandbox", "eu-central-1:123456789012")
SCHEMA = "https://ns.adobe.com/tenant/schemas/5f1c2d3e"

type Harness = tuple[ChainRecord, dict[Slot, dict[str, Any]]]

flows = st.builds(
    DesiredFlow,
    name=st.sampled_from(["orders", "returns", "stock"]),
    dataset_id=st.sampled_from(["1" * 24, "2" * 24]),
    schema_id=st.just(SCHEMA),
)
chains = st.builds(
    DesiredChain,
    name=st.just("orders"),
    authenticated=st.booleans(),
    data_type=st.just("xdm"),
    flows=st.lists(flows, min_size=1, unique_by=lambda flow: flow.name).map(tuple),
)


def existing_ids(chain: DesiredChain, generation: str = "a") -> Harness:
    """What there is after a chain was built."""
    ids: dict[Slot, str] = {}
    objects = {}
    for slot in chain.slots():
        ids[slot] = f"{generation}-{slot.kind}-{slot.flow}"
        objects[slot] = {**body(slot, chain, PLACE, ids), "id": ids[slot]}
    return ChainRecord({slot.parameter: text for slot, text in ids.items()}), objects


@given(chains)
def test_nothing_is_left_to_do_when_everything_is_as_wanted(chain: DesiredChain) -> None:
    assert {step.action for step in plan(chain, PLACE, ObservedState(*existing_ids(chain)))} == {
        "nothing"
    }


@given(chains)
def test_what_does_not_exist_is_created_from_the_ground_up(chain: DesiredChain) -> None:
    steps = plan(chain, PLACE, ObservedState(ChainRecord({})))

    assert tuple(step.slot for step in steps) == chain.slots()
    assert {step.action for step in steps} == {"create"}


@given(chains, chains)
def test_a_plan_accounts_for_every_object(before: DesiredChain, after: DesiredChain) -> None:
    record, objects = existing_ids(before)
    wanted = {slot: item for slot, item in objects.items() if slot in after.slots()}

    steps = plan(after, PLACE, ObservedState(record, wanted))

    kept = {step.object_id for step in steps if step.action == "nothing"}
    deleted = [step.object_id for step in steps if step.action == "delete"]
    assert kept | set(deleted) == {item["id"] for item in objects.values()}
    assert not kept & set(deleted)
    assert len(deleted) == len(set(deleted))
    assert tuple(step.slot for step in steps if step.action != "delete") == after.slots()


@given(chains, chains)
def test_deletions_come_last_and_from_the_top_down(
    before: DesiredChain, after: DesiredChain
) -> None:
    record, objects = existing_ids(before)
    wanted = {slot: item for slot, item in objects.items() if slot in after.slots()}

    steps = plan(after, PLACE, ObservedState(record, wanted))

    deleting = [step.action == "delete" for step in steps]
    assert deleting == sorted(deleting)
    order = [DELETION_ORDER.index(step.slot.kind) for step in steps if step.action == "delete"]
    assert order == sorted(order)


def test_what_an_earlier_change_left_is_deleted_unless_it_is_in_use_again() -> None:
    chain = DesiredChain(
        "orders", authenticated=True, data_type="xdm", flows=(DesiredFlow("o", "1" * 24, SCHEMA),)
    )
    record, objects = existing_ids(chain)
    used = objects[Slot("flows", "o")]["id"]
    formers = (RetiredObject("flows", "old", "g"), RetiredObject("flows", used, "g"))
    values = {**record.values, **{each.parameter: each.to_text() for each in formers}}

    steps = plan(chain, PLACE, ObservedState(ChainRecord(values), objects))

    assert [step.object_id for step in steps if step.action == "delete"] == ["old"]


def test_the_reason_says_what_changed() -> None:
    before = DesiredFlow("orders", "1" * 24, SCHEMA)
    after = DesiredFlow("orders", "2" * 24, SCHEMA)
    record, objects = existing_ids(
        DesiredChain("orders", authenticated=True, data_type="xdm", flows=(before,))
    )

    steps = plan(
        DesiredChain("orders", authenticated=True, data_type="xdm", flows=(after,)),
        PLACE,
        ObservedState(record, objects),
    )

    assert [step.reason for step in steps] == [
        "nothing changed",
        "nothing changed",
        f"the dataset is {'1' * 24}, not {'2' * 24}",
        "the target connection is a-targetConnections-orders, not a new one",
        "it was replaced",
        "it was replaced",
    ]


def test_what_is_there_already_is_adopted_instead_of_made_again() -> None:
    chain = DesiredChain(
        "orders", authenticated=True, data_type="xdm", flows=(DesiredFlow("o", "1" * 24, SCHEMA),)
    )
    objects = existing_ids(chain)[1]
    found = {slot: (item,) for slot, item in objects.items()}

    steps = plan(chain, PLACE, ObservedState(ChainRecord({}), found=found))

    assert {step.action for step in steps} == {"adopt"}


def test_a_twin_is_deleted() -> None:
    chain = DesiredChain(
        "orders", authenticated=True, data_type="xdm", flows=(DesiredFlow("o", "1" * 24, SCHEMA),)
    )
    record, objects = existing_ids(chain)
    slot = Slot("flows", "o")
    twin = {**objects[slot], "id": "twin"}

    steps = plan(chain, PLACE, ObservedState(record, objects, {slot: (objects[slot], twin)}))

    assert [step.object_id for step in steps if step.action == "delete"] == ["twin"]


@given(chains, chains)
def test_nothing_of_a_kept_generation_is_deleted(before: DesiredChain, after: DesiredChain) -> None:
    record, objects = existing_ids(before)
    values = {**record.values, "generation": before.generation}
    wanted = {slot: item for slot, item in objects.items() if slot in after.slots()}
    observed = ObservedState(ChainRecord(values), wanted, replaced_generation=before.generation)

    assert "delete" not in {step.action for step in plan(after, PLACE, observed)}
