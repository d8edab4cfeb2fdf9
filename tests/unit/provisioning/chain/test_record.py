"""Tests of the record of a chain and of the check that it is usable."""

import pytest

from bridge.names import Slot
from bridge.provisioning.chain.journal_entry import JournalEntry
from bridge.provisioning.chain.record import (
    CLEAN_UP,
    JOURNAL,
    ChainRecord,
    RetiredObject,
    id_parameter,
)
from tests.support.fakes import NOON

COMPLETE = {
    "owner": "direct",
    "org_id": "0A1B@AdobeOrg",
    "sandbox": "dev",
    "source_id": "orders-1",
    "authenticated": "true",
    "data_type": "xdm",
    "base_connection_id": "base",
    "inlet_id": "6" * 64,
    "inlet_url": "https://dcs.adobedc.net/collection/6",
    "flows/orders/dataset_id": "d",
    "flows/orders/schema_id": "s",
    "flows/orders/source_connection_id": "source",
    "flows/orders/target_connection_id": "target",
    "flows/orders/flow_id": "flow",
    "flows/orders/ready_at": "2026-11-01T12:05:00+00:00",
}


def test_complete_record_is_usable() -> None:
    assert ChainRecord(COMPLETE).is_usable()


@pytest.mark.parametrize("missing", sorted(COMPLETE.keys() - {"owner"}))
def test_incomplete_record_is_not_usable(missing: str) -> None:
    values = {name: text for name, text in COMPLETE.items() if name != missing}

    assert not ChainRecord(values).is_usable()


def test_record_of_a_chain_in_change_is_not_usable() -> None:
    entry = JournalEntry("run", NOON, "create flows orders").to_text()

    assert not ChainRecord({**COMPLETE, JOURNAL: entry}).is_usable()


def test_record_is_usable_while_only_deletions_remain() -> None:
    entry = JournalEntry("run", NOON, CLEAN_UP).to_text()

    assert ChainRecord({**COMPLETE, JOURNAL: entry}).is_usable()


def test_entry_round_trips() -> None:
    entry = JournalEntry("run", NOON, "create flows orders")

    assert JournalEntry.from_text(entry.to_text()) == entry


def test_foreign_base_connection_is_not_owned() -> None:
    base = Slot("connections")

    assert base in ChainRecord({**COMPLETE, "adopted": "none"}).created_ids()
    assert base in ChainRecord({**COMPLETE, "adopted": "another"}).created_ids()
    assert base not in ChainRecord({**COMPLETE, "adopted": "base"}).created_ids()


def test_empty_record_is_not_usable() -> None:
    record = ChainRecord({})

    assert not record.is_usable()
    assert record.owner == ""
    assert record.object_id(Slot("connections")) == ""


def test_record_has_current_and_former_objects() -> None:
    former = RetiredObject("flows", "old", "xdm-open", "2026-11-01T12:05:00+00:00")
    record = ChainRecord({**COMPLETE, former.parameter: former.to_text()})

    assert record.flows() == ("orders",)
    assert list(record.created_ids().values()) == ["base", "source", "target", "flow"]
    assert record.retired() == (former,)


def test_each_id_has_its_parameter() -> None:
    assert id_parameter(Slot("connections")) == "base_connection_id"
    assert id_parameter(Slot("flows", "orders")) == "flows/orders/flow_id"
    assert id_parameter(Slot("targetConnections", "orders")) == "flows/orders/target_connection_id"
