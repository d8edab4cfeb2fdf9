"""Files of failed records and their lines, read over HTTP."""

import gzip
import json

import pytest

from bridge.adapters.adobe.batches import AdobeBatches
from bridge.adapters.adobe.line_reader import LineReader
from bridge.errors import AdobeError
from bridge.ports.ingestion import FailedFile
from tests.support.batch_api import EXPORT, BatchApi, Reply

FILE = FailedFile("part-0.json")


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
