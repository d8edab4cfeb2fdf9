"""Batches and failed records, read over HTTP."""

import json

import pytest

from bridge.adapters.adobe.batches import AdobeBatches
from bridge.errors import AdobeError, OutOfCallsError
from bridge.ports.ingestion import Batch
from bridge.reconciliation.call_limit import CallLimit
from tests.support.batch_api import EXPORT, BatchApi, Reply, catalog_batch

DATASET = "65f0c1a2b3d4e5f60718293a"


def test_batch_of_the_catalog(api: BatchApi, batches: AdobeBatches) -> None:
    metrics = {"inputRecordCount": 519, "outputRecordCount": 514, "failedRecordCount": 5}
    errors = [
        {"code": "INGEST-1212-400", "description": "Encountered 5 errors"},
        {"code": "INGEST-1401-400", "description": "CANARY", "recordCount": 2},
        {"code": "INGEST-1401-400", "recordCount": 3},
        {"code": 7},
        "text",
    ]
    api.batches["b1"] = catalog_batch(DATASET, 9, metrics=metrics, errors=errors)

    codes = {"INGEST-1212-400": 0, "INGEST-1401-400": 5}
    expected = Batch("b1", "success", 9, 519, 514, 5, codes)
    assert batches.created_after(DATASET, 8, 0) == ([expected], False)
    assert batches.get("b1") == expected
    assert batches.get("gone") is None


@pytest.mark.parametrize(
    "others",
    [
        {},
        {"metrics": None, "errors": {}},
        {"metrics": {"failedRecordCount": "x", "inputRecordCount": True}},
        {"metrics": {"failedRecordCount": -1, "outputRecordCount": 1e300}},
    ],
)
def test_numbers_that_are_missing_or_wrong_are_unknown(
    api: BatchApi, batches: AdobeBatches, others: dict[str, object]
) -> None:
    api.batches["b1"] = catalog_batch(DATASET, 9, **others)

    assert batches.get("b1") == Batch("b1", "success", 9)


def test_pages_follow_in_the_order_of_creation(api: BatchApi, batches: AdobeBatches) -> None:
    api.batches = {f"b{n:03d}": catalog_batch(DATASET, 1_000 - n) for n in range(150)}
    api.batches["other"] = catalog_batch("another", 900)

    first, more = batches.created_after(DATASET, 10, 0)
    second, end = batches.created_after(DATASET, 10, 100)

    assert (len(first), more, len(second), end) == (100, True, 50, False)
    created = [batch.created for batch in (*first, *second)]
    assert created == sorted(created)
    assert "orderBy=asc:created" in api.asked[0]


@pytest.mark.parametrize("reply", [Reply(404, b"{}"), Reply(200, b"[]")])
def test_no_batches(api: BatchApi, batches: AdobeBatches, reply: Reply) -> None:
    api.replies["/data/foundation/catalog"] = [reply]

    assert batches.created_after(DATASET, 0, 0) == ([], False)


def test_batch_that_adobe_has_deleted_is_gone(api: BatchApi, batches: AdobeBatches) -> None:
    api.replies["/data/foundation/catalog"] = [Reply(410, b"{}")]

    assert batches.get("b1") is None


def test_page_without_batches_is_the_last(api: BatchApi, batches: AdobeBatches) -> None:
    page = json.dumps({f"b{n}": None for n in range(100)}).encode()
    api.replies["/data/foundation/catalog"] = [Reply(200, page)]

    assert batches.created_after(DATASET, 0, 0) == ([], False)


def test_missing_permission_is_named(api: BatchApi, batches: AdobeBatches) -> None:
    api.replies = {
        "/data/foundation/catalog": [Reply(403, b'{"title": "Forbidden"}')],
        EXPORT: [Reply(403, b"")],
    }

    for ask in (lambda: batches.created_after(DATASET, 0, 0), lambda: batches.failed_files("b1")):
        with pytest.raises(AdobeError, match="permission View Datasets") as raised:
            ask()
        assert (raised.value.status, raised.value.retryable) == (403, False)


def test_check_reads_a_batch_that_does_not_exist(api: BatchApi, batches: AdobeBatches) -> None:
    batches.check()
    api.replies[f"{EXPORT}/batches"] = [Reply(403)]

    with pytest.raises(AdobeError, match="View Datasets"):
        batches.check()


def test_throttled_request_waits_as_adobe_asks_and_counts(
    api: BatchApi, batches: AdobeBatches, limit: CallLimit, paused: list[float]
) -> None:
    api.replies["/data/foundation/catalog"] = [
        Reply(429, headers={"Retry-After": "7"}),
        Reply(503, headers={"Retry-After": "3"}),
        Reply(500),
    ]

    assert batches.created_after(DATASET, 0, 0) == ([], False)
    assert paused == [7.0, 3.0, 2.0]
    assert limit.left == 46


def test_no_call_is_made_beyond_the_limit(
    api: BatchApi, batches: AdobeBatches, limit: CallLimit
) -> None:
    limit.grant(2)
    api.replies["/data/foundation/catalog"] = [Reply(503) for _ in range(9)]

    with pytest.raises(OutOfCallsError):
        batches.created_after(DATASET, 0, 0)
    assert len(api.asked) == 2
