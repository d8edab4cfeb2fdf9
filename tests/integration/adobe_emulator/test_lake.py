"""The emulated data lake: what the inlet accepted becomes batches of its dataset."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests

from adobe_emulator.clock import Clock
from adobe_emulator.emulator import Adobe
from adobe_emulator.server import serving
from adobe_emulator.settings import (
    EVENTS_DATASET_ID,
    PERMISSIVE_DATASET_ID,
    PROFILES_DATASET_ID,
    Behavior,
)
from adobe_emulator.xdm_schemas import EVENTS_SCHEMA_ID
from tests.integration.adobe_emulator.conftest import NOW
from tests.support.adobe_client import Client
from tests.support.lake_client import EVENT, EVENTS_PATH, LakeClient

BEHAVIOR = Behavior(settle=timedelta(0), page_size=3)
WINDOW, DELAY = BEHAVIOR.batch_window, BEHAVIOR.batch_delay
COUNTS = ("inputRecordCount", "outputRecordCount", "failedRecordCount")


@pytest.fixture(scope="module")
def served() -> Iterator[Adobe]:
    with serving(BEHAVIOR, clock=Clock(lambda: NOW)) as adobe:
        yield adobe


def counts(batch: dict[str, Any]) -> tuple[int, ...]:
    return tuple(batch["metrics"][name] for name in COUNTS)


def test_batch_is_staging_then_processing_then_success(lake: LakeClient) -> None:
    lake.send(EVENT, EVENT)
    [staging] = lake.batches()
    lake.advance(WINDOW)
    [processing] = lake.batches()
    lake.advance(DELAY)
    [done] = lake.batches()

    assert [each["status"] for each in (staging, processing, done)] == [
        "staging",
        "processing",
        "success",
    ]
    assert staging["metrics"] == processing["metrics"] == {}
    assert "completed" not in processing
    assert counts(done) == (2, 2, 0)
    assert "errors" not in done
    assert done["id"] == staging["id"]
    assert done["relatedObjects"] == [{"type": "dataSet", "id": EVENTS_DATASET_ID}]
    assert done["created"] <= done["started"] < done["completed"]
    assert done["updated"] == done["completed"]


def test_batch_with_failed_records_is_a_success_with_errors(lake: LakeClient) -> None:
    lake.send(EVENT, {**EVENT, "colour": "red"}, {"_id": "b"}, {**EVENT, "x": 1})
    [batch] = lake.complete()

    assert batch["status"] == "success"
    assert counts(batch) == (4, 1, 3)
    assert {each["code"]: each["recordCount"] for each in batch["errors"]} == {
        "DCVS-1057-400": 2,
        "DCVS-1106-400": 1,
    }
    assert batch["errors"][0]["description"] == (
        "The message cannot be validated: [#: extraneous key [colour] is not permitted]"
    )


def test_batch_without_any_valid_record_failed(lake: LakeClient) -> None:
    lake.send({"_id": "b"})
    [batch] = lake.complete()

    assert (batch["status"], counts(batch)) == ("failed", (1, 0, 1))


def test_records_of_one_window_are_one_batch_and_datasets_have_their_own(lake: LakeClient) -> None:
    lake.send(EVENT)
    lake.advance(WINDOW / 3)
    lake.send(EVENT)
    lake.advance(WINDOW)
    lake.send(EVENT)
    lake.foreign([{}], PROFILES_DATASET_ID)

    assert sorted(counts(batch) for batch in lake.complete()) == [(1, 1, 0), (2, 2, 0)]
    [profiles] = lake.batches(dataSet=PROFILES_DATASET_ID)
    assert counts(profiles) == (1, 1, 0)
    assert lake.batches(dataSet=PERMISSIVE_DATASET_ID) == []


def test_schema_of_the_arrival_counts(lake: LakeClient) -> None:
    lake.send(EVENT)
    patch = {"required": ["_id", "timestamp", "eventType"]}
    lake.control("schemas", {"schema": EVENTS_SCHEMA_ID, "patch": patch})
    lake.send(EVENT)

    assert [counts(batch) for batch in lake.complete()] == [(2, 1, 1)]


def test_full_batch_ends_before_its_window() -> None:
    behavior = Behavior(settle=timedelta(0), batch_records=2)
    with (
        serving(behavior, clock=Clock(lambda: NOW)) as adobe,
        requests.Session() as session,
    ):
        lake = LakeClient(Client(adobe, session))
        lake.send(EVENT, EVENT, EVENT, EVENT, EVENT)

        assert sorted(counts(batch) for batch in lake.complete()) == [
            (1, 1, 0),
            (2, 2, 0),
            (2, 2, 0),
        ]


def test_failed_records_can_be_a_batch_of_their_own() -> None:
    behavior = Behavior(settle=timedelta(0), separate_failures=True)
    with (
        serving(behavior, clock=Clock(lambda: NOW)) as adobe,
        requests.Session() as session,
    ):
        lake = LakeClient(Client(adobe, session))
        lake.send(EVENT, {"_id": "b"}, EVENT)
        found = {each["status"]: each for each in lake.complete()}

        assert counts(found["success"]) == (2, 2, 0)
        assert counts(found["failed"]) == (1, 0, 1)
        assert len(lake.failed_records(found["failed"]["id"])) == 1
        assert lake.failed_records(found["success"]["id"]) == []


def test_one_batch_is_read_by_its_id(lake: LakeClient) -> None:
    lake.send(EVENT)
    [batch] = lake.complete()
    answer = lake.client.platform("GET", f"/catalog/batches/{batch['id']}")

    assert answer.json() == {batch["id"]: batch}
    assert lake.client.platform("GET", "/catalog/batches/unknown").status_code == 404


def test_batches_are_filtered_ordered_and_paged(lake: LakeClient) -> None:
    for _ in range(5):
        lake.send(EVENT)
        lake.advance(WINDOW)
    oldest_first = lake.batches(orderBy="asc:created", limit=100)
    created = [each["created"] for each in oldest_first]

    assert created == sorted(created)
    assert len(set(created)) == 5
    assert lake.batches(orderBy="desc:created", limit=100) == oldest_first[::-1]
    pages = [lake.batches(orderBy="asc:created", limit=2, start=start) for start in (0, 2, 4, 6)]
    assert [each for page in pages for each in page] == oldest_first
    assert [len(page) for page in pages] == [2, 2, 1, 0]
    assert len(lake.batches()) == BEHAVIOR.page_size
    after = lake.batches(createdAfter=created[1], orderBy="asc:created")
    assert after == oldest_first[2:]
    assert lake.batches(status="staging", limit=100) == []
    assert lake.batches(limit=1, properties="status,id")[0].keys() == {"status", "id"}


@pytest.mark.parametrize(
    "query",
    [
        *("limit=101", "limit=0", "limit=x", "start=-1", "orderBy=created", "orderBy=asc:colour"),
        *("pageSize=1", "limit=1&limit=2", "createdAfter=yesterday"),
    ],
)
def test_query_that_is_not_right_is_refused(lake: LakeClient, query: str) -> None:
    answer = lake.client.platform("GET", f"/catalog/batches?dataSet={EVENTS_DATASET_ID}&{query}")

    assert answer.status_code == 400


def test_counts_of_datasets_and_flows_hold_at_any_time(lake: LakeClient) -> None:
    lake.send(EVENT, {"_id": "b"})
    lake.foreign([EVENT, {}])
    flow = lake.chain().flow
    before = lake.counts()
    lake.complete()
    after = lake.counts()

    assert before["flows"][flow] == {"ingested": 0, "failed": 0, "pending": 2}
    assert (before["ingested"], before["failed"], before["pending"]) == (0, 0, 4)
    assert after["flows"] == {
        flow: {"ingested": 1, "failed": 1, "pending": 0},
        "": {"ingested": 1, "failed": 1, "pending": 0},
    }
    assert (after["ingested"], after["failed"], after["pending"]) == (2, 2, 0)


def test_ledger_agrees_with_the_batches(lake: LakeClient) -> None:
    lake.send(EVENT, {"_id": "b"})
    ledger = lake.client.adobe.ledger

    assert [len(each) for each in (ledger.received, ledger.lost, ledger.refused)] == [1, 1, 0]
    assert ledger.lost[0].reason == "#: required key [timestamp] not found"
    assert [counts(batch) for batch in lake.complete()] == [(2, 1, 1)]


def test_batches_can_be_delayed(lake: LakeClient) -> None:
    lake.send(EVENT)
    lake.control("lake/delays", {"dataset": EVENTS_DATASET_ID, "seconds": 3_600})
    [late] = lake.complete()
    lake.advance(timedelta(hours=1))

    assert late["status"] == "processing"
    assert lake.batches()[0]["status"] == "success"


def test_batches_go_with_their_dataset(lake: LakeClient) -> None:
    lake.send(EVENT)
    lake.control("datasets", {"action": "delete", "dataset": EVENTS_DATASET_ID})

    path = f"/catalog/batches?dataSet={EVENTS_DATASET_ID}"
    assert lake.client.platform("GET", path).status_code == 404
    assert lake.client.platform("GET", EVENTS_PATH).status_code == 404
    assert lake.client.platform("GET", "/catalog/batches").json() == {}
