"""Plans create before they delete, and delete in the order that Adobe requires."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bridge.names import ChainLocation, Slot
from bridge.provisioning.chain.desired import DesiredChain, DesiredFlow
from bridge.provisioning.chain.plan import DELETION_ORDER, ObservedState, plan
from bridge.provisioning.chain.record import ChainRecord, RetiredObject, id_parameter
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
    """Return the ids of the objects of a complete chain."""
    ids: dict[Slot, str] = {}
    objects = {}
    for slot in chain.slots():
        ids[slot] = f"{generation}-{slot.kind}-{slot.flow}"
        objects[slot] = {**body(slot, chain, PLACE, ids), "id": ids[slot]}
    return ChainRecord({id_parameter(slot): text for slot, text in ids.items()}), objects


@given(chains)
def test_plan_is_empty_if_nothing_differs(chain: DesiredChain) -> None:
    assert {step.action for step in plan(chain, PLACE, ObservedState(*existing_ids(chain)))} == {
        "nothing"
    }


@given(chains)
def test_missing_objects_are_created_in_order_of_dependency(chain: DesiredChain) -> None:
    steps = plan(chain, PLACE, ObservedState(ChainRecord({})))

    assert tuple(step.slot for step in steps) == chain.slots()
    assert {step.action for step in steps} == {"create"}


@given(chains, chains)
def test_plan_accounts_for_every_object(before: DesiredChain, after: DesiredChain) -> None:
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
def test_deletions_come_last_in_reverse_order_of_dependency(
    before: DesiredChain, after: DesiredChain
) -> None:
    record, objects = existing_ids(before)
    wanted = {slot: item for slot, item in objects.items() if slot in after.slots()}

    steps = plan(after, PLACE, ObservedState(record, wanted))

    deleting = [step.action == "delete" for step in steps]
    assert deleting == sorted(deleting)
    order = [DELETION_ORDER.index(step.slot.kind) for step in steps if step.action == "delete"]
    assert order == sorted(order)


def test_leftovers_of_an_earlier_change_are_deleted_unless_in_use_again() -> None:
    chain = DesiredChain(
        "orders", authenticated=True, data_type="xdm", flows=(DesiredFlow("o", "1" * 24, SCHEMA),)
    )
    record, objects = existing_ids(chain)
    used = objects[Slot("flows", "o")]["id"]
    formers = (RetiredObject("flows", "old", "g"), RetiredObject("flows", used, "g"))
    values = {**record.values, **{each.parameter: each.to_text() for each in formers}}

    steps = plan(chain, PLACE, ObservedState(ChainRecord(values), objects))

    assert [step.object_id for step in steps if step.action == "delete"] == ["old"]


def test_reason_names_the_change() -> None:
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


def test_existing_objects_are_adopted_instead_of_created() -> None:
    chain = DesiredChain(
        "orders", authenticated=True, data_type="xdm", flows=(DesiredFlow("o", "1" * 24, SCHEMA),)
    )
    objects = existing_ids(chain)[1]
    found = {slot: (item,) for slot, item in objects.items()}

    steps = plan(chain, PLACE, ObservedState(ChainRecord({}), found=found))

    assert {step.action for step in steps} == {"adopt"}
    assert {step.reason for step in steps} == {"it is there already"}


def test_duplicate_object_is_deleted() -> None:
    chain = DesiredChain(
        "orders", authenticated=True, data_type="xdm", flows=(DesiredFlow("o", "1" * 24, SCHEMA),)
    )
    record, objects = existing_ids(chain)
    slot = Slot("flows", "o")
    twin = {**objects[slot], "id": "twin"}

    steps = plan(chain, PLACE, ObservedState(record, objects, {slot: (objects[slot], twin)}))

    assert [step.object_id for step in steps if step.action == "delete"] == ["twin"]


@given(chains, chains)
def test_no_object_of_a_retained_generation_is_deleted(
    before: DesiredChain, after: DesiredChain
) -> None:
    record, objects = existing_ids(before)
    values = {**record.values, "generation": before.generation}
    wanted = {slot: item for slot, item in objects.items() if slot in after.slots()}
    observed = ObservedState(ChainRecord(values), wanted, replaced_generation=before.generation)

    assert "delete" not in {step.action for step in plan(after, PLACE, observed)}
