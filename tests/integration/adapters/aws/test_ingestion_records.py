"""What is stored of batches, in the deliveries table on moto."""

from collections.abc import Iterator
from copy import replace
from datetime import timedelta
from typing import Any

import pytest
from moto import mock_aws

from bridge.adapters.aws.delivery_items import OPEN_KEYS, key_item
from bridge.adapters.aws.dynamodb import DynamoDbDeliveries
from bridge.adapters.aws.failed_records import DynamoDbFailedDeliveries
from bridge.adapters.aws.ingestion_records import DynamoDbIngestion
from bridge.delivery.delivery import Delivery
from bridge.delivery.ingestion import BatchRecord, DatasetProgress, Failure, RunState, Stage
from bridge.delivery.record import State, key_of
from bridge.errors import UnavailableError
from tests.support.deliveries_table import TABLE, deliveries_table, open_entries, throttle
from tests.support.fakes import NOON, FakeClock

LIFETIME = timedelta(days=8)
DATASET = "65f0c1a2b3d4e5f60718293a"
BATCH = BatchRecord(DATASET, "01GKQ", 1_793_534_400_000)
KEPT = Delivery("github", "d-1", "id:d-1", "issues", "events", NOON, NOON, b"{}", kept="id:d-1")
FAILURE = Failure("01GKQ", "required at #/_acme")


@pytest.fixture
def client() -> Iterator[Any]:
    with mock_aws():
        yield deliveries_table()


@pytest.fixture
def records(client: Any) -> DynamoDbIngestion:
    return DynamoDbIngestion(client, TABLE, FakeClock())


@pytest.fixture
def failures(client: Any) -> DynamoDbFailedDeliveries:
    return DynamoDbFailedDeliveries(client, TABLE, FakeClock(), LIFETIME)


def deliver(client: Any, delivery: Delivery, xaction_id: str) -> None:
    deliveries = DynamoDbDeliveries(client, TABLE, FakeClock(), LIFETIME)
    deliveries.claim(delivery, NOON + timedelta(seconds=20))
    deliveries.delivered(delivery, "flow", xaction_id)


def record_of(client: Any, delivery: Delivery) -> dict[str, str]:
    item = client.get_item(TableName=TABLE, Key=key_item(key_of(delivery)))["Item"]
    return {name: str(next(iter(value.values()))) for name, value in item.items()}


def test_first_run_finds_nothing(records: DynamoDbIngestion) -> None:
    assert records.load() == (RunState(), [])
    assert records.unsettled() == []
    assert records.batches(DATASET, 0) == {}
    assert records.failed_deliveries() == 0


def test_state_of_a_run_is_stored_by_one_of_two(records: DynamoDbIngestion) -> None:
    state = RunState(NOON, 17.0, NOON, NOON, 4, 0)

    assert records.save_run(state)
    assert not records.save_run(replace(state, calls=3.0))

    loaded, _ = records.load()
    assert loaded == replace(state, version=1)
    assert records.save_run(loaded)


def test_progress_of_datasets_is_stored(records: DynamoDbIngestion) -> None:
    first = DatasetProgress(DATASET, 5, 3, 100, NOON, NOON, "403")
    records.save_dataset(DatasetProgress("65f0c1a2b3d4e5f60718293b", listed_at=NOON))
    records.save_dataset(replace(first, newest=1))
    records.save_dataset(first)
    records.save_run(RunState())

    _, datasets = records.load()

    assert [each.dataset_id[-1] for each in datasets] == ["a", "b"]
    assert datasets[0] == first


def test_batch_is_stored_by_one_of_two(records: DynamoDbIngestion) -> None:
    read = replace(
        BATCH,
        status="success",
        stage=Stage.READING,
        received=9,
        ingested=2,
        failed=7,
        joined=1,
        resent=2,
        foreign=1,
        unknown=3,
        flows={"orders/events": 3},
        reasons={"type at #/a.b": 3},
        file="part-0.json",
        line=7,
        tries=1,
    )

    stored = records.save_batch(read)

    assert stored == replace(read, version=1)
    assert records.save_batch(read) is None
    assert records.batches(DATASET, BATCH.created - 1) == {BATCH.batch_id: stored}
    assert records.batches(DATASET, BATCH.created + 1) == {}


def test_only_batches_with_something_to_do_are_in_the_index(
    client: Any, records: DynamoDbIngestion
) -> None:
    unjoined = replace(BATCH, stage=Stage.READ, failed=2, joined=1)
    opened = replace(BATCH, batch_id="open", created=1)
    records.save_batch(replace(BATCH, batch_id="done", stage=Stage.READ, failed=1, joined=1))
    records.save_batch(replace(unjoined, batch_id="settled", is_settled=True))
    stored = [records.save_batch(unjoined), records.save_batch(opened)]

    assert records.unsettled() == stored[::-1]
    assert stored[1]
    records.save_batch(replace(stored[1], stage=Stage.READ))
    assert [each.batch_id for each in records.unsettled()] == [BATCH.batch_id]
    assert len(open_entries(client)) == 1


def test_all_unsettled_batches_are_read(records: DynamoDbIngestion) -> None:
    for number in range(130):
        records.save_batch(replace(BATCH, batch_id=f"b{number}", created=number))

    assert [each.created for each in records.unsettled()] == list(range(130))


def test_delivery_is_found_by_its_xaction_id_and_recorded_as_failed(
    client: Any, records: DynamoDbIngestion, failures: DynamoDbFailedDeliveries
) -> None:
    deliver(client, KEPT, "1:2:3")

    [key] = failures.sent_as("1:2:3")
    assert key == key_of(KEPT)
    assert failures.fail(key, "1:2:3", FAILURE)

    record = record_of(client, KEPT)
    assert record["state"] == State.FAILED
    assert record["failure"] == FAILURE.reason
    assert record["batch"] == FAILURE.batch_id
    assert record["failed_at"] == NOON.isoformat()
    assert set(OPEN_KEYS) <= record.keys()
    assert records.failed_deliveries() == 1


def test_failure_is_recorded_once(client: Any, failures: DynamoDbFailedDeliveries) -> None:
    deliver(client, KEPT, "1:2:3")
    failures.fail(key_of(KEPT), "1:2:3", FAILURE)
    before = record_of(client, KEPT)

    assert failures.fail(key_of(KEPT), "1:2:3", Failure("another", "x"))
    assert record_of(client, KEPT) == before


def test_delivery_that_was_sent_again_is_left_alone(
    client: Any, records: DynamoDbIngestion, failures: DynamoDbFailedDeliveries
) -> None:
    deliver(client, KEPT, "9:9:9")

    assert not failures.fail(key_of(KEPT), "1:2:3", FAILURE)
    assert not failures.fail(("github", "id:unknown"), "1:2:3", FAILURE)
    assert record_of(client, KEPT)["state"] == State.DELIVERED
    assert len(client.scan(TableName=TABLE)["Items"]) == 1
    assert records.failed_deliveries() == 0


def test_failure_without_a_reason_says_so(client: Any, failures: DynamoDbFailedDeliveries) -> None:
    deliver(client, KEPT, "1:2:3")

    failures.fail(key_of(KEPT), "1:2:3", Failure("b", ""))

    assert record_of(client, KEPT)["failure"] == "Adobe states no reason that is known"


def test_delivery_whose_body_is_not_kept_is_not_found(
    client: Any, failures: DynamoDbFailedDeliveries
) -> None:
    deliver(client, replace(KEPT, kept=""), "1:2:3")

    assert failures.sent_as("1:2:3") == []


def test_throttled_table_is_unavailable(
    client: Any, records: DynamoDbIngestion, failures: DynamoDbFailedDeliveries
) -> None:
    throttle(client, "Query", 99)
    throttle(client, "UpdateItem", 99)

    for call in (
        records.load,
        records.unsettled,
        records.failed_deliveries,
        lambda: records.save_batch(BATCH),
        lambda: failures.sent_as("1:2:3"),
        lambda: failures.fail(key_of(KEPT), "1:2:3", FAILURE),
    ):
        with pytest.raises(UnavailableError):
            call()
