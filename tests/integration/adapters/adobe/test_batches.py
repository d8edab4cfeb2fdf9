"""Batches and failed records, read over HTTP."""

import gzip
import json
from collections.abc import Iterator

import pytest
import requests

from bridge.adapters.adobe.batches import AdobeBatches
from bridge.adapters.adobe.credentials import AdobeCredentials
from bridge.adapters.adobe.line_reader import LineReader
from bridge.adapters.adobe.platform import AdobePlatform
from bridge.adapters.http.retry_budget import RetryBudget
from bridge.errors import AdobeError, OutOfCallsError
from bridge.ports.ingestion import Batch, FailedFile
from bridge.reconciliation.call_limit import CallLimit
from tests.support.batch_api import BatchApi, Reply, batch_api, catalog_batch
from tests.support.fakes import FakeTokens

DATASET = "65f0c1a2b3d4e5f60718293a"
CREDENTIALS = AdobeCredentials("client", "secret", "org@AdobeOrg", "openid", "prod")
EXPORT = "/data/foundation/export"
FILE = FailedFile("part-0.json")


@pytest.fixture
def api() -> Iterator[BatchApi]:
    with batch_api() as api:
        yield api


@pytest.fixture
def limit() -> CallLimit:
    limit = CallLimit()
    limit.grant(50)
    return limit


@pytest.fixture
def paused() -> list[float]:
    return []


@pytest.fixture
def batches(api: BatchApi, limit: CallLimit, paused: list[float]) -> AdobeBatches:
    session = requests.Session()
    session.trust_env = False
    platform = AdobePlatform(
        session,
        api.url,
        FakeTokens(),
        lambda: CREDENTIALS,
        RetryBudget(paused.append, jitter=lambda: 1.0),
        before_request=limit.spend,
    )
    return AdobeBatches(platform)


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


def test_files_are_those_of_all_pages_and_folders(api: BatchApi, batches: AdobeBatches) -> None:
    many = {f"part-{n:03d}.json": b"{}" for n in range(130)}
    api.files["b1"] = {"_SUCCESS": b"", **many, "day=1": b"", "day=1/part 1.json": b"{}\n"}

    found = {file.path: file.length for file in batches.failed_files("b1")}

    assert found == {**dict.fromkeys(many, 2), "day=1/part 1.json": 3}
    assert list(batches.lines("b1", FailedFile("day=1/part 1.json", 3))) == [b"{}"]


@pytest.mark.parametrize(
    "about", [{"_page": {"count": 2, "limit": 2}}, {"_links": {"next": {"href": "https://x"}}}]
)
def test_pages_of_files_may_be_shorter(
    api: BatchApi, batches: AdobeBatches, about: dict[str, object]
) -> None:
    names = [["part-0.json", "part-1.json"], ["part-2.json"], []]
    pages: list[dict[str, object]] = [
        {"data": [{"name": name, "length": "5"} for name in page]} for page in names
    ]
    pages[0] |= about
    api.replies[f"{EXPORT}/batches/b1/failed"] = [
        Reply(content=json.dumps(page).encode()) for page in pages
    ]

    assert [file.path for file in batches.failed_files("b1")] == [*names[0], *names[1]]
    assert "start=2" in api.asked[-1]


def test_errors_of_rows_are_read_if_there_are_no_failed_records(
    api: BatchApi, batches: AdobeBatches
) -> None:
    api.row_errors["b1"] = {"parsing_errors_0.json": b'{"_errors":[]}\n'}

    [file] = batches.failed_files("b1")

    assert file.path == "row_errors/parsing_errors_0.json"
    assert list(batches.lines("b1", file)) == [b'{"_errors":[]}']
    assert batches.failed_files("b2") == []


@pytest.mark.parametrize(
    "data", [b"{}", b'{"data": {}}', b'{"data": [1, {}, {"name": 7}, {"name": ""}]}', b"[]"]
)
def test_list_of_files_of_another_shape_is_empty(
    api: BatchApi, batches: AdobeBatches, data: bytes
) -> None:
    api.replies[f"{EXPORT}/batches/b1/failed"] = [Reply(content=data)]

    assert batches.failed_files("b1") == []


def test_lines_of_a_file(api: BatchApi, batches: AdobeBatches) -> None:
    content = b'{"a":1}\n\n  \r\n{"b":2}\r\n{"c":3}'
    api.files["b1"] = {FILE.path: content}

    assert list(batches.lines("b1", FailedFile(FILE.path, len(content)))) == [
        b'{"a":1}',
        b'{"b":2}',
        b'{"c":3}',
    ]
    assert list(batches.lines("b1", FILE, 2)) == [b'{"c":3}']


def test_compressed_response_is_read(api: BatchApi, batches: AdobeBatches) -> None:
    content = gzip.compress(b"one\ntwo\n")
    api.replies[EXPORT] = [Reply(content=content, headers={"Content-Encoding": "gzip"})]

    assert list(batches.lines("b1", FailedFile(FILE.path, 8))) == [b"one", b"two"]


def test_long_line_is_skipped(
    api: BatchApi, batches: AdobeBatches, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LineReader, "MOST_LINE_BYTES", 200_000)
    api.files["b1"] = {FILE.path: b"one\n" + b"x" * 500_000 + b"\ntwo\n" + b"y" * 300_000}

    assert list(batches.lines("b1", FILE)) == [b"one", None, b"two", None]


def test_huge_file_is_read_to_a_bound(
    api: BatchApi, batches: AdobeBatches, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LineReader, "MOST_FILE_BYTES", 100_000)
    api.files["b1"] = {FILE.path: b"0123456789\n" * 50_000}

    assert 9_000 < len(list(batches.lines("b1", FILE))) < 25_000


@pytest.mark.parametrize("stated", [30, 8])
def test_cut_file_yields_its_whole_lines_and_an_error(
    api: BatchApi, batches: AdobeBatches, stated: int
) -> None:
    """The connection ends early, or the response is shorter than the list said."""
    api.replies[EXPORT] = [Reply(content=b"one\ntwo\nth"[: min(stated, 10)], stated=stated)]
    found: list[bytes | None] = []

    with pytest.raises(AdobeError, match="is cut") as raised:
        found.extend(batches.lines("b1", FailedFile(FILE.path, 30)))

    assert (raised.value.status, raised.value.retryable) == (None, True)
    assert found in ([], [b"one", b"two"])


def test_file_that_has_expired(api: BatchApi, batches: AdobeBatches) -> None:
    with pytest.raises(AdobeError) as raised:
        list(batches.lines("gone", FILE))

    assert (raised.value.status, raised.value.retryable) == (404, False)
