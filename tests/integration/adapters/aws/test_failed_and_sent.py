"""Records of deliveries that Adobe rejected later, and of those whose body is kept."""

from collections.abc import Iterator
from copy import replace
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from moto import mock_aws

from bridge.adapters.aws.delivery_items import (
    OPEN_KEYS,
    SENT_INDEX,
    SENT_KEY,
    as_parameters,
    key_item,
    open_values,
)
from bridge.adapters.aws.dynamodb import DynamoDbDeliveries
from bridge.adapters.aws.dynamodb_attempts import DynamoDbAttempts
from bridge.adapters.aws.failed_records import sent_query
from bridge.delivery.claim import Claim
from bridge.delivery.dead_letter import DeadLetterInfo
from bridge.delivery.delivery import Delivery
from bridge.delivery.outcomes import DeadClass
from bridge.delivery.record import DONE, OPEN, State, key_of
from tests.support.deliveries_table import TABLE, deliveries_table, open_entries
from tests.support.fakes import NOON, FakeClock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LATER, LIFETIME = timedelta(seconds=20), timedelta(days=8)
PLAIN = Delivery("github", "d-1", "id:d-1", "issues", "events", NOON, NOON, b"{}")
KEPT = replace(PLAIN, kept="id:d-1")


@dataclass
class Table:
    """The table with its two adapters."""

    client: "DynamoDBClient"
    deliveries: DynamoDbDeliveries
    attempts: DynamoDbAttempts

    def set_state(self, delivery: Delivery, state: State) -> None:
        """As reconciliation and an operator do."""
        values = {"state": {"S": state}, **open_values(delivery, state)}
        self.client.update_item(
            TableName=TABLE,
            Key=key_item(key_of(delivery)),
            UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in values),
            ExpressionAttributeNames={f"#{name}": name for name in values},
            ExpressionAttributeValues=as_parameters(values),
        )

    def record(self) -> dict[str, str]:
        [item] = self.client.scan(TableName=TABLE)["Items"]
        return {name: str(next(iter(value.values()))) for name, value in item.items()}

    def sent(self, xaction_id: str) -> list[Any]:
        return self.client.query(TableName=TABLE, **sent_query(xaction_id))["Items"]


@pytest.fixture
def table() -> Iterator[Table]:
    clock = FakeClock()
    with mock_aws():
        client = deliveries_table()
        yield Table(
            client,
            DynamoDbDeliveries(client, TABLE, clock, LIFETIME),
            DynamoDbAttempts(client, TABLE, clock, LIFETIME),
        )


def test_failed_delivery_is_open_and_settled() -> None:
    assert State.FAILED in OPEN & DONE
    assert State.ERASED in DONE - OPEN


def test_delivered_record_of_a_kept_body_is_found_by_its_xaction_id(table: Table) -> None:
    table.deliveries.claim(KEPT, NOON + LATER)
    assert table.sent("1:2:3") == []
    table.deliveries.delivered(KEPT, "flow", "1:2:3")

    [entry] = table.sent("1:2:3")
    assert {name: entry[name] for name in key_item(key_of(KEPT))} == key_item(key_of(KEPT))
    assert table.record()["kept"] == "id:d-1"


def test_batch_records_the_kept_key_the_replay_and_the_entry(table: Table) -> None:
    """It overwrites whole records."""
    table.deliveries.claim(KEPT, NOON + LATER)
    replayed = replace(KEPT, replay="r-1")
    other = replace(PLAIN, key="id:other", delivery_id="other")
    table.deliveries.delivered_all([(replayed, "1:2:4")], "flow")

    assert (table.record()["kept"], table.record()["replay"]) == ("id:d-1", "r-1")
    table.deliveries.delivered_all([(other, "1:2:5")], "flow")
    assert len(table.sent("1:2:4")) == 1
    assert table.sent("1:2:5") == []


def test_records_without_a_kept_body_are_those_of_before(table: Table) -> None:
    table.deliveries.claim(PLAIN, NOON + LATER)
    table.deliveries.delivered(PLAIN, "flow", "1:2:3")

    names = table.record().keys()
    assert not names & {"kept", "replay", SENT_KEY}
    assert table.client.scan(TableName=TABLE, IndexName=SENT_INDEX)["Items"] == []


@pytest.mark.parametrize("state", [State.FAILED, State.ERASED])
def test_stale_copy_of_a_settled_delivery_is_neither_sent_nor_recorded(
    table: Table, state: State
) -> None:
    table.deliveries.delivered_all([(KEPT, "1:2:3")], "flow")
    table.set_state(KEPT, state)

    assert not table.attempts.begin(KEPT, NOON + LATER)
    if state is State.FAILED:
        info = DeadLetterInfo(DeadClass.INVALID, "the inlet returned 400", 3, NOON, NOON)
        table.deliveries.postponed(KEPT, "the inlet returned 503", NOON + LATER)
        table.deliveries.dead(KEPT, info)
    assert table.record()["state"] == state


def test_repetition_of_a_failed_delivery_gets_its_xaction_id(table: Table) -> None:
    table.deliveries.delivered_all([(PLAIN, "1:2:3")], "flow")
    table.set_state(PLAIN, State.FAILED)

    assert table.deliveries.claim(PLAIN, NOON + LATER) == Claim(State.FAILED, "1:2:3")


def test_failed_delivery_that_is_sent_again_is_no_longer_open(table: Table) -> None:
    table.deliveries.delivered_all([(KEPT, "1:2:3")], "flow")
    table.set_state(KEPT, State.FAILED)
    [entry] = open_entries(table.client)
    assert entry[OPEN_KEYS[1]].startswith("failed ")

    table.set_state(KEPT, State.BUFFERED)
    table.deliveries.delivered_all([(replace(KEPT, replay="r-1"), "1:2:9")], "flow")

    assert open_entries(table.client) == []
    assert (table.sent("1:2:3"), len(table.sent("1:2:9"))) == ([], 1)
