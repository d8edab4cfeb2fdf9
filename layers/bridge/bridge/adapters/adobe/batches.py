"""Read batches from Adobe's Catalog, and their failed records with the Data Access API.

https://experienceleague.adobe.com/en/docs/experience-platform/ingestion/quality/retrieve-failed-batches
https://developer.adobe.com/experience-platform-apis/references/data-access/
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote, urlencode

import requests

from bridge.adapters.adobe.line_reader import LineReader
from bridge.adapters.adobe.platform import AdobePlatform
from bridge.adapters.adobe.platform_responses import read_json, read_object
from bridge.errors import AdobeError
from bridge.ports.ingestion import Batch, FailedFile

_BATCHES: Final = "data/foundation/catalog/batches"
_EXPORT: Final = "data/foundation/export/batches"
# The request only checks the permission.
_NO_BATCH: Final = "inlet-bridge-doctor"
_FAILED: Final = "failed"
_ROW_ERRORS: Final = "row_errors"
# The most that Catalog and Data Access return (their OpenAPI files).
_PER_PAGE: Final = 100
_MOST_PAGES: Final = 10
_MOST_NUMBER: Final = 10**15


class AdobeBatches:
    """The port `Batches`."""

    def __init__(self, platform: AdobePlatform) -> None:
        self._platform = platform

    def created_after(self, dataset_id: str, after: int, start: int) -> tuple[list[Batch], bool]:
        """A page of batches, oldest first, and whether more follow. Raises AdobeError.

        Catalog has a 404 "The batch responses were not found", which is no batch.
        """
        doing = f"list the batches of dataset {dataset_id}"
        query = {
            "dataSet": dataset_id,
            "createdAfter": after,
            "orderBy": "asc:created",
            "limit": _PER_PAGE,
            "start": start,
        }
        response = self._platform.request("GET", f"{_BATCHES}?{urlencode(query, safe=':')}", doing)
        if response.status_code == HTTPStatus.NOT_FOUND:
            return [], False
        documents = read_json(response, doing)
        if not isinstance(documents, dict):
            # Catalog returns an empty list in the place of an empty object.
            documents = {}
        found = [_batch(name, each) for name, each in documents.items() if isinstance(each, dict)]
        found.sort(key=lambda batch: (batch.created, batch.batch_id))
        return found, bool(found) and len(documents) >= _PER_PAGE

    def get(self, batch_id: str) -> Batch | None:
        """A batch, or None if it does not exist any more. Raises AdobeError."""
        doing = f"read batch {batch_id}"
        found = self._platform.read(f"{_BATCHES}/{quote(batch_id, safe='')}", doing)
        document = (found or {}).get(batch_id)
        return _batch(batch_id, document) if isinstance(document, dict) else None

    def check(self) -> None:
        """Read a batch that does not exist. Raises AdobeError if that is not allowed."""
        self.get(_NO_BATCH)
        self.failed_files(_NO_BATCH)

    def failed_files(self, batch_id: str) -> list[FailedFile]:
        """The files with failed records, or with the errors of rows. Raises AdobeError."""
        return self._files(batch_id, _FAILED, "") or self._files(batch_id, "meta", _ROW_ERRORS)

    def lines(self, batch_id: str, file: FailedFile, skip: int = 0) -> Iterator[bytes | None]:
        """The lines of a file, as it is read. Raises AdobeError."""
        doing = f"read failed records of batch {batch_id}"
        area, path = (
            ("meta", file.path) if file.path.startswith(f"{_ROW_ERRORS}/") else (_FAILED, file.path)
        )
        response = self._platform.request(
            "GET", _path(batch_id, area, path=path), doing, stream=True
        )
        with closing(response):
            if response.status_code == HTTPStatus.NOT_FOUND:
                raise AdobeError(
                    f"Adobe has no file to {doing}", status=HTTPStatus.NOT_FOUND, retryable=False
                )
            reader = LineReader(response.iter_content(LineReader.CHUNK_BYTES), file.length)
            try:
                yield from reader.lines(skip)
            except (requests.RequestException, EOFError) as exc:
                raise AdobeError(
                    f"Adobe's response to {doing} is cut: {type(exc).__name__}",
                    status=None,
                    retryable=True,
                ) from exc

    def _files(self, batch_id: str, area: str, top: str) -> list[FailedFile]:
        """All files in a folder and in those below it, from a bounded number of pages.

        That an entry without bytes can be a folder is not documented, but reported.
        """
        doing = f"list the failed records of batch {batch_id}"
        found: dict[str, FailedFile] = {}
        pages = [(top, 0)]
        for _ in range(_MOST_PAGES):
            if not pages:
                break
            folder, start = pages.pop()
            page, more = self._page(batch_id, area, folder, start, doing)
            files = [file for each in page if (file := _file(each, folder))]
            new = {file.path: file for file in files if file.path not in found}
            found |= new
            pages += [(file.path, 0) for file in new.values() if file.length == 0]
            if more and new:
                pages.append((folder, start + len(page)))
        return [file for file in found.values() if file.length != 0]

    def _page(
        self, batch_id: str, area: str, folder: str, start: int, doing: str
    ) -> tuple[Sequence[Any], bool]:
        """The entries of a page, and whether there may be another."""
        options: dict[str, Any] = {"path": folder} if folder else {}
        if start:
            options |= {"start": start, "limit": _PER_PAGE}
        response = self._platform.request("GET", _path(batch_id, area, **options), doing)
        if response.status_code == HTTPStatus.NOT_FOUND or not response.content:
            return [], False
        document = read_object(response, doing)
        data = document.get("data")
        if not isinstance(data, list):
            return [], False
        limit = _number(_object(document.get("_page")).get("limit")) or _PER_PAGE
        return data, len(data) >= limit or "next" in _object(document.get("_links"))


def _path(batch_id: str, area: str, **options: Any) -> str:
    query = f"?{urlencode(options, quote_via=quote)}" if options else ""
    return f"{_EXPORT}/{quote(batch_id, safe='')}/{area}{query}"


def _batch(batch_id: str, document: Mapping[str, Any]) -> Batch:
    metrics = _object(document.get("metrics"))
    failed = _number(metrics.get("failedRecordCount"))
    return Batch(
        batch_id=batch_id,
        status=str(document.get("status", ""))[:40],
        created=_number(document.get("created")) or 0,
        received=_number(metrics.get("inputRecordCount")),
        ingested=_number(metrics.get("outputRecordCount")),
        failed=_number(document.get("failedRecordCount")) if failed is None else failed,
        codes=_codes(document.get("errors")),
    )


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _codes(errors: object) -> dict[str, int]:
    """The error codes with their numbers of records. Descriptions may quote values."""
    codes: dict[str, int] = {}
    for error in errors[:20] if isinstance(errors, list) else ():
        if isinstance(error, dict) and isinstance(error.get("code"), str):
            code = error["code"][:40]
            codes[code] = codes.get(code, 0) + (_number(error.get("recordCount")) or 0)
    return codes


def _file(entry: object, folder: str) -> FailedFile | None:
    """A file of a list; None for `_SUCCESS` and for other markers."""
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        return None
    name = entry["name"]
    if not name or name.startswith("_"):
        return None
    path = name if not folder or name.startswith(f"{folder}/") else f"{folder}/{name}"
    return FailedFile(path, _number(entry.get("length")))


def _number(value: object) -> int | None:
    """A whole number, which Data Access writes as text; None if it is none."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= 15:  # noqa: PLR2004 (exact as a float)
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if 0 <= value < _MOST_NUMBER else None
